//! The users in subscriptions, and the changes of their presence.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Guid;

use super::pair::Pair;
use super::user::UserState;

/// The last observed presence of a watched user.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WatchedUser {
    pair: Pair,
    observed_at: Timestamp,
    /// The next time at which the presence may change without a request.
    next_change: Option<Timestamp>,
}

/// All users in subscriptions.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct WatchedUsers(HashMap<Guid, WatchedUser>);

impl WatchedUsers {
    pub(super) fn contains(&self, id: Guid) -> bool {
        self.0.contains_key(&id)
    }

    /// Returns the users whose presence may have changed because of fading or an expiry.
    pub(super) fn due(&self, now: Timestamp) -> Vec<Guid> {
        let due = self.0.iter().filter(|(_, watched)| watched.next_change.is_some_and(|at| at <= now));
        due.map(|(id, _)| *id).collect()
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.0.values().filter_map(|watched| watched.next_change).min()
    }

    pub(super) fn retain(&mut self, predicate: impl Fn(Guid) -> bool) {
        self.0.retain(|id, _| predicate(*id));
    }

    /// Observes a user. Returns the changes since the last observation in order: those caused by fading and expiries,
    /// each with its time, and an update, with the time `now`. The first observation does not return changes.
    pub(super) fn observe(&mut self, id: Guid, user: Option<&UserState>, now: Timestamp) -> Vec<(Timestamp, Pair)> {
        let pair_at = |at: Timestamp| user.map_or(Pair::UNKNOWN, |user| user.pair(at));
        let next_after = |at: Timestamp| user.and_then(|user| user.next_change(at));
        let mut changes = Vec::new();
        let mut pair = match self.0.remove(&id) {
            None => pair_at(now),
            Some(watched) => {
                let mut pair = watched.pair;
                let mut at = watched.observed_at;
                while let Some(next) = next_after(at).filter(|next| *next <= now) {
                    at = next;
                    push_change(&mut pair, pair_at(at), at, &mut changes);
                }
                pair
            }
        };
        push_change(&mut pair, pair_at(now), now, &mut changes);
        self.0.insert(id, WatchedUser { pair, observed_at: now, next_change: next_after(now) });
        changes
    }
}

/// Adds a change if the pair differs.
fn push_change(pair: &mut Pair, to: Pair, at: Timestamp, changes: &mut Vec<(Timestamp, Pair)>) {
    if *pair != to {
        *pair = to.clone();
        changes.push((at, to));
    }
}
