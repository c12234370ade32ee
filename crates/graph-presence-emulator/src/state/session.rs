//! Sessions: what a Teams client or an application says.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::expiration;
use super::pair::Pair;

/// Who holds a session.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// The sessions of one user, in the order in which they were set. There are few, and there may be a million users:
/// none takes more room than it needs.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Sessions(Vec<(Holder, Session)>);

impl Sessions {
    /// Sets the holder's session in place of the one before.
    pub(super) fn insert(&mut self, holder: Holder, session: Session) {
        self.remove(&holder);
        self.0.reserve_exact(1);
        self.0.push((holder, session));
    }

    pub(super) fn remove(&mut self, holder: &Holder) -> Option<Session> {
        let index = self.0.iter().position(|(known, _)| known == holder)?;
        Some(self.0.remove(index).1)
    }

    pub(super) fn has(&self, holder: &Holder) -> bool {
        self.0.iter().any(|(known, _)| known == holder)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(Holder, Session)> {
        self.0.iter()
    }

    /// Forgets what has expired.
    pub(super) fn purge(&mut self, now: Timestamp) {
        self.0.retain(|(_, session)| session.shown(now).is_some());
    }
}
