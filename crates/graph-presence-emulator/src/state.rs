//! What everybody's presence is: a pure state machine.
//!
//! Nothing in here reads a clock, waits or locks. Time is an argument, and what time does to a session or a message is
//! computed when it is read.

mod person;
mod precedence;
mod session;
mod status;
mod zone;

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::Guid;

use self::person::Person;
use self::session::{Holder, Lifetime, Session};

pub(crate) use self::session::{InvalidExpiration, Pair, expiration, settable};
pub(crate) use self::status::{Expiry, InvalidExpiry, StatusMessage};

/// Everybody who has been heard of.
#[derive(Debug, Default)]
pub(crate) struct State {
    people: HashMap<Guid, Person>,
    /// Counts the sessions that were set, because two of them can be set at one instant.
    turns: u64,
}

/// What one person's presence is at one instant.
#[derive(Debug)]
pub(crate) struct Presence {
    pub(crate) id: Guid,
    pub(crate) pair: Pair,
    pub(crate) status: Option<StatusMessage>,
}

impl State {
    /// Makes a person known who has done nothing yet: Offline instead of PresenceUnknown.
    pub(crate) fn know(&mut self, id: Guid) {
        self.people.entry(id).or_default();
    }

    pub(crate) fn sign_in(&mut self, id: Guid, pair: Pair, now: Timestamp) {
        self.set(id, Holder::TeamsClient, pair, Lifetime::SignedIn, now);
    }

    pub(crate) fn sign_out(&mut self, id: Guid, now: Timestamp) {
        self.touch(id, now).sessions.remove(&Holder::TeamsClient);
    }

    /// Starts or renews the session that an application holds under `session_id`.
    pub(crate) fn set_session(&mut self, id: Guid, session_id: &str, pair: Pair, expiration: Duration, now: Timestamp) {
        let lifetime = Lifetime::Expires(expiration);
        self.set(id, Holder::application(session_id), pair, lifetime, now);
    }

    /// Publishes a status message, or takes the present one away.
    pub(crate) fn set_status(&mut self, id: Guid, status: Option<StatusMessage>, now: Timestamp) {
        self.touch(id, now).status = status;
    }

    /// Inferred, for no page of the documentation says it: who was never heard of is PresenceUnknown, and no error.
    pub(crate) fn presence(&self, id: Guid, now: Timestamp) -> Presence {
        match self.people.get(&id) {
            Some(person) => Presence { id, pair: person.pair(now), status: person.status(now).cloned() },
            None => Presence { id, pair: Pair::UNKNOWN, status: None },
        }
    }

    fn set(&mut self, id: Guid, holder: Holder, pair: Pair, lifetime: Lifetime, now: Timestamp) {
        self.turns += 1;
        let session = Session { pair, lifetime, set_at: now, turn: self.turns };
        self.touch(id, now).sessions.insert(holder, session);
    }

    fn touch(&mut self, id: Guid, now: Timestamp) -> &mut Person {
        let person = self.people.entry(id).or_default();
        person.purge(now);
        person
    }
}
