//! Presence sessions of Teams clients and applications.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::expiration;
use super::pair::Pair;

/// The holder of a session.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Holder {
    TeamsClient,
    Application(String),
}

impl Holder {
    /// Creates the holder for an application's session id, which is a GUID: case is ignored.
    pub(super) fn application(session_id: &str) -> Self {
        Self::Application(session_id.to_ascii_lowercase())
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Lifetime {
    /// The session lasts until the Teams client signs out.
    SignedIn,
    /// The session expires after this time.
    Expires(Duration),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) pair: Pair,
    pub(super) lifetime: Lifetime,
    pub(super) set_at: Timestamp,
    /// The position in the order in which the sessions of the tenant were set.
    pub(super) order: u64,
}

const INACTIVE_AFTER: SignedDuration = SignedDuration::from_mins(5);
const AWAY_AFTER: SignedDuration = SignedDuration::from_mins(10);

impl Session {
    /// Returns when the session expires; `None` if it does not expire.
    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        let Lifetime::Expires(expiration) = self.lifetime else {
            return None;
        };
        self.set_at.checked_add(expiration).ok()
    }

    /// Returns when the pair changes or the session expires.
    pub(super) fn changes(&self) -> impl Iterator<Item = Timestamp> {
        let expires_at = self.expires_at();
        let can_fade = matches!(self.lifetime, Lifetime::Expires(_)) && self.pair == Pair::AVAILABLE;
        let fading = [INACTIVE_AFTER, AWAY_AFTER].into_iter().filter_map(|after| self.set_at.checked_add(after).ok());
        fading.filter(move |at| can_fade && expires_at.is_none_or(|expires_at| *at < expires_at)).chain(expires_at)
    }

    /// Returns the pair at an instant, or `None` if the session has expired.
    ///
    /// The Available of an application fades in two steps of five minutes, unless the session expires before ("Manage
    /// presence state using the Microsoft Graph API").
    pub(super) fn pair_at(&self, now: Timestamp) -> Option<Pair> {
        let Lifetime::Expires(expiration) = self.lifetime else {
            return Some(self.pair.clone());
        };
        if expiration::has_elapsed(expiration, self.set_at, now) {
            return None;
        }
        let age = now.duration_since(self.set_at);
        if self.pair != Pair::AVAILABLE || age < INACTIVE_AFTER {
            return Some(self.pair.clone());
        }
        Some(if age < AWAY_AFTER { Pair::AVAILABLE_INACTIVE } else { Pair::AWAY })
    }
}

/// The sessions of a user, in the order in which they were set. A list without spare capacity, because a user has few
/// sessions and there may be a million users.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Sessions(Vec<(Holder, Session)>);

impl Sessions {
    /// Sets the session of a holder, replacing the previous one.
    pub(super) fn insert(&mut self, holder: Holder, session: Session) {
        self.remove(&holder);
        self.0.reserve_exact(1);
        self.0.push((holder, session));
    }

    pub(super) fn remove(&mut self, holder: &Holder) -> Option<Session> {
        let index = self.0.iter().position(|(other, _)| other == holder)?;
        Some(self.0.remove(index).1)
    }

    pub(super) fn contains(&self, holder: &Holder) -> bool {
        self.0.iter().any(|(other, _)| other == holder)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(Holder, Session)> {
        self.0.iter()
    }

    /// Removes expired sessions.
    pub(super) fn remove_expired(&mut self, now: Timestamp) {
        self.0.retain(|(_, session)| session.pair_at(now).is_some());
    }
}
