//! Where the emulator takes the time from.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

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

    /// How long it takes, by the time of the operating system, until this clock shows `instant`; `None` when it does not
    /// by itself. By default the clock runs as fast as time.
    ///
    /// What time changes is told to subscribers after this long: a clock that jumps should have a
    /// [stepped](Self::stepped) one behind it, which tells of its jumps.
    ///
    /// ```
    /// use std::time::Duration;
    /// use graph_presence_emulator::{Clock, SteppedClock, SystemClock};
    ///
    /// let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse()?);
    /// assert_eq!(clock.time_until(clock.now() + Duration::from_secs(1)), None);
    /// assert_eq!(SystemClock.time_until("2026-01-01T09:00:00Z".parse()?), Some(Duration::ZERO));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    fn time_until(&self, instant: Timestamp) -> Option<Duration> {
        Some(until(self.now(), instant))
    }

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

fn until(now: Timestamp, instant: Timestamp) -> Duration {
    Duration::try_from(instant.duration_since(now)).unwrap_or_default()
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
pub struct SteppedClock(watch::Sender<Timestamp>);

impl SteppedClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self(watch::Sender::new(start))
    }

    /// Moves the time forward. It stops at the last instant that can be told.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now = now.checked_add(by).unwrap_or(Timestamp::MAX));
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
        self.0.send_replace(to);
    }
}

impl Clock for SteppedClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn time_until(&self, instant: Timestamp) -> Option<Duration> {
        (instant <= self.now()).then_some(Duration::ZERO)
    }

    fn stepped(&self) -> Option<&SteppedClock> {
        Some(self)
    }
}

/// Waits for a clock, of whatever kind it is.
pub(crate) struct Alarm {
    /// Of a clock that stands still.
    steps: Option<watch::Receiver<Timestamp>>,
}

impl Alarm {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self { steps: clock.stepped().map(|clock| clock.0.subscribe()) }
    }

    /// Returns when a clock that stands still was moved since the last time, or when one that runs may show `instant`, but
    /// after `longest` at the latest.
    pub(crate) async fn wait(&mut self, clock: &dyn Clock, instant: Option<Timestamp>, longest: Duration) {
        let Some(steps) = &mut self.steps else {
            let time = instant.and_then(|instant| clock.time_until(instant));
            return tokio::time::sleep(time.map_or(longest, |time| time.min(longest))).await;
        };
        if steps.changed().await.is_err() {
            // The clock is gone, and will not move again.
            std::future::pending::<()>().await;
        }
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

    fn time_until(&self, instant: Timestamp) -> Option<Duration> {
        Some(until(self.now(), instant) / self.factor.get())
    }
}
