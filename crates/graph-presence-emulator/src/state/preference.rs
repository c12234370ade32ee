//! The preferred presence of a user.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::expiration;
use super::pair::Pair;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Preference {
    pub(super) pair: Pair,
    pub(super) expiration: Duration,
    pub(super) set_at: Timestamp,
}

impl Preference {
    /// Returns when the preference expires; `None` if that is beyond the range of timestamps.
    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        self.set_at.checked_add(self.expiration).ok()
    }

    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        expiration::has_elapsed(self.expiration, self.set_at, now)
    }
}
