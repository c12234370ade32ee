//! Where the emulator takes the time from.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Tells the emulator what time it is.
///
/// Expiry and fading are computed from this when a presence is read; the emulator has no timers. Time that jumps is
/// therefore as good as time that passes.
///
/// ```
/// use graph_presence_emulator::{Clock, SystemClock};
///
/// #[derive(Debug)]
/// struct AnHourAhead;
///
/// impl Clock for AnHourAhead {
///     fn now(&self) -> jiff::Timestamp {
///         SystemClock.now() + std::time::Duration::from_secs(3_600)
///     }
/// }
/// assert!(AnHourAhead.now() > SystemClock.now());
/// ```
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// The clock that stands still behind this one, if there is one: it is what
    /// [`Emulator::advance`](crate::Emulator::advance) advances.
    fn stepped(&self) -> Option<&SteppedClock> {
        None
    }
}

/// The clock of the operating system.
///
/// ```
/// use graph_presence_emulator::{Clock, SystemClock};
///
/// assert!(SystemClock.now() > jiff::Timestamp::UNIX_EPOCH);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is advanced. Clones show the same time.
///
/// ```
/// use std::time::Duration;
/// use graph_presence_emulator::{Clock, SteppedClock};
///
/// let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse()?);
/// clock.advance(Duration::from_secs(300));
/// assert_eq!(clock.now().to_string(), "2026-01-01T09:05:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SteppedClock(Arc<Mutex<Timestamp>>);

impl SteppedClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(start)))
    }

    /// Moves the time forward. It stops at the last instant that can be told.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(by).unwrap_or(Timestamp::MAX);
    }

    /// Sets the time, forward or back.
    ///
    /// ```
    /// use graph_presence_emulator::{Clock, SteppedClock};
    ///
    /// let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse()?);
    /// clock.set("2025-12-31T23:59:59Z".parse()?);
    /// assert_eq!(clock.now().to_string(), "2025-12-31T23:59:59Z");
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn set(&self, to: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl Clock for SteppedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stepped(&self) -> Option<&SteppedClock> {
        Some(self)
    }
}

/// A clock that starts at an instant and runs a number of times faster than the operating system's.
///
/// ```
/// use std::num::NonZeroU32;
/// use graph_presence_emulator::{Clock, ScaledClock};
///
/// let start = "2026-01-01T09:00:00Z".parse()?;
/// let an_hour_a_minute = ScaledClock::new(start, NonZeroU32::new(60).ok_or("no factor")?);
/// assert!(an_hour_a_minute.now() >= start);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ScaledClock {
    start: Timestamp,
    started: Instant,
    factor: NonZeroU32,
}

impl ScaledClock {
    /// A clock that shows `start` now, and then runs `factor` times as fast as time.
    #[must_use]
    pub fn new(start: Timestamp, factor: NonZeroU32) -> Self {
        Self { start, started: Instant::now(), factor }
    }
}

impl Clock for ScaledClock {
    fn now(&self) -> Timestamp {
        let passed = self.started.elapsed().saturating_mul(self.factor.get());
        self.start.checked_add(passed).unwrap_or(Timestamp::MAX)
    }
}
