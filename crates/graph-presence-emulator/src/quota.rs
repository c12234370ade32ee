//! How many requests an application may send. Pure: time is an argument.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use crate::Guid;

/// The most requests that one application may send for one tenant within a window of time.
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
    /// That many requests within the window.
    #[must_use]
    pub const fn new(requests: u32, window: Duration) -> Self {
        Self { requests, window }
    }
}

impl Default for Quota {
    /// What the service grants to presence: 1,500 requests in 30 seconds ("Microsoft Graph service-specific throttling
    /// limits").
    fn default() -> Self {
        Self::new(1_500, Duration::from_secs(30))
    }
}

/// An application in a tenant.
pub(crate) type Account = (Guid, Guid);

/// What a [`Meter`] has counted. Accounts are no texts, which is all that keys can be in JSON.
pub(crate) type Counts = Vec<(Account, VecDeque<Timestamp>)>;

/// When each application sent its last requests.
#[derive(Debug)]
pub(crate) struct Meter {
    quota: Quota,
    sent: HashMap<Account, VecDeque<Timestamp>>,
}

impl Meter {
    pub(crate) fn new(quota: Quota) -> Self {
        Self { quota, sent: HashMap::new() }
    }

    /// Counts a request, or says how long to wait with the next.
    ///
    /// The window slides. Inferred: what is refused does not count, so that who waits as told is served.
    pub(crate) fn count(&mut self, account: Account, now: Timestamp) -> Result<(), Duration> {
        let window = self.quota.window;
        let is_over = |sent: Timestamp| Duration::try_from(now.duration_since(sent)).is_ok_and(|age| age >= window);
        if !self.sent.contains_key(&account) {
            self.sent.retain(|_, sent| sent.back().is_some_and(|last| !is_over(*last)));
        }
        let sent = self.sent.entry(account).or_default();
        while sent.front().is_some_and(|first| is_over(*first)) {
            sent.pop_front();
        }
        if sent.len() < usize::try_from(self.quota.requests).unwrap_or(usize::MAX) {
            sent.push_back(now);
            return Ok(());
        }
        let age = sent.front().and_then(|first| Duration::try_from(now.duration_since(*first)).ok());
        Err(window.saturating_sub(age.unwrap_or_default()))
    }

    pub(crate) fn counts(&self) -> Counts {
        let mut counts: Counts = self.sent.iter().map(|(account, sent)| (*account, sent.clone())).collect();
        counts.sort_unstable_by_key(|(account, _)| *account);
        counts
    }

    pub(crate) fn set_counts(&mut self, counts: Counts) {
        self.sent = counts.into_iter().collect();
    }
}
