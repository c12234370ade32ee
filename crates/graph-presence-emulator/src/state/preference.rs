//! What a person prefers to show.

use std::time::Duration;

use jiff::Timestamp;

use super::expiration;
use super::pair::Pair;

#[derive(Debug)]
pub(super) struct Preference {
    pub(super) pair: Pair,
    pub(super) expiration: Duration,
    pub(super) set_at: Timestamp,
}

impl Preference {
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        expiration::has_passed(self.expiration, self.set_at, now)
    }
}
