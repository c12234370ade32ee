//! One person: sessions and a status message.

use std::collections::HashMap;

use jiff::Timestamp;

use super::precedence;
use super::session::{Holder, Pair, Session};
use super::status::StatusMessage;

#[derive(Debug, Default)]
pub(super) struct Person {
    pub(super) sessions: HashMap<Holder, Session>,
    pub(super) status: Option<StatusMessage>,
}

impl Person {
    /// Forgets what can never be seen again.
    pub(super) fn purge(&mut self, now: Timestamp) {
        self.sessions.retain(|_, session| session.shown(now).is_some());
        self.status.take_if(|status| status.is_over(now));
    }

    pub(super) fn pair(&self, now: Timestamp) -> Pair {
        precedence::aggregate(self.sessions.values(), now).unwrap_or(Pair::OFFLINE)
    }

    pub(super) fn status(&self, now: Timestamp) -> Option<&StatusMessage> {
        self.status.as_ref().filter(|status| !status.is_over(now))
    }
}
