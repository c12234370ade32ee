//! The state of a watch: users, known presences and pending changes. Pure, without a clock and without calls.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

use jiff::Timestamp;

use crate::error::Error;
use crate::id::UserId;
use crate::presence::Presence;
use crate::watch::event::{Change, Event, PollFailure};

/// After this many consecutive responses with an older sequence number, the service has really gone back.
const MAX_OLDER_RESPONSES: u8 = 3;

/// The watched users, and at most one pending change for each of them.
#[derive(Default)]
pub(super) struct Tracker {
    users: BTreeMap<UserId, Known>,
    /// The users with a pending change, by its order: in the order in which the changes became pending.
    pending: BTreeMap<u64, UserId>,
    /// The pending failure, and its order.
    failure: Option<(u64, PollFailure)>,
    next_order: u64,
    next_call: u64,
    /// The number of the current poll over all users.
    poll: u64,
    /// The last user whom the current poll has reached.
    reached: Option<UserId>,
    /// Users who were added after the poll began, and are requested first.
    added: BTreeSet<UserId>,
    /// Users whose call failed with a transient error in this poll.
    retry: BTreeSet<UserId>,
    /// How many users' last call failed, and since when there are any.
    failing: usize,
    failing_since: Option<Timestamp>,
}

/// What is known of a user.
#[derive(Default)]
struct Known {
    /// The presence of the last delivered or the pending change.
    latest: Option<Box<Presence>>,
    /// The newest one, while the presence that it came with may have equalled an older one.
    sequence_number: Option<String>,
    /// The number of consecutive responses that were older than that.
    older_responses: u8,
    seen_at: Option<Timestamp>,
    pending: Option<Box<PendingChange>>,
    /// The call in flight. A call from before the user was removed and added again does not count.
    call: Option<u64>,
    /// The last poll that has requested the user, or need not.
    poll: u64,
    is_failing: bool,
}

struct PendingChange {
    order: u64,
    /// The presence of the last delivered change.
    before: Option<Box<Presence>>,
    seen_at: Timestamp,
}

/// A call for some users.
pub(super) struct Call {
    number: u64,
    pub(super) ids: Vec<UserId>,
}

impl Tracker {
    /// These users are requested by the first poll.
    pub(super) fn new(ids: Vec<UserId>) -> Self {
        Self { users: ids.into_iter().map(|id| (id, Known::default())).collect(), ..Self::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.users.len()
    }

    /// Adds a user, who is requested before the others.
    pub(super) fn add(&mut self, id: UserId) {
        if !self.users.contains_key(&id) {
            self.added.insert(id);
            self.users.insert(id, Known::default());
        }
    }

    /// Removes a user and the pending change.
    pub(super) fn remove(&mut self, id: UserId) {
        let Some(known) = self.users.remove(&id) else { return };
        self.added.remove(&id);
        self.retry.remove(&id);
        if let Some(pending) = known.pending {
            self.pending.remove(&pending.order);
        }
        if known.is_failing {
            self.subtract_failing(1);
        }
    }

    pub(super) fn last_seen(&self, id: UserId) -> Option<Timestamp> {
        self.users.get(&id)?.seen_at
    }

    /// Begins to request all users again.
    pub(super) fn begin_poll(&mut self) {
        self.poll += 1;
        self.reached = None;
        self.retry.clear();
    }

    /// Returns whether the current poll has users left to request.
    pub(super) fn is_polling(&self) -> bool {
        let mut ahead = self.users.range((self.reached.as_ref().map_or(Unbounded, Excluded), Unbounded));
        !self.added.is_empty() || ahead.any(|(_, known)| known.is_due(self.poll))
    }

    /// Returns whether there are users whose failed call is to be repeated.
    pub(super) fn has_failed(&self) -> bool {
        !self.retry.is_empty()
    }

    /// Returns the next call: added users first, then those whom the poll has not requested, then failed ones.
    pub(super) fn next_call(&mut self, max_ids: usize) -> Option<Call> {
        let mut call = Call { number: self.next_call, ids: Vec::new() };
        self.next_call += 1;
        call.take_from(&mut self.added, max_ids, &mut self.users, self.poll);
        let ahead = (self.reached.as_ref().map_or(Unbounded, Excluded), Unbounded);
        let mut reached = None;
        for (id, known) in self.users.range_mut::<UserId, _>(ahead) {
            if call.ids.len() == max_ids {
                break;
            }
            if known.is_due(self.poll) {
                known.request(call.number, self.poll);
                call.ids.push(*id);
            }
            reached = Some(*id);
        }
        self.reached = reached.or(self.reached);
        if call.ids.is_empty() {
            // In a call of their own, so that an id that makes calls fail does not affect other users.
            call.take_from(&mut self.retry, max_ids, &mut self.users, self.poll);
        }
        Some(call).filter(|call| !call.ids.is_empty())
    }

    /// Records a successful response. A user whom it leaves out keeps the known presence, which ages.
    pub(super) fn succeeded(&mut self, call: &Call, presences: Vec<Presence>, now: Timestamp) {
        let mut recovered = 0;
        for presence in presences {
            let Some(id) = presence.id else { continue };
            let Some(known) = self.users.get_mut(&id).filter(|known| known.call == Some(call.number)) else { continue };
            recovered += known.close();
            let order = self.next_order;
            match known.record(presence, now, order) {
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
            if let Some(known) = self.users.get_mut(id).filter(|known| known.call == Some(call.number)) {
                recovered += known.close();
            }
        }
        self.subtract_failing(recovered);
    }

    /// Records that a call failed.
    pub(super) fn failed(&mut self, call: Call, error: Error, now: Timestamp) {
        let is_transient = error.is_transient();
        let mut is_relevant = false;
        for id in call.ids {
            let Some(known) = self.users.get_mut(&id).filter(|known| known.call == Some(call.number)) else {
                continue;
            };
            is_relevant = true;
            self.failing += 1 - known.close();
            known.is_failing = true;
            if is_transient {
                // Even if the next poll has begun meanwhile.
                known.poll = self.poll;
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

    /// Takes the event that has been pending for the longest time.
    pub(super) fn next_event(&mut self) -> Option<Event> {
        let first = self.pending.first_key_value().map(|(order, _)| *order);
        if let Some((_, failure)) = self.failure.take_if(|(order, _)| first.is_none_or(|first| *order < first)) {
            return Some(Event::PollFailed(failure));
        }
        let (_, user) = self.pending.pop_first()?;
        let known = self.users.get_mut(&user)?;
        let PendingChange { before, seen_at, .. } = *known.pending.take()?;
        let after = known.latest.as_deref()?.clone();
        Some(Event::Change(Change { user, before: before.map(|before| *before), after, seen_at }))
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
        users: &mut BTreeMap<UserId, Known>,
        poll: u64,
    ) {
        while self.ids.len() < max_ids
            && let Some(id) = queue.pop_first()
        {
            if let Some(known) = users.get_mut(&id) {
                known.request(self.number, poll);
                self.ids.push(id);
            }
        }
    }
}

/// What a response changes about the pending changes.
enum Outcome {
    Unchanged,
    /// A change became pending.
    Pending,
    /// The user has the presence of the last delivered change again: the pending change of this order is gone.
    Reverted {
        order: u64,
    },
}

impl Known {
    fn is_due(&self, poll: u64) -> bool {
        self.call.is_none() && self.poll != poll
    }

    fn request(&mut self, call: u64, poll: u64) {
        self.call = Some(call);
        self.poll = poll;
    }

    /// Ends the call. Returns 1 if the user was failing, else 0.
    fn close(&mut self) -> usize {
        self.call = None;
        usize::from(std::mem::take(&mut self.is_failing))
    }

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

/// Returns whether two presences of a user differ in the sequence number at most.
fn looks_equal(one: &Presence, other: &Presence) -> bool {
    let Presence {
        id: _,
        availability,
        activity,
        status_message,
        out_of_office,
        work_location,
        sequence_number: _,
        extra,
    } = one;
    *availability == other.availability
        && *activity == other.activity
        && *status_message == other.status_message
        && *out_of_office == other.out_of_office
        && *work_location == other.work_location
        && *extra == other.extra
}

#[cfg(test)]
mod tests;
