//! When the next call may be sent: pure arithmetic, without waiting. Instants are those of the client's clock.

use std::time::Duration;

/// Concurrent calls. While calls fail there is one, which probes whether the service is back.
const CONCURRENCY: usize = 4;

/// The backoff has jitter, which may be zero: a failure is never followed by an immediate call.
const MIN_PAUSE: Duration = Duration::from_millis(100);

/// A watch has no end, so that it must not stop for ever, however long `Retry-After` is.
const MAX_PAUSE: Duration = Duration::from_hours(1);

/// Decides when polls begin, and how long calls pause after a failure.
#[derive(Debug)]
pub(super) struct PollSchedule {
    interval: Duration,
    next_poll: Duration,
    paused_until: Duration,
    /// Since the last success.
    failures: u32,
}

impl PollSchedule {
    /// The first poll may begin immediately.
    pub(super) fn new(interval: Duration) -> Self {
        Self { interval, next_poll: Duration::ZERO, paused_until: Duration::ZERO, failures: 0 }
    }

    /// Returns whether no further call may start beside those in flight.
    pub(super) fn is_full(&self, in_flight: usize) -> bool {
        in_flight >= if self.failures == 0 { CONCURRENCY } else { 1 }
    }

    /// Returns how long calls still pause after a failure.
    pub(super) fn pause(&self, now: Duration) -> Option<Duration> {
        self.paused_until.checked_sub(now).filter(|pause| !pause.is_zero())
    }

    /// Returns the time until the next poll.
    pub(super) fn until_next_poll(&self, now: Duration) -> Option<Duration> {
        self.next_poll.checked_sub(now).filter(|rest| !rest.is_zero())
    }

    pub(super) fn begin_poll(&mut self, now: Duration) {
        self.next_poll = now.saturating_add(self.interval);
    }

    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// Pauses calls by the policy's `backoff`, which depends on the number of consecutive failures.
    pub(super) fn failed(&mut self, now: Duration, backoff: impl FnOnce(u32) -> Duration) {
        self.failures = self.failures.saturating_add(1);
        let pause = backoff(self.failures).clamp(MIN_PAUSE, MAX_PAUSE);
        self.paused_until = self.paused_until.max(now.saturating_add(pause));
    }
}
