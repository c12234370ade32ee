//! The state of a watch: users, their latest presences and pending changes. Pure: does not read a clock and does not
//! send anything.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

use jiff::Timestamp;

use crate::error::Error;
use crate::id::UserId;
use crate::presence::Presence;
use crate::watch::event::{Change, Event, PollFailure};

/// The number of consecutive responses with an older sequence number after which the older number is accepted.
const MAX_OLDER_RESPONSES: u8 = 3;

/// The watched users, and at most one pending change for each of them.
#[derive(Default)]
pub(super) struct Tracker {
    users: BTreeMap<UserId, TrackedUser>,
    /// The users with a pending change, in the order in which the changes became pending.
    pending: BTreeMap<u64, UserId>,
    /// The pending failure, and its order.
    failure: Option<(u64, PollFailure)>,
    next_order: u64,
    next_call: u64,
    /// The number of the current poll of all users.
    poll: u64,
    /// The last user that the current poll has requested or skipped.
    cursor: Option<UserId>,
    /// Users who were added after the poll began. They are requested first.
    added: BTreeSet<UserId>,
    /// Users whose call failed with a transient error. They are requested again in this poll.
    retry: BTreeSet<UserId>,
    /// The number of users whose last call failed.
    failing: usize,
    /// The time since which `failing` has been more than 0.
    failing_since: Option<Timestamp>,
}

/// The state of a watched user.
#[derive(Default)]
struct TrackedUser {
    /// The presence of the pending change, or of the last delivered one.
    latest: Option<Box<Presence>>,
    /// The latest sequence number. `latest` can have an older one, because a presence that differs only in the sequence
    /// number does not replace it.
    sequence_number: Option<String>,
    /// The number of consecutive responses with an older sequence number.
    older_responses: u8,
    seen_at: Option<Timestamp>,
    pending: Option<Box<PendingChange>>,
    /// The number of the call in flight. Other calls, from before the user was removed and added again, are ignored.
    call: Option<u64>,
    /// The number of the last poll in which the user was requested, or is to be requested as a retry.
    poll: u64,
    is_failing: bool,
}

struct PendingChange {
    order: u64,
    /// The presence of the last delivered change.
    before: Option<Box<Presence>>,
    seen_at: Timestamp,
}

/// A call of getPresencesByUserId for some of the users.
pub(super) struct Call {
    number: u64,
    pub(super) ids: Vec<UserId>,
}

impl Tracker {
    /// Creates a tracker of the users of the first poll.
    pub(super) fn new(ids: Vec<UserId>) -> Self {
        Self { users: ids.into_iter().map(|id| (id, TrackedUser::default())).collect(), ..Self::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.users.len()
    }

    /// Adds a user. Added users are requested before all others.
    pub(super) fn add(&mut self, id: UserId) {
        if !self.users.contains_key(&id) {
            self.added.insert(id);
            self.users.insert(id, TrackedUser::default());
        }
    }

    /// Removes a user and the user's pending change.
    pub(super) fn remove(&mut self, id: UserId) {
        let Some(user) = self.users.remove(&id) else { return };
        self.added.remove(&id);
        self.retry.remove(&id);
        if let Some(pending) = user.pending {
            self.pending.remove(&pending.order);
        }
        if user.is_failing {
            self.subtract_failing(1);
        }
    }

    pub(super) fn last_seen(&self, id: UserId) -> Option<Timestamp> {
        self.users.get(&id)?.seen_at
    }

    /// Starts the next poll of all users.
    pub(super) fn begin_poll(&mut self) {
        self.poll += 1;
        self.cursor = None;
        self.retry.clear();
    }

    /// Returns `true` if the current poll has users left to request.
    pub(super) fn is_polling(&self) -> bool {
        let mut ahead = self.users.range((self.cursor.as_ref().map_or(Unbounded, Excluded), Unbounded));
        !self.added.is_empty() || ahead.any(|(_, user)| user.is_due(self.poll))
    }

    /// Returns `true` if users have to be requested again because their call failed.
    pub(super) fn has_failed(&self) -> bool {
        !self.retry.is_empty()
    }

    /// Starts the next call: of added users first, then of users that the poll has not requested, then of users whose
    /// call failed.
    pub(super) fn next_call(&mut self, max_ids: usize) -> Option<Call> {
        let mut call = Call { number: self.next_call, ids: Vec::new() };
        self.next_call += 1;
        call.take_from(&mut self.added, max_ids, &mut self.users, self.poll);
        let ahead = (self.cursor.as_ref().map_or(Unbounded, Excluded), Unbounded);
        let mut cursor = None;
        for (id, user) in self.users.range_mut::<UserId, _>(ahead) {
            if call.ids.len() == max_ids {
                break;
            }
            if user.is_due(self.poll) {
                user.request(call.number, self.poll);
                call.ids.push(*id);
            }
            cursor = Some(*id);
        }
        self.cursor = cursor.or(self.cursor);
        if call.ids.is_empty() {
            // Not in the same call as other users, because one of the ids may cause the failure.
            call.take_from(&mut self.retry, max_ids, &mut self.users, self.poll);
        }
        Some(call).filter(|call| !call.ids.is_empty())
    }

    /// Records a successful response. Users who are not in the response keep their presence and its age.
    pub(super) fn succeeded(&mut self, call: &Call, presences: Vec<Presence>, now: Timestamp) {
        let mut recovered = 0;
        for presence in presences {
            let Some(id) = presence.id else { continue };
            let Some(user) = self.users.get_mut(&id).filter(|user| user.call == Some(call.number)) else { continue };
            recovered += user.end_call();
            let order = self.next_order;
            match user.record(presence, now, order) {
                Outcome::Unchanged => {}
                Outcome::Pending => {
                    self.pending.insert(order, id);
                    self.next_order += 1;
                }
                Outcome::Reverted { order } => {
                    self.pending.remove(&order);
                }
            }
        }
        for id in &call.ids {
            if let Some(user) = self.users.get_mut(id).filter(|user| user.call == Some(call.number)) {
                recovered += user.end_call();
            }
        }
        self.subtract_failing(recovered);
    }

    /// Records that a call failed.
    pub(super) fn failed(&mut self, call: Call, error: Error, now: Timestamp) {
        let is_transient = error.is_transient();
        let mut is_relevant = false;
        for id in call.ids {
            let Some(user) = self.users.get_mut(&id).filter(|user| user.call == Some(call.number)) else {
                continue;
            };
            is_relevant = true;
            self.failing += 1 - user.end_call();
            user.is_failing = true;
            if is_transient {
                // The retry counts for the current poll, even if that began after the call.
                user.poll = self.poll;
                self.retry.insert(id);
            }
        }
        if !is_relevant {
            return;
        }
        let since = *self.failing_since.get_or_insert(now);
        let (order, calls) = match &self.failure {
            Some((order, failure)) => (*order, failure.calls + 1),
            None => (self.next_order, 1),
        };
        self.next_order += 1;
        self.failure = Some((order, PollFailure { error, calls, users: self.failing, since }));
    }

    pub(super) fn has_event(&self) -> bool {
        !self.pending.is_empty() || self.failure.is_some()
    }

    /// Removes and returns the event that became pending first.
    pub(super) fn next_event(&mut self) -> Option<Event> {
        let first = self.pending.first_key_value().map(|(order, _)| *order);
        if let Some((_, failure)) = self.failure.take_if(|(order, _)| first.is_none_or(|first| *order < first)) {
            return Some(Event::PollFailed(failure));
        }
        let (_, id) = self.pending.pop_first()?;
        let user = self.users.get_mut(&id)?;
        let PendingChange { before, seen_at, .. } = *user.pending.take()?;
        let after = user.latest.as_deref()?.clone();
        Some(Event::Change(Change { user: id, before: before.map(|before| *before), after, seen_at }))
    }

    fn subtract_failing(&mut self, users: usize) {
        self.failing -= users;
        if self.failing == 0 {
            self.failing_since = None;
        }
    }
}

impl Call {
    fn take_from(
        &mut self,
        queue: &mut BTreeSet<UserId>,
        max_ids: usize,
        users: &mut BTreeMap<UserId, TrackedUser>,
        poll: u64,
    ) {
        while self.ids.len() < max_ids
            && let Some(id) = queue.pop_first()
        {
            if let Some(user) = users.get_mut(&id) {
                user.request(self.number, poll);
                self.ids.push(id);
            }
        }
    }
}

/// The effect of a response on the pending changes.
enum Outcome {
    Unchanged,
    /// A change became pending.
    Pending,
    /// The presence equals that of the last delivered change again, so that the pending change with this order was
    /// removed.
    Reverted {
        order: u64,
    },
}

impl TrackedUser {
    fn is_due(&self, poll: u64) -> bool {
        self.call.is_none() && self.poll != poll
    }

    fn request(&mut self, call: u64, poll: u64) {
        self.call = Some(call);
        self.poll = poll;
    }

    /// Ends the call. Returns 1 if the user's previous call failed, and 0 otherwise.
    fn end_call(&mut self) -> usize {
        self.call = None;
        usize::from(std::mem::take(&mut self.is_failing))
    }

    /// Records a presence. Ignores it if its sequence number is older, except after [`MAX_OLDER_RESPONSES`].
    fn record(&mut self, presence: Presence, now: Timestamp, order: u64) -> Outcome {
        if presence.sequence_number.is_some() && presence.sequence_number < self.sequence_number {
            self.older_responses += 1;
            if self.older_responses < MAX_OLDER_RESPONSES {
                return Outcome::Unchanged;
            }
        }
        self.older_responses = 0;
        self.seen_at = Some(now);
        if presence.sequence_number.is_some() {
            self.sequence_number.clone_from(&presence.sequence_number);
        }
        if self.latest.as_ref().is_some_and(|latest| looks_equal(latest, &presence)) {
            return Outcome::Unchanged;
        }
        match &mut self.pending {
            None => {
                let before = self.latest.replace(Box::new(presence));
                self.pending = Some(Box::new(PendingChange { order, before, seen_at: now }));
                Outcome::Pending
            }
            Some(pending) => {
                pending.seen_at = now;
                match pending.before.take_if(|before| looks_equal(before, &presence)) {
                    None => {
                        self.latest = Some(Box::new(presence));
                        Outcome::Unchanged
                    }
                    before => {
                        self.latest = before;
                        let pending = self.pending.take();
                        pending.map_or(Outcome::Unchanged, |pending| Outcome::Reverted { order: pending.order })
                    }
                }
            }
        }
    }
}

/// Returns `true` if two presences of a user differ at most in the sequence number.
fn looks_equal(presence: &Presence, other: &Presence) -> bool {
    let Presence {
        id: _,
        availability,
        activity,
        status_message,
        out_of_office,
        work_location,
        sequence_number: _,
        extra,
    } = presence;
    *availability == other.availability
        && *activity == other.activity
        && *status_message == other.status_message
        && *out_of_office == other.out_of_office
        && *work_location == other.work_location
        && *extra == other.extra
}

#[cfg(test)]
mod tests;
