//! Whether a failed attempt is followed by another, and when: arithmetic, without waiting.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::StatusCode;

use crate::error::{Error, Result, Stop};
use crate::transience::Transience;

/// How often a request is attempted, and for how long.
///
/// Transient errors are retried: 408, 429, 500, 502, 503, 504 and connection errors. The wait before attempt n+1 is a random
/// fraction (full jitter) of `initial_backoff × 2ⁿ⁻¹`, at most of `max_backoff`; if the service asks for a wait
/// (`Retry-After`), it is at least that and a random fraction of the initial backoff. If the wait would exceed the deadline,
/// the call fails at once. All clones of a client share a retry budget, so that an outage does not cause a flood of requests:
/// a retry costs as much as five successful requests earn.
///
/// Setting a presence again restarts its expiration. Creating a subscription is retried only if the service cannot have
/// acted on the first attempt.
///
/// ```
/// use std::time::Duration;
/// use graph_presence::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(8).deadline(Duration::from_secs(300));
/// assert_ne!(patient, RetryPolicy::none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    deadline: Duration,
    initial_backoff: Duration,
    max_backoff: Duration,
}

impl Default for RetryPolicy {
    /// Returns 4 attempts within 60 seconds, with a backoff from 500 milliseconds to 20 seconds.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            deadline: Duration::from_secs(60),
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    /// Returns the policy of a single attempt.
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the number of attempts, the first included. 0 is an error when the client is built.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the time after the start of a call until which another attempt may begin.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the longest wait before the second attempt, which doubles with each further attempt. More than
    /// [`max_backoff`](Self::max_backoff) is an error when the client is built.
    #[must_use]
    pub fn initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// Sets the longest wait before any attempt, unless the service asks for a longer one.
    #[must_use]
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Returns an error if a setting is out of its range.
    pub(crate) fn check(&self) -> Result<()> {
        if self.max_attempts == 0 {
            return Err(Error::out_of_range("max_attempts", self.max_attempts, "at least 1"));
        }
        if self.initial_backoff > self.max_backoff {
            let value = format_args!("{:?}", self.initial_backoff);
            let allowed = format_args!("at most the max_backoff of {:?}", self.max_backoff);
            return Err(Error::out_of_range("initial_backoff", value, allowed));
        }
        Ok(())
    }

    /// Returns what follows a failed attempt of an operation. `jitter` is at least 0 and less than 1.
    pub(crate) fn next(&self, attempt: &Attempt, is_idempotent: bool, jitter: f64) -> Next {
        if !attempt.failure.is_retryable(is_idempotent) {
            return Next::Stop(Stop::Permanent);
        }
        if attempt.number >= self.max_attempts {
            return Next::Stop(Stop::Attempts);
        }
        let wait = self.backoff(attempt.number, attempt.retry_after, jitter);
        if attempt.elapsed.saturating_add(wait) > self.deadline {
            return Next::Stop(Stop::Deadline);
        }
        Next::Wait(wait)
    }

    /// Returns the wait after a number of failures in a row. `jitter` is at least 0 and less than 1.
    pub(crate) fn backoff(&self, failures: u32, retry_after: Option<Duration>, jitter: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let backoff = self.initial_backoff.saturating_mul(1 << doublings).min(self.max_backoff).mul_f64(jitter);
        match retry_after {
            Some(asked) => asked.saturating_add(self.initial_backoff.mul_f64(jitter)).max(backoff),
            None => backoff,
        }
    }
}

/// A failed attempt.
#[derive(Debug)]
pub(crate) struct Attempt {
    /// 1 for the first.
    pub(crate) number: u32,
    /// Since the start of the call.
    pub(crate) elapsed: Duration,
    pub(crate) failure: Failure,
    pub(crate) retry_after: Option<Duration>,
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The service responded with this error status.
    Status(StatusCode),
    /// The connection was not established, so that nothing was sent.
    Connect,
    /// The connection broke or timed out before the response was complete.
    Incomplete,
    /// The response cannot be used, and another one would be the same.
    Unusable,
}

impl Failure {
    fn is_retryable(self, is_idempotent: bool) -> bool {
        let was_not_processed = match self {
            Self::Connect => true,
            Self::Incomplete => false,
            Self::Unusable => return false,
            Self::Status(status) => match Transience::of(status) {
                Transience::NotProcessed => true,
                Transience::Retryable => false,
                Transience::Later | Transience::Permanent => return false,
            },
        };
        was_not_processed || is_idempotent
    }
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Wait(Duration),
    Stop(Stop),
}

/// The retries that all clones of a client share.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl RetryBudget {
    const FULL: u32 = 500;
    const RETRY: u32 = 5;

    /// Takes the cost of a retry, or returns `false` if too little is left.
    pub(crate) fn spend(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(Self::RETRY)).is_ok()
    }

    /// Adds what a successful request earns.
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
    use super::{Attempt, Failure, Next, RetryBudget, RetryPolicy};
    use crate::error::Stop;
    use http::StatusCode;
    use std::time::Duration;

    fn status(code: u16) -> Failure {
        Failure::Status(StatusCode::from_u16(code).unwrap())
    }

    fn attempt(number: u32, failure: Failure) -> Attempt {
        Attempt { number, elapsed: Duration::ZERO, failure, retry_after: None }
    }

    #[test]
    fn transient_errors_are_retried_by_idempotence_of_the_operation() {
        let cases = [
            (status(408), true, false),
            (status(429), true, true),
            (status(500), true, false),
            (status(502), true, false),
            (status(503), true, false),
            (status(504), true, false),
            (Failure::Connect, true, true),
            (Failure::Incomplete, true, false),
            (Failure::Unusable, false, false),
            (status(400), false, false),
            (status(401), false, false),
            (status(403), false, false),
            (status(404), false, false),
            (status(409), false, false),
            (status(425), false, false),
            (status(501), false, false),
            (status(307), false, false),
        ];
        for (failure, idempotent, once) in cases {
            for (is_idempotent, retried) in [(true, idempotent), (false, once)] {
                let next = RetryPolicy::default().next(&attempt(1, failure), is_idempotent, 0.0);
                let expected = if retried { Next::Wait(Duration::ZERO) } else { Next::Stop(Stop::Permanent) };
                assert_eq!(next, expected, "{failure:?} {is_idempotent}");
            }
        }
    }

    #[test]
    fn the_backoff_doubles_up_to_its_maximum_with_full_jitter() {
        let policy = RetryPolicy::default().max_attempts(u32::MAX);
        let cases = [
            (1, 0.5, 250),
            (2, 0.5, 500),
            (3, 0.5, 1000),
            (6, 0.5, 8000),
            (7, 0.5, 10_000),
            (4_000_000, 0.25, 5000),
            (3, 0.0, 0),
        ];
        for (number, jitter, milliseconds) in cases {
            let next = policy.next(&attempt(number, status(503)), true, jitter);
            assert_eq!(next, Next::Wait(Duration::from_millis(milliseconds)), "attempt {number}, jitter {jitter}");
        }
    }

    #[test]
    fn retry_after_is_the_shortest_wait() {
        for (jitter, milliseconds) in [(0.0, 7000), (0.5, 7250), (0.99, 7495)] {
            let failed = Attempt { retry_after: Some(Duration::from_secs(7)), ..attempt(1, status(429)) };
            let next = RetryPolicy::default().next(&failed, true, jitter);
            assert_eq!(next, Next::Wait(Duration::from_millis(milliseconds)));
        }
    }

    #[test]
    fn a_wait_that_would_exceed_the_deadline_does_not_begin() {
        let cases =
            [(0, 60, true), (0, 61, false), (30, 30, true), (31, 30, false), (61, 0, false), (0, u64::MAX, false)];
        for (elapsed, asked, begun) in cases {
            let failed = Attempt {
                elapsed: Duration::from_secs(elapsed),
                retry_after: Some(Duration::from_secs(asked)),
                ..attempt(1, status(503))
            };
            let next = RetryPolicy::default().next(&failed, true, 0.0);
            assert_eq!(matches!(next, Next::Wait(_)), begun, "{elapsed} {asked}");
            assert!(begun || next == Next::Stop(Stop::Deadline));
        }
    }

    #[test]
    fn attempts_are_counted_from_the_first() {
        for (allowed, number, again) in [(1, 1, false), (2, 1, true), (2, 2, false), (4, 3, true)] {
            let next = RetryPolicy::default().max_attempts(allowed).next(&attempt(number, status(500)), true, 0.0);
            assert_eq!(matches!(next, Next::Wait(_)), again, "{number} of {allowed}");
            assert!(again || next == Next::Stop(Stop::Attempts));
        }
    }

    #[test]
    fn settings_out_of_range_are_errors_with_value_and_range() {
        let default = RetryPolicy::default();
        let too_long = default.initial_backoff(Duration::from_secs(21));
        let cases = [
            (default.max_attempts(0), "max_attempts out of range: 0 (allowed: at least 1)"),
            (too_long, "initial_backoff out of range: 21s (allowed: at most the max_backoff of 20s)"),
        ];
        for (policy, message) in cases {
            assert_eq!(policy.check().unwrap_err().to_string(), message);
        }
        for policy in
            [default, RetryPolicy::none(), default.max_attempts(u32::MAX), default.initial_backoff(Duration::ZERO)]
        {
            policy.check().unwrap();
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
