//! The quota of requests per period of time.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::error::{Error, Result};

/// The maximum number of requests that an application sends to a tenant in a period of time.
///
/// Defaults to the service's limit of 1,500 requests in 30 seconds. A request for the presences of 650 users counts as
/// one request; the documentation does not specify this. In any period of that length, the client sends at most the
/// quota: a fifteenth of it as a burst, and the rest at an even rate. Another fifteenth is reserved, because latencies
/// vary. All
/// clones of a client share the quota, in first-in, first-out order.
///
/// ```
/// use std::time::Duration;
/// use graph_presence::Quota;
///
/// let half = Quota::new(750, Duration::from_secs(30))?;
/// assert_ne!(half, Quota::default());
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation pages `presence-get` and "Microsoft Graph throttling limits".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    requests: u32,
    period: Duration,
}

impl Default for Quota {
    /// Returns a quota of 1,500 requests in 30 seconds.
    fn default() -> Self {
        Self { requests: 1500, period: Duration::from_secs(30) }
    }
}

impl Quota {
    const MIN_REQUESTS: u32 = 2;
    const MIN_PERIOD: Duration = Duration::from_millis(1);
    const MAX_PERIOD: Duration = Duration::from_hours(365 * 24);

    /// Creates a quota of `requests` in each `period`.
    ///
    /// # Errors
    ///
    /// Returns an error if `requests` is less than 2, or `period` is not 1 millisecond to 365 days.
    ///
    /// ```
    /// use std::time::Duration;
    /// use graph_presence::Quota;
    ///
    /// let error = Quota::new(1, Duration::from_secs(30)).unwrap_err();
    /// assert_eq!(error.to_string(), "quota requests out of range: 1 (allowed: at least 2)");
    /// ```
    pub fn new(requests: u32, period: Duration) -> Result<Self> {
        if requests < Self::MIN_REQUESTS {
            let allowed = format_args!("at least {}", Self::MIN_REQUESTS);
            return Err(Error::out_of_range("quota requests", requests, allowed));
        }
        if !(Self::MIN_PERIOD..=Self::MAX_PERIOD).contains(&period) {
            let value = format_args!("{period:?}");
            return Err(Error::out_of_range("quota period", value, "1ms to 365 days"));
        }
        Ok(Self { requests, period })
    }

    /// Returns a share of the quota: at least [`MIN_REQUESTS`](Self::MIN_REQUESTS), and at most the complete quota.
    pub(crate) fn share(self, share: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
        let requests = (f64::from(self.requests) * share.min(1.0)) as u32;
        Self { requests: requests.max(Self::MIN_REQUESTS), period: self.period }
    }

    /// Returns the burst size, and the interval at which further requests may be sent. In any period, the requests sent
    /// by this rate and a burst that arrives late are within the quota.
    pub(crate) fn rate(self) -> (NonZeroU32, Duration) {
        let burst = NonZeroU32::new(self.requests / 15).unwrap_or(NonZeroU32::MIN);
        let steady = self.requests.saturating_sub(burst.saturating_add(burst.get()).get());
        (burst, self.period / steady.max(1))
    }
}
