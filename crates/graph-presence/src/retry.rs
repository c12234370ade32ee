//! Decides whether and when a failed attempt is retried. Pure: does not wait and does not send anything.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::StatusCode;

use crate::error::{Error, Result, StopReason};
use crate::transience::Transience;

/// The number of attempts of a request, their backoff, and the deadline.
///
/// Connection errors and the statuses 408, 429, 500, 502, 503 and 504 are retried. The backoff before attempt n+1 is a
/// random fraction (full jitter) of `initial_backoff × 2ⁿ⁻¹`, capped at `max_backoff`. If the response has a
/// `Retry-After` header, the wait is at least its value plus a random fraction of the initial backoff. If the wait
/// would exceed the deadline, the call fails immediately. All clones of a client share a retry budget, so that an
/// outage does not cause a flood of requests: each retry withdraws 5 units from it, and each successful request
/// deposits 1.
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
    /// Returns a policy of 4 attempts within 60 seconds, with a backoff of 500 milliseconds to 20 seconds.
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
    /// Returns a policy of a single attempt.
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first. Defaults to 4. 0 is an error of
    /// [`ClientBuilder::build`](crate::ClientBuilder::build).
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the maximum time from the start of a call to the start of its last attempt. Defaults to 60 seconds.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the maximum backoff before the second attempt. It doubles with each further attempt. Defaults to 500
    /// milliseconds. More than [`max_backoff`](Self::max_backoff) is an error of
    /// [`ClientBuilder::build`](crate::ClientBuilder::build).
    #[must_use]
    pub fn initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// Sets the maximum backoff before any attempt. `Retry-After` may be longer. Defaults to 20 seconds.
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

    /// Decides whether a failed attempt is retried. `jitter` is at least 0 and less than 1.
    pub(crate) fn decide(&self, attempt: &FailedAttempt, is_idempotent: bool, jitter: f64) -> RetryDecision {
        if !attempt.cause.is_retryable(is_idempotent) {
            return RetryDecision::Stop(StopReason::Permanent);
        }
        if attempt.number >= self.max_attempts {
            return RetryDecision::Stop(StopReason::Attempts);
        }
        let wait = self.backoff(attempt.number, attempt.retry_after, jitter);
        if attempt.elapsed.saturating_add(wait) > self.deadline {
            return RetryDecision::Stop(StopReason::Deadline);
        }
        RetryDecision::RetryAfter(wait)
    }

    /// Returns the wait after a number of consecutive failures. `jitter` is at least 0 and less than 1.
    pub(crate) fn backoff(&self, failures: u32, retry_after: Option<Duration>, jitter: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let backoff = self.initial_backoff.saturating_mul(1 << doublings).min(self.max_backoff).mul_f64(jitter);
        match retry_after {
            Some(retry_after) => retry_after.saturating_add(self.initial_backoff.mul_f64(jitter)).max(backoff),
            None => backoff,
        }
    }
}

/// A failed attempt.
#[derive(Debug)]
pub(crate) struct FailedAttempt {
    /// The number of the attempt, from 1.
    pub(crate) number: u32,
    /// The time since the start of the call.
    pub(crate) elapsed: Duration,
    pub(crate) cause: FailureCause,
    pub(crate) retry_after: Option<Duration>,
}

/// The reason why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureCause {
    /// The service responded with this error status.
    Status(StatusCode),
    /// The connection could not be established, and nothing was sent.
    Connect,
    /// The connection broke or timed out before the response was complete.
    Incomplete,
    /// The request cannot be sent or the response cannot be used, and a retry would not change that.
    Permanent,
}

impl FailureCause {
    fn is_retryable(self, is_idempotent: bool) -> bool {
        let was_not_processed = match self {
            Self::Connect => true,
            Self::Incomplete => false,
            Self::Permanent => return false,
            Self::Status(status) => match Transience::of(status) {
                Transience::NotProcessed => true,
                Transience::Retryable => false,
                Transience::Later | Transience::Permanent => return false,
            },
        };
        was_not_processed || is_idempotent
    }
}

/// Whether a failed attempt is retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// Retry after this wait.
    RetryAfter(Duration),
    Stop(StopReason),
}

/// The retry budget that all clones of a client share.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl RetryBudget {
    const MAX_BALANCE: u32 = 500;
    const RETRY_COST: u32 = 5;

    /// Withdraws the cost of a retry. Returns `false` if the balance is too low.
    pub(crate) fn withdraw(&self) -> bool {
        let subtract = |balance: u32| balance.checked_sub(Self::RETRY_COST);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, subtract).is_ok()
    }

    /// Deposits one unit for a successful request.
    pub(crate) fn deposit(&self) {
        let add = |balance: u32| (balance < Self::MAX_BALANCE).then_some(balance + 1);
        // Fails only if the budget is full.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(Self::MAX_BALANCE))
    }
}

#[cfg(test)]
mod tests {
    use super::{FailedAttempt, FailureCause, RetryBudget, RetryDecision, RetryPolicy};
    use crate::error::StopReason;
    use http::StatusCode;
    use std::time::Duration;

    fn status(code: u16) -> FailureCause {
        FailureCause::Status(StatusCode::from_u16(code).unwrap())
    }

    fn attempt(number: u32, cause: FailureCause) -> FailedAttempt {
        FailedAttempt { number, elapsed: Duration::ZERO, cause, retry_after: None }
    }

    #[test]
    fn only_idempotent_operations_are_retried_after_the_service_may_have_acted() {
        let cases = [
            (status(408), true, false),
            (status(429), true, true),
            (status(500), true, false),
            (status(502), true, false),
            (status(503), true, false),
            (status(504), true, false),
            (FailureCause::Connect, true, true),
            (FailureCause::Incomplete, true, false),
            (FailureCause::Permanent, false, false),
            (status(400), false, false),
            (status(401), false, false),
            (status(403), false, false),
            (status(404), false, false),
            (status(409), false, false),
            (status(425), false, false),
            (status(501), false, false),
            (status(307), false, false),
        ];
        for (cause, if_idempotent, if_not_idempotent) in cases {
            for (is_idempotent, retried) in [(true, if_idempotent), (false, if_not_idempotent)] {
                let decision = RetryPolicy::default().decide(&attempt(1, cause), is_idempotent, 0.0);
                let expected = if retried {
                    RetryDecision::RetryAfter(Duration::ZERO)
                } else {
                    RetryDecision::Stop(StopReason::Permanent)
                };
                assert_eq!(decision, expected, "{cause:?}, idempotent: {is_idempotent}");
            }
        }
    }

    #[test]
    fn backoff_doubles_up_to_its_maximum_with_full_jitter() {
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
            let decision = policy.decide(&attempt(number, status(503)), true, jitter);
            assert_eq!(
                decision,
                RetryDecision::RetryAfter(Duration::from_millis(milliseconds)),
                "attempt {number}, jitter {jitter}"
            );
        }
    }

    #[test]
    fn retry_after_is_the_minimum_wait() {
        for (jitter, milliseconds) in [(0.0, 7000), (0.5, 7250), (0.99, 7495)] {
            let failed = FailedAttempt { retry_after: Some(Duration::from_secs(7)), ..attempt(1, status(429)) };
            let decision = RetryPolicy::default().decide(&failed, true, jitter);
            assert_eq!(decision, RetryDecision::RetryAfter(Duration::from_millis(milliseconds)));
        }
    }

    #[test]
    fn a_wait_beyond_the_deadline_stops_the_retries() {
        let cases =
            [(0, 60, true), (0, 61, false), (30, 30, true), (31, 30, false), (61, 0, false), (0, u64::MAX, false)];
        for (elapsed, retry_after, retried) in cases {
            let failed = FailedAttempt {
                elapsed: Duration::from_secs(elapsed),
                retry_after: Some(Duration::from_secs(retry_after)),
                ..attempt(1, status(503))
            };
            let decision = RetryPolicy::default().decide(&failed, true, 0.0);
            assert_eq!(
                matches!(decision, RetryDecision::RetryAfter(_)),
                retried,
                "{elapsed}s elapsed, Retry-After {retry_after}"
            );
            assert!(retried || decision == RetryDecision::Stop(StopReason::Deadline));
        }
    }

    #[test]
    fn max_attempts_includes_the_first_attempt() {
        for (allowed, number, retried) in [(1, 1, false), (2, 1, true), (2, 2, false), (4, 3, true)] {
            let decision =
                RetryPolicy::default().max_attempts(allowed).decide(&attempt(number, status(500)), true, 0.0);
            assert_eq!(matches!(decision, RetryDecision::RetryAfter(_)), retried, "attempt {number} of {allowed}");
            assert!(retried || decision == RetryDecision::Stop(StopReason::Attempts));
        }
    }

    #[test]
    fn settings_out_of_range_are_rejected() {
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
    fn a_retry_costs_five_successful_requests() {
        let budget = RetryBudget::default();
        assert_eq!((0..1000).filter(|_| budget.withdraw()).count(), 100);
        for _ in 0..4 {
            budget.deposit();
        }
        assert!(!budget.withdraw());
        budget.deposit();
        assert!(budget.withdraw());
        assert!(!budget.withdraw());
        (0..10_000).for_each(|_| budget.deposit());
        assert_eq!((0..1000).filter(|_| budget.withdraw()).count(), 100);
    }
}
