//! One person: what was said about them, and what it comes to.

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;

use super::location::{Layers, WorkLocation};
use super::pair::Pair;
use super::precedence;
use super::preference::Preference;
use super::session::{Holder, Session};
use super::status::StatusMessage;

#[derive(Debug, Default)]
pub(super) struct Person {
    pub(super) sessions: HashMap<Holder, Session>,
    pub(super) preference: Option<Preference>,
    pub(super) status: Option<StatusMessage>,
    pub(super) out_of_office: OutOfOffice,
    pub(super) location: Layers,
    sequence: Sequence,
    last_shown: Shown,
}

/// Whether a person is out of office, and what they tell others then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OutOfOffice {
    pub(crate) is_out: bool,
    pub(crate) message: Option<String>,
}

/// Everything that a person's presence tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) pair: Pair,
    pub(crate) status: Option<StatusMessage>,
    pub(crate) out_of_office: OutOfOffice,
    pub(crate) location: WorkLocation,
}

impl Shown {
    pub(super) fn nothing_but(pair: Pair) -> Self {
        Self { pair, status: None, out_of_office: OutOfOffice::default(), location: WorkLocation::NONE }
    }
}

impl Default for Shown {
    fn default() -> Self {
        Self::nothing_but(Pair::OFFLINE)
    }
}

/// The version of a presence, "lexicographically sortable" ("presence resource type").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequence(u64);

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A{:010}", self.0)
    }
}

impl Person {
    /// Does something to the person. What time has done before gets a version of its own.
    pub(super) fn change<T>(&mut self, now: Timestamp, act: impl FnOnce(&mut Self) -> T) -> T {
        self.observe(now);
        self.purge(now);
        let outcome = act(self);
        self.observe(now);
        outcome
    }

    /// What is seen at this instant. That it differs from what was seen last, be it by somebody's act or by time, is
    /// noticed here and nowhere else.
    pub(super) fn observe(&mut self, now: Timestamp) -> (Sequence, &Shown) {
        let shown = self.shown(now);
        if shown != self.last_shown {
            self.last_shown = shown;
            self.sequence.0 += 1;
        }
        (self.sequence, &self.last_shown)
    }

    /// Forgets what can never be seen again.
    fn purge(&mut self, now: Timestamp) {
        self.sessions.retain(|_, session| session.shown(now).is_some());
        self.preference.take_if(|preference| preference.is_over(now));
        self.status.take_if(|status| status.is_over(now));
    }

    fn shown(&self, now: Timestamp) -> Shown {
        Shown {
            pair: self.pair(now),
            status: self.status.as_ref().filter(|status| !status.is_over(now)).cloned(),
            out_of_office: self.out_of_office.clone(),
            location: self.location.shown(now),
        }
    }

    /// A preference outranks every session, but shows only while there is one ("presence: setUserPreferredPresence").
    fn pair(&self, now: Timestamp) -> Pair {
        let Some(said) = precedence::aggregate(self.sessions.values(), now) else {
            return Pair::OFFLINE;
        };
        match &self.preference {
            Some(preference) if !preference.is_over(now) => preference.pair.clone(),
            _ => said,
        }
    }
}
