//! When a failed attempt is followed by another: arithmetic, without waiting.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::StatusCode;

/// How often and how long a call is tried.
///
/// What may pass is tried again: 408, 429, 500, 502, 503, 504 and faults of the connection. The wait before attempt n+1 is
/// a random part of `first wait × 2ⁿ⁻¹`, never more than the longest wait; where the service says how long to wait
/// (`Retry-After`), it is at least that and a random part of the first wait. A wait that would pass the deadline is not begun: the
/// call fails at once. All clones of a client share a budget, so that an outage is not answered with a flood: a retry
/// costs five successes.
///
/// Setting a presence again restarts its expiration. Creating a subscription is tried again only if the service cannot
/// have acted on the first attempt.
///
/// ```
/// use std::time::Duration;
/// use graph_presence::RetryPolicy;
///
/// let patient = RetryPolicy::default().attempts(8).deadline(Duration::from_secs(300));
/// assert_ne!(patient, RetryPolicy::none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    deadline: Duration,
    first_wait: Duration,
    longest_wait: Duration,
}

impl Default for RetryPolicy {
    /// 4 attempts within 60 seconds, waiting 500 milliseconds at first and 20 seconds at most.
    fn default() -> Self {
        Self {
            attempts: 4,
            deadline: Duration::from_secs(60),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    /// One attempt, and no more.
    #[must_use]
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// How many attempts a call has, the first included; at least one is made.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How long after the call began the last attempt may begin.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The most that is waited before the second attempt where the service does not say; it doubles each time.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The most that is ever waited where the service does not say.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// What follows a failed attempt. `chance` is at least 0 and less than 1.
    pub(crate) fn next(&self, failed: &Attempt, class: Class, chance: f64) -> Next {
        if !failed.fault.may_pass(class) {
            return Next::Stop(Stop::Lasting);
        }
        if failed.number >= self.attempts {
            return Next::Stop(Stop::Attempts);
        }
        let wait = self.wait(failed.number, failed.retry_after, chance);
        if failed.elapsed.saturating_add(wait) > self.deadline {
            return Next::Stop(Stop::Deadline);
        }
        Next::Wait(wait)
    }

    /// How long to wait after so many failures in a row. `chance` is at least 0 and less than 1.
    pub(crate) fn wait(&self, failures: u32, retry_after: Option<Duration>, chance: f64) -> Duration {
        let chance = part(chance);
        let doublings = failures.saturating_sub(1).min(31);
        let own = self.first_wait.saturating_mul(1 << doublings).min(self.longest_wait).mul_f64(chance);
        match retry_after {
            Some(floor) => floor.saturating_add(self.first_wait.mul_f64(chance)).max(own),
            None => own,
        }
    }
}

/// What was handed in as chance, as a part of a whole that is at least 0 and less than 1.
pub(crate) fn part(chance: f64) -> f64 {
    if chance.is_finite() { chance.clamp(0.0, 0.999_999) } else { 0.0 }
}

/// An attempt that failed.
#[derive(Debug)]
pub(crate) struct Attempt {
    /// 1 for the first.
    pub(crate) number: u32,
    /// Since the call began.
    pub(crate) elapsed: Duration,
    pub(crate) fault: Fault,
    pub(crate) retry_after: Option<Duration>,
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The service answered so.
    Status(StatusCode),
    /// No connection came about, so nothing was sent.
    Unconnected,
    /// The connection broke, or took too long, before the whole answer came.
    Broken,
    /// What came cannot be used, and would come again.
    Unusable,
}

/// Whether an operation may be carried out twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Twice is as good as once.
    Idempotent,
    /// Twice is an error or a second thing.
    Once,
}

impl Fault {
    fn may_pass(self, class: Class) -> bool {
        match (self, class) {
            (Self::Unconnected | Self::Status(StatusCode::TOO_MANY_REQUESTS), _) => true,
            (Self::Broken, class) => class == Class::Idempotent,
            (Self::Status(status), Class::Idempotent) => matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504),
            (Self::Status(_), Class::Once) | (Self::Unusable, _) => false,
        }
    }
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Wait(Duration),
    Stop(Stop),
}

/// Why there is no further attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It would fail again.
    Lasting,
    /// There were as many as allowed.
    Attempts,
    /// The next one would be too late.
    Deadline,
    /// Too many calls failed lately.
    Budget,
}

/// What all clones of a client may spend on retries.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl RetryBudget {
    const FULL: u32 = 500;
    const RETRY: u32 = 5;

    /// Pays for a retry; `false` if there is too little left.
    pub(crate) fn spend(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(Self::RETRY)).is_ok()
    }

    /// A success pays back.
    pub(crate) fn earn(&self) {
        let more = |left: u32| (left < Self::FULL).then_some(left + 1);
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Class, Fault, Next, RetryBudget, RetryPolicy, Stop};
    use http::StatusCode;
    use std::time::Duration;

    fn status(code: u16) -> Fault {
        Fault::Status(StatusCode::from_u16(code).unwrap())
    }

    fn attempt(number: u32, fault: Fault) -> Attempt {
        Attempt { number, elapsed: Duration::ZERO, fault, retry_after: None }
    }

    #[test]
    fn what_may_pass_is_tried_again_by_class_of_operation() {
        let cases = [
            (status(408), true, false),
            (status(429), true, true),
            (status(500), true, false),
            (status(502), true, false),
            (status(503), true, false),
            (status(504), true, false),
            (Fault::Unconnected, true, true),
            (Fault::Broken, true, false),
            (Fault::Unusable, false, false),
            (status(400), false, false),
            (status(401), false, false),
            (status(403), false, false),
            (status(404), false, false),
            (status(409), false, false),
            (status(501), false, false),
            (status(307), false, false),
        ];
        for (fault, idempotent, once) in cases {
            for (class, retried) in [(Class::Idempotent, idempotent), (Class::Once, once)] {
                let next = RetryPolicy::default().next(&attempt(1, fault), class, 0.0);
                let expected = if retried { Next::Wait(Duration::ZERO) } else { Next::Stop(Stop::Lasting) };
                assert_eq!(next, expected, "{fault:?} {class:?}");
            }
        }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_are_a_random_part() {
        let policy = RetryPolicy::default().attempts(u32::MAX);
        let cases = [
            (1, 0.5, 250),
            (2, 0.5, 500),
            (3, 0.5, 1000),
            (6, 0.5, 8000),
            (7, 0.5, 10_000),
            (4_000_000, 0.25, 5000),
            (3, 0.0, 0),
        ];
        for (number, chance, milliseconds) in cases {
            let next = policy.next(&attempt(number, status(503)), Class::Idempotent, chance);
            assert_eq!(next, Next::Wait(Duration::from_millis(milliseconds)), "attempt {number}, chance {chance}");
        }
    }

    #[test]
    fn the_services_own_wait_is_a_floor() {
        for (chance, milliseconds) in [(0.0, 7000), (0.5, 7250), (0.99, 7495)] {
            let failed = Attempt { retry_after: Some(Duration::from_secs(7)), ..attempt(1, status(429)) };
            let next = RetryPolicy::default().next(&failed, Class::Idempotent, chance);
            assert_eq!(next, Next::Wait(Duration::from_millis(milliseconds)));
        }
    }

    #[test]
    fn a_wait_that_would_pass_the_deadline_is_not_begun() {
        let cases =
            [(0, 60, true), (0, 61, false), (30, 30, true), (31, 30, false), (61, 0, false), (0, u64::MAX, false)];
        for (elapsed, asked, begun) in cases {
            let failed = Attempt {
                elapsed: Duration::from_secs(elapsed),
                retry_after: Some(Duration::from_secs(asked)),
                ..attempt(1, status(503))
            };
            let next = RetryPolicy::default().next(&failed, Class::Idempotent, 0.0);
            assert_eq!(matches!(next, Next::Wait(_)), begun, "{elapsed} {asked}");
            assert!(begun || next == Next::Stop(Stop::Deadline));
        }
    }

    #[test]
    fn attempts_are_counted_from_the_first() {
        for (allowed, number, again) in [(0, 1, false), (1, 1, false), (2, 1, true), (2, 2, false), (4, 3, true)] {
            let next =
                RetryPolicy::default().attempts(allowed).next(&attempt(number, status(500)), Class::Idempotent, 0.0);
            assert_eq!(matches!(next, Next::Wait(_)), again, "{number} of {allowed}");
            assert!(again || next == Next::Stop(Stop::Attempts));
        }
    }

    #[test]
    fn a_retry_costs_five_successes() {
        let budget = RetryBudget::default();
        assert_eq!((0..1000).filter(|_| budget.spend()).count(), 100);
        for _ in 0..4 {
            budget.earn();
        }
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend());
        assert!(!budget.spend());
        (0..10_000).for_each(|_| budget.earn());
        assert_eq!((0..1000).filter(|_| budget.spend()).count(), 100);
    }
}
