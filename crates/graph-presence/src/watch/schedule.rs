//! Decides when the next call may be sent. Pure: does not wait and does not send anything. Times are those of the
//! client's monotonic clock.

use std::time::Duration;

/// The maximum number of concurrent calls. After a failure it is 1, until a call succeeds.
const CONCURRENCY: usize = 4;

/// The minimum pause after a failure. The backoff has jitter and may be zero.
const MIN_PAUSE: Duration = Duration::from_millis(100);

/// The maximum pause after a failure, however long `Retry-After` is, because a watch must not stop forever.
const MAX_PAUSE: Duration = Duration::from_hours(1);

/// The schedule of polls, and of the pauses after failures.
#[derive(Debug)]
pub(super) struct PollSchedule {
    interval: Duration,
    next_poll: Duration,
    paused_until: Duration,
    /// The number of consecutive failures.
    failures: u32,
}

impl PollSchedule {
    /// Creates a schedule whose first poll is due immediately.
    pub(super) fn new(interval: Duration) -> Self {
        Self { interval, next_poll: Duration::ZERO, paused_until: Duration::ZERO, failures: 0 }
    }

    /// Returns `true` if another call may not start while `in_flight` calls are in flight.
    pub(super) fn is_full(&self, in_flight: usize) -> bool {
        in_flight >= if self.failures == 0 { CONCURRENCY } else { 1 }
    }

    /// Returns the rest of the pause after a failure, or `None` if calls may be sent.
    pub(super) fn pause(&self, now: Duration) -> Option<Duration> {
        self.paused_until.checked_sub(now).filter(|pause| !pause.is_zero())
    }

    /// Returns the time until the next poll is due, or `None` if it is due now.
    pub(super) fn until_next_poll(&self, now: Duration) -> Option<Duration> {
        self.next_poll.checked_sub(now).filter(|rest| !rest.is_zero())
    }

    pub(super) fn begin_poll(&mut self, now: Duration) {
        self.next_poll = now.saturating_add(self.interval);
    }

    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// Pauses calls for the policy's `backoff`, which depends on the number of consecutive failures.
    pub(super) fn failed(&mut self, now: Duration, backoff: impl FnOnce(u32) -> Duration) {
        self.failures = self.failures.saturating_add(1);
        let pause = backoff(self.failures).clamp(MIN_PAUSE, MAX_PAUSE);
        self.paused_until = self.paused_until.max(now.saturating_add(pause));
    }
}
