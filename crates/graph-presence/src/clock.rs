//! The clock, which tests replace so that hours of waiting take an instant.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

/// The future of [`Clock::sleep`].
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A clock and its timer. A client uses the operating system's unless [`ClientBuilder::clock`] sets another.
///
/// [`ClientBuilder::clock`]: crate::ClientBuilder::clock
pub trait Clock: Debug + Send + Sync + 'static {
    /// Returns the current instant, for dates that the service sends.
    fn now(&self) -> Timestamp;

    /// Returns the time since some fixed moment, which never decreases, for durations.
    fn elapsed(&self) -> Duration;

    /// Waits until `duration` has passed.
    fn sleep(&self, duration: Duration) -> Sleep<'_>;
}

/// The operating system's time, and tokio's timer.
#[derive(Debug)]
pub(crate) struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(duration))
    }
}
