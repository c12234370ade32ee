//! The clock, which tests replace to run in virtual time.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

/// The future of [`Clock::sleep`].
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A clock and its timer. Defaults to the operating system's clock and tokio's timer; [`ClientBuilder::clock`] sets
/// another.
///
/// [`ClientBuilder::clock`]: crate::ClientBuilder::clock
pub trait Clock: Debug + Send + Sync + 'static {
    /// Returns the current time, which is compared with times of the service.
    fn now(&self) -> Timestamp;

    /// Returns the monotonic time since a fixed, arbitrary moment, for measuring durations.
    fn elapsed(&self) -> Duration;

    /// Waits until `duration` has passed.
    fn sleep(&self, duration: Duration) -> Sleep<'_>;
}

/// The operating system's clock and tokio's timer.
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
