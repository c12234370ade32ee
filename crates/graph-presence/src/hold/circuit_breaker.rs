//! The circuit breaker of all renewals. Pure: does not wait and does not send anything.

use std::time::Duration;

/// The number of consecutive failures, of different users, after which the service counts as unavailable and the
/// breaker opens.
const FAILURE_THRESHOLD: u32 = 8;
/// The maximum number of concurrent requests while the breaker is half-open. More than one, because a request may never
/// get a response.
const MAX_PROBES: usize = 2;

/// Stops all renewals while the service is unavailable, except for a few probes that detect when it is available
/// again.
#[derive(Debug, Default)]
pub(super) struct CircuitBreaker {
    /// The number of consecutive failures, of different users.
    failures: u32,
    /// The number of times that the breaker opened since the last success.
    openings: u32,
    open_until: Duration,
}

/// The state of a circuit breaker at a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// All requests are sent.
    Closed,
    /// Requests are not sent.
    Open,
    /// A few requests are sent; a success closes the breaker, and a failure opens it again.
    HalfOpen,
}

impl CircuitBreaker {
    fn state(&self, now: Duration) -> State {
        if now < self.open_until {
            State::Open
        } else if self.has_tripped() {
            State::HalfOpen
        } else {
            State::Closed
        }
    }

    /// Returns `true` from the failure that opened the breaker until the next success.
    pub(super) fn has_tripped(&self) -> bool {
        self.failures >= FAILURE_THRESHOLD
    }

    /// Returns `true` if another request may be sent while `in_flight` requests are in flight.
    pub(super) fn allows(&self, now: Duration, in_flight: usize) -> bool {
        match self.state(now) {
            State::Closed => true,
            State::Open => false,
            State::HalfOpen => in_flight < MAX_PROBES,
        }
    }

    /// Returns the time until which the breaker is open.
    pub(super) fn open_until(&self) -> Duration {
        self.open_until
    }

    /// Closes the breaker. A wait that the service has requested (`Retry-After`) still applies.
    pub(super) fn record_success(&mut self) {
        self.failures = 0;
        self.openings = 0;
    }

    /// Counts a failure, and opens the breaker if the threshold is reached, for the backoff of the number of
    /// consecutive openings. While the breaker is open, failures of requests in flight do not prolong it.
    pub(super) fn record_failure(&mut self, now: Duration, backoff: impl Fn(u32) -> Duration) {
        self.failures = self.failures.saturating_add(1);
        if self.state(now) == State::HalfOpen {
            self.openings = self.openings.saturating_add(1);
            self.open_until = now.saturating_add(backoff(self.openings));
        }
    }

    /// Opens the breaker at least until `time`, regardless of failures, because the service throttles the application.
    pub(super) fn open_at_least_until(&mut self, time: Duration) {
        self.open_until = self.open_until.max(time);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{CircuitBreaker, FAILURE_THRESHOLD, MAX_PROBES, State};

    const SECOND: Duration = Duration::from_secs(1);

    fn tripped(now: Duration) -> CircuitBreaker {
        let mut breaker = CircuitBreaker::default();
        (0..FAILURE_THRESHOLD).for_each(|_| breaker.record_failure(now, |openings| openings * SECOND));
        breaker
    }

    #[test]
    fn breaker_opens_when_the_threshold_is_reached() {
        let mut breaker = CircuitBreaker::default();
        (1..FAILURE_THRESHOLD).for_each(|_| breaker.record_failure(SECOND, |_| SECOND));
        assert_eq!(breaker.state(SECOND), State::Closed);
        assert!(breaker.allows(SECOND, usize::MAX));
        breaker.record_failure(SECOND, |_| SECOND);
        assert_eq!(breaker.state(SECOND), State::Open);
        assert!(!breaker.allows(SECOND, 0));
    }

    #[test]
    fn breaker_is_half_open_after_the_backoff() {
        let breaker = tripped(SECOND);
        assert_eq!(breaker.open_until(), 2 * SECOND);
        assert_eq!(breaker.state(2 * SECOND), State::HalfOpen);
        assert!(breaker.allows(2 * SECOND, MAX_PROBES - 1));
        assert!(!breaker.allows(2 * SECOND, MAX_PROBES));
    }

    #[test]
    fn success_closes_the_breaker_and_repeated_failure_increases_the_backoff() {
        let mut breaker = tripped(SECOND);
        breaker.record_failure(2 * SECOND, |openings| openings * SECOND);
        assert_eq!((breaker.state(2 * SECOND), breaker.open_until()), (State::Open, 4 * SECOND));
        breaker.record_success();
        assert!(!breaker.has_tripped());
        assert_eq!(breaker.state(4 * SECOND), State::Closed);
    }

    #[test]
    fn failures_of_requests_in_flight_do_not_prolong_an_open_breaker() {
        let mut breaker = tripped(SECOND);
        breaker.record_failure(SECOND, |_| 60 * SECOND);
        assert_eq!(breaker.open_until(), 2 * SECOND);
    }

    #[test]
    fn throttling_opens_the_breaker_without_failures() {
        let mut breaker = CircuitBreaker::default();
        breaker.open_at_least_until(3 * SECOND);
        breaker.open_at_least_until(2 * SECOND);
        breaker.record_success();
        assert_eq!((breaker.state(2 * SECOND), breaker.state(3 * SECOND)), (State::Open, State::Closed));
    }
}
