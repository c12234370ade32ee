//! What a user prefers to show.

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
    /// `None` when it never ends.
    pub(super) fn ends(&self) -> Option<Timestamp> {
        self.set_at.checked_add(self.expiration).ok()
    }

    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        expiration::has_passed(self.expiration, self.set_at, now)
    }
}
