//! Clocks of the emulator.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

/// The source of the emulator's time.
///
/// Expiry and fading are computed from the clock when a presence is read; the emulator does not need timers for them.
/// Advancing a clock therefore has the same effect as waiting.
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
    /// Returns the current time.
    fn now(&self) -> Timestamp;

    /// Returns the real time until this clock shows `instant`, or `None` if the clock does not run by itself. The
    /// default implementation assumes that the clock runs at the speed of real time.
    ///
    /// The emulator waits this long before it notifies subscribers of a change caused by fading or an expiry. A clock
    /// whose time can jump should return a [`stepped`](Self::stepped) clock, which reports the jumps.
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

    /// Returns the stepped clock that this clock is based on, if any. [`Emulator::advance`](crate::Emulator::advance)
    /// advances it.
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

/// A clock that only moves when it is advanced or set. Clones share the same time.
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
    /// Creates a clock whose time is `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self(watch::Sender::new(start))
    }

    /// Advances the time. Saturates at [`Timestamp::MAX`].
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now = now.checked_add(by).unwrap_or(Timestamp::MAX));
    }

    /// Sets the time, forward or backward.
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

/// Waits for an instant of any kind of clock.
pub(crate) struct ClockTimer {
    /// The time of a stepped clock; `None` for a running clock.
    steps: Option<watch::Receiver<Timestamp>>,
}

impl ClockTimer {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self { steps: clock.stepped().map(|clock| clock.0.subscribe()) }
    }

    /// Waits until a stepped clock has moved since the last call, or until a running clock may show `instant`, for at
    /// most `max_wait`.
    pub(crate) async fn wait(&mut self, clock: &dyn Clock, instant: Option<Timestamp>, max_wait: Duration) {
        let Some(steps) = &mut self.steps else {
            let time = instant.and_then(|instant| clock.time_until(instant));
            return tokio::time::sleep(time.map_or(max_wait, |time| time.min(max_wait))).await;
        };
        if steps.changed().await.is_err() {
            // The clock was dropped, so it does not move again.
            std::future::pending::<()>().await;
        }
    }
}

/// A clock that starts at a given time and runs faster than real time by a constant factor.
///
/// ```
/// use std::num::NonZeroU32;
/// use graph_presence_emulator::{Clock, ScaledClock};
///
/// let start = "2026-01-01T09:00:00Z".parse()?;
/// let clock = ScaledClock::new(start, NonZeroU32::new(60).ok_or("zero factor")?);
/// assert!(clock.now() >= start);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ScaledClock {
    start: Timestamp,
    started: Instant,
    factor: NonZeroU32,
}

impl ScaledClock {
    /// Creates a clock that shows `start` now and runs `factor` times as fast as real time.
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
