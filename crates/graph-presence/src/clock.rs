//! Time, handed in: so that hours of waiting are tested in an instant.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

/// What [`Clock::sleep`] returns.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells the time and waits. A client uses the operating system's unless [`ClientBuilder::clock`] gives it another.
///
/// [`ClientBuilder::clock`]: crate::ClientBuilder::clock
pub trait Clock: Debug + Send + Sync + 'static {
    /// The instant that it is, for dates that the service names.
    fn now(&self) -> Timestamp;

    /// The time since some fixed moment, which never goes back, for lengths of time.
    fn elapsed(&self) -> Duration;

    /// Ends when `duration` has passed.
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
