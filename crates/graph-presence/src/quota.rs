//! How many requests may be sent in a period of time.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::error::{Error, Result};

/// How many requests an application may send to a tenant in a period of time.
///
/// Defaults to the service's limit of 1,500 requests in 30 seconds. Whether a request for the presence of 650 users counts
/// once is not documented; here it does. At most the quota is sent in any period of that length: a fifteenth of it can be
/// sent as a burst, the rest follows evenly, and a fifteenth is kept back because requests take different times to arrive.
/// All clones of a client share it, first come first served.
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
    /// Returns 1,500 requests in 30 seconds.
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
    /// Returns an error if `requests` is less than 2, or `period` is not between a millisecond and 365 days.
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

    /// Returns the quota of a caller that may use only a part of it; at least the smallest quota, and at most all of it.
    pub(crate) fn share(self, share: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
        let requests = (f64::from(self.requests) * share.min(1.0)) as u32;
        Self { requests: requests.max(Self::MIN_REQUESTS), period: self.period }
    }

    /// Returns the burst, and the interval after which another request may be sent. The two together are what any period of
    /// that length holds, and what was sent before it and arrives late.
    pub(crate) fn rate(self) -> (NonZeroU32, Duration) {
        let burst = NonZeroU32::new(self.requests / 15).unwrap_or(NonZeroU32::MIN);
        let steady = self.requests.saturating_sub(burst.saturating_add(burst.get()).get());
        (burst, self.period / steady.max(1))
    }
}
