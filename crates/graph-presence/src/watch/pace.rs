//! When the next call may go out: arithmetic, without waiting. Instants are the client's clock's.

use std::time::Duration;

/// Calls under way at the same time. While calls fail there is one, to see whether the service is back.
const AT_ONCE: usize = 4;

/// Also by chance no failure is followed by a call at once.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// What goes on for ever must not stop for ever, however long the service asks to wait.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// What paces the sweeps.
#[derive(Debug)]
pub(super) struct Pace {
    every: Duration,
    next_sweep: Duration,
    paused_until: Duration,
    /// Since the last success.
    failures: u32,
}

impl Pace {
    /// The first sweep may begin at once.
    pub(super) fn new(every: Duration) -> Self {
        Self { every, next_sweep: Duration::ZERO, paused_until: Duration::ZERO, failures: 0 }
    }

    /// Whether there are so many calls under way that none may join them.
    pub(super) fn is_full(&self, under_way: usize) -> bool {
        under_way >= if self.failures == 0 { AT_ONCE } else { 1 }
    }

    /// How long no call may go out.
    pub(super) fn pause(&self, now: Duration) -> Option<Duration> {
        self.paused_until.checked_sub(now).filter(|pause| !pause.is_zero())
    }

    /// How long it is until the next sweep.
    pub(super) fn rest(&self, now: Duration) -> Option<Duration> {
        self.next_sweep.checked_sub(now).filter(|rest| !rest.is_zero())
    }

    pub(super) fn begin_sweep(&mut self, now: Duration) {
        self.next_sweep = now.saturating_add(self.every);
    }

    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// Takes in a failure, after which `wait` (of the failures in a row) is what the policy has one wait.
    pub(super) fn failed(&mut self, now: Duration, wait: impl FnOnce(u32) -> Duration) {
        self.failures = self.failures.saturating_add(1);
        let pause = wait(self.failures).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        self.paused_until = self.paused_until.max(now.saturating_add(pause));
    }
}
