//! Rate limiting of applications. Pure: time is an argument.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use crate::Guid;

/// The maximum number of requests of an application in a tenant within a sliding window of time.
///
/// ```
/// use std::time::Duration;
/// use graph_presence_emulator::Quota;
///
/// assert_eq!(Quota::default(), Quota::new(1_500, Duration::from_secs(30)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    requests: u32,
    window: Duration,
}

impl Quota {
    /// Creates a quota of `requests` within `window`.
    #[must_use]
    pub const fn new(requests: u32, window: Duration) -> Self {
        Self { requests, window }
    }
}

impl Default for Quota {
    /// Returns the quota of the service for presence: 1,500 requests in 30 seconds ("Microsoft Graph service-specific
    /// throttling limits").
    fn default() -> Self {
        Self::new(1_500, Duration::from_secs(30))
    }
}

/// An application in a tenant, to which a quota applies.
pub(crate) type QuotaKey = (Guid, Guid);

/// The usage of all quotas: the times of the requests within the window. A list, because the keys of JSON objects are
/// strings.
pub(crate) type QuotaUsage = Vec<(QuotaKey, VecDeque<Timestamp>)>;

/// A rate limiter for each application in each tenant.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    quota: Quota,
    sent: HashMap<QuotaKey, VecDeque<Timestamp>>,
}

impl RateLimiter {
    pub(crate) fn new(quota: Quota) -> Self {
        Self { quota, sent: HashMap::new() }
    }

    /// Counts a request. Returns the time until the next request is allowed if the quota is exhausted.
    ///
    /// The window slides. Inferred: rejected requests do not count, so that a client that waits for `Retry-After`
    /// succeeds.
    pub(crate) fn acquire(&mut self, key: QuotaKey, now: Timestamp) -> Result<(), Duration> {
        let window = self.quota.window;
        let is_outside = |sent: Timestamp| Duration::try_from(now.duration_since(sent)).is_ok_and(|age| age >= window);
        if !self.sent.contains_key(&key) {
            self.sent.retain(|_, sent| sent.back().is_some_and(|last| !is_outside(*last)));
        }
        let sent = self.sent.entry(key).or_default();
        while sent.front().is_some_and(|first| is_outside(*first)) {
            sent.pop_front();
        }
        if sent.len() < usize::try_from(self.quota.requests).unwrap_or(usize::MAX) {
            sent.push_back(now);
            return Ok(());
        }
        let age = sent.front().and_then(|first| Duration::try_from(now.duration_since(*first)).ok());
        Err(window.saturating_sub(age.unwrap_or_default()))
    }

    pub(crate) fn usage(&self) -> QuotaUsage {
        let mut usage: QuotaUsage = self.sent.iter().map(|(key, sent)| (*key, sent.clone())).collect();
        usage.sort_unstable_by_key(|(key, _)| *key);
        usage
    }

    pub(crate) fn set_usage(&mut self, usage: QuotaUsage) {
        self.sent = usage.into_iter().collect();
    }
}
