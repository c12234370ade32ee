//! Sessions: what a Teams client or an application says.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::expiration;
use super::pair::Pair;

/// Who holds a session.
#[derive(Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Holder {
    TeamsClient,
    Application(String),
}

impl Holder {
    /// Session ids are the ids of applications, and the case of a GUID does not matter.
    pub(super) fn application(session_id: &str) -> Self {
        Self::Application(session_id.to_ascii_lowercase())
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Lifetime {
    /// Until the Teams client signs out.
    SignedIn,
    /// Until this much time has passed.
    Expires(Duration),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) pair: Pair,
    pub(super) lifetime: Lifetime,
    pub(super) set_at: Timestamp,
    pub(super) turn: u64,
}

const INACTIVE_AFTER: SignedDuration = SignedDuration::from_mins(5);
const AWAY_AFTER: SignedDuration = SignedDuration::from_mins(10);

impl Session {
    /// When it ends, `None` for never.
    pub(super) fn ends(&self) -> Option<Timestamp> {
        let Lifetime::Expires(expiration) = self.lifetime else {
            return None;
        };
        self.set_at.checked_add(expiration).ok()
    }

    /// When it begins to say something else, or nothing.
    pub(super) fn changes(&self) -> impl Iterator<Item = Timestamp> {
        let ends = self.ends();
        let fades = matches!(self.lifetime, Lifetime::Expires(_)) && self.pair == Pair::AVAILABLE;
        let fading = [INACTIVE_AFTER, AWAY_AFTER].into_iter().filter_map(|after| self.set_at.checked_add(after).ok());
        fading.filter(move |at| fades && ends.is_none_or(|ends| *at < ends)).chain(ends)
    }

    /// What the session says at this instant, `None` once it has expired.
    ///
    /// An application's Available fades in two steps of five minutes, within its expiration ("Manage presence state
    /// using the Microsoft Graph API").
    pub(super) fn shown(&self, now: Timestamp) -> Option<Pair> {
        let Lifetime::Expires(expiration) = self.lifetime else {
            return Some(self.pair.clone());
        };
        if expiration::has_passed(expiration, self.set_at, now) {
            return None;
        }
        let age = now.duration_since(self.set_at);
        if self.pair != Pair::AVAILABLE || age < INACTIVE_AFTER {
            return Some(self.pair.clone());
        }
        Some(if age < AWAY_AFTER { Pair::AVAILABLE_INACTIVE } else { Pair::AWAY })
    }
}
