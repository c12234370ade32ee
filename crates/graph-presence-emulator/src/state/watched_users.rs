//! The users that subscriptions name, and how their presence changes.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Guid;

use super::pair::Pair;
use super::user::UserState;

/// The last seen presence of a watched user.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Watched {
    pair: Pair,
    seen_at: Timestamp,
    /// When to look again, if nothing happens before.
    next: Option<Timestamp>,
}

/// All users that subscriptions name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Watch(HashMap<Guid, Watched>);

impl Watch {
    pub(super) fn has(&self, id: Guid) -> bool {
        self.0.contains_key(&id)
    }

    /// Returns the users that time has, or may have, changed.
    pub(super) fn due(&self, now: Timestamp) -> Vec<Guid> {
        self.0.iter().filter(|(_, watched)| watched.next.is_some_and(|next| next <= now)).map(|(id, _)| *id).collect()
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.0.values().filter_map(|watched| watched.next).min()
    }

    pub(super) fn retain(&mut self, is_wanted: impl Fn(Guid) -> bool) {
        self.0.retain(|id, _| is_wanted(*id));
    }

    /// Looks at a user. Returns what changed since the last look, in order: each step that time made, at the instant at
    /// which it made it, and what was done at this instant. The first look returns nothing.
    pub(super) fn look(&mut self, id: Guid, user: Option<&UserState>, now: Timestamp) -> Vec<(Timestamp, Pair)> {
        let pair_at = |at: Timestamp| user.map_or(Pair::UNKNOWN, |user| user.pair(at));
        let next_after = |at: Timestamp| user.and_then(|user| user.next_change(at));
        let mut steps = Vec::new();
        let mut pair = match self.0.remove(&id) {
            None => pair_at(now),
            Some(watched) => {
                let mut pair = watched.pair;
                let mut at = watched.seen_at;
                while let Some(next) = next_after(at).filter(|next| *next <= now) {
                    at = next;
                    step(&mut pair, pair_at(at), at, &mut steps);
                }
                pair
            }
        };
        step(&mut pair, pair_at(now), now, &mut steps);
        self.0.insert(id, Watched { pair, seen_at: now, next: next_after(now) });
        steps
    }
}

fn step(pair: &mut Pair, to: Pair, at: Timestamp, steps: &mut Vec<(Timestamp, Pair)>) {
    if *pair != to {
        *pair = to.clone();
        steps.push((at, to));
    }
}
