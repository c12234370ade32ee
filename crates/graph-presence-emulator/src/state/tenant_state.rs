//! The users and subscriptions of one tenant.

use std::collections::HashMap;
use std::time::Duration;

use foldhash::fast::RandomState;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Guid;

use super::change::{Change, ChangeKind};
use super::explanation::Explanation;
use super::location::Place;
use super::pair::Pair;
use super::preference::Preference;
use super::session::{Holder, Lifetime, Session};
use super::status::StatusMessage;
use super::subscription::{Renewal, Subscriber, Subscription};
use super::subscriptions::{AlreadySubscribed, Subscriptions};
use super::user::{self, OutOfOffice, Sequence, Shown, UserState};
use super::watch::Watch;

/// Everything that is known in one tenant: users, and the subscriptions to them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct TenantState {
    /// Boxed: a map keeps up to twice the room that it needs.
    users: HashMap<Guid, Box<UserState>, RandomState>,
    pub(crate) subscriptions: Subscriptions,
    watch: Watch,
    /// What subscribers have yet to be notified of.
    #[serde(rename = "notices")]
    changes: Vec<Change>,
    /// Something happened since the changes were taken that may cause another, now or later.
    #[serde(skip)]
    needs_settling: bool,
    /// Counts the sessions that were set, because two of them can be set at one instant.
    turns: u64,
}

/// What one user's presence is at one instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Presence<'a> {
    pub(crate) id: Guid,
    pub(crate) shown: &'a Shown,
    /// `None` for an unknown user, whose presence has no version.
    pub(crate) sequence: Option<Sequence>,
}

impl TenantState {
    /// Makes a user known who has done nothing yet: Offline instead of PresenceUnknown.
    pub(crate) fn add_user(&mut self, id: Guid, now: Timestamp) {
        self.users.entry(id).or_default();
        self.look(id, now);
    }

    pub(crate) fn sign_in(&mut self, id: Guid, pair: Pair, now: Timestamp) {
        self.set(id, Holder::TeamsClient, pair, Lifetime::SignedIn, now);
    }

    pub(crate) fn sign_out(&mut self, id: Guid, now: Timestamp) {
        self.change(id, now, |user| user.sessions.remove(&Holder::TeamsClient));
    }

    /// Starts or renews the session that an application holds under `session_id`.
    pub(crate) fn set_session(&mut self, id: Guid, session_id: &str, pair: Pair, expiration: Duration, now: Timestamp) {
        let lifetime = Lifetime::Expires(expiration);
        self.set(id, Holder::application(session_id), pair, lifetime, now);
    }

    /// Ends the session that an application holds under `session_id`; `false` when there is none.
    pub(crate) fn clear_session(&mut self, id: Guid, session_id: &str, now: Timestamp) -> bool {
        let holder = Holder::application(session_id);
        self.change_known(id, now, |user| user.sessions.remove(&holder)).flatten().is_some()
    }

    pub(crate) fn set_preference(&mut self, id: Guid, pair: Pair, expiration: Duration, now: Timestamp) {
        self.change(id, now, |user| user.preference = Some(Preference { pair, expiration, set_at: now }));
    }

    pub(crate) fn clear_preference(&mut self, id: Guid, now: Timestamp) {
        self.change_known(id, now, |user| user.preference = None);
    }

    /// Publishes a status message, or takes the present one away.
    pub(crate) fn set_status(&mut self, id: Guid, status: Option<StatusMessage>, now: Timestamp) {
        self.change(id, now, |user| user.status = status);
    }

    pub(crate) fn set_out_of_office(&mut self, id: Guid, out_of_office: OutOfOffice, now: Timestamp) {
        self.change(id, now, |user| user.out_of_office = out_of_office);
    }

    /// What the calendar says: a meeting goes on, or not.
    pub(crate) fn set_in_meeting(&mut self, id: Guid, in_meeting: bool, now: Timestamp) {
        self.change(id, now, |user| user.in_meeting = in_meeting);
    }

    /// As if the user had never been heard of; `false` when that is so.
    pub(crate) fn remove_user(&mut self, id: Guid, now: Timestamp) -> bool {
        self.look(id, now);
        let was_known = self.users.remove(&id).is_some();
        self.look(id, now);
        was_known
    }

    /// Explains a user's presence; `None` for an unknown user. Explaining changes nothing, not even the sequence number.
    pub(crate) fn explain(&self, id: Guid, now: Timestamp) -> Option<Explanation> {
        self.users.get(&id).map(|user| Explanation::new(id, user, now))
    }

    pub(crate) fn len(&self) -> usize {
        self.users.len()
    }

    /// What is seen of a user who is known.
    pub(crate) fn pair(&self, id: Guid, now: Timestamp) -> Option<Pair> {
        Some(self.users.get(&id)?.pair(now))
    }

    /// Whether what is seen of a user says this, in lower case.
    pub(crate) fn says(&self, id: Guid, text: &str, now: Timestamp) -> bool {
        self.users.get(&id).is_some_and(|user| user.says(text, now))
    }

    /// The next instant at which time may change what is seen of a user.
    pub(crate) fn next_change(&self, id: Guid, now: Timestamp) -> Option<Timestamp> {
        self.users.get(&id)?.next_change(now)
    }

    /// All known users, in no order.
    pub(crate) fn users(&self) -> impl Iterator<Item = Guid> {
        self.users.keys().copied()
    }

    pub(crate) fn set_manual_location(&mut self, id: Guid, place: Place, now: Timestamp) {
        self.change(id, now, |user| user.location.manual.set(place, now));
    }

    pub(crate) fn set_automatic_location(&mut self, id: Guid, place: Place, now: Timestamp) {
        self.change(id, now, |user| user.location.automatic.set(place, now));
    }

    pub(crate) fn set_scheduled_location(&mut self, id: Guid, place: Option<Place>, now: Timestamp) {
        self.change(id, now, |user| user.location.scheduled = place);
    }

    pub(crate) fn clear_location(&mut self, id: Guid, now: Timestamp) {
        self.change_known(id, now, |user| user.location.clear_date(now));
    }

    pub(crate) fn clear_automatic_location(&mut self, id: Guid, now: Timestamp) {
        self.change_known(id, now, |user| user.location.automatic.clear());
    }

    /// Inferred, for no page of the documentation says it: who was never heard of is PresenceUnknown, and no error.
    pub(crate) fn presence(&mut self, id: Guid, now: Timestamp) -> Presence<'_> {
        match self.users.get_mut(&id).map(|user| user.observe(now)) {
            Some((sequence, shown)) => Presence { id, shown, sequence: Some(sequence) },
            None => Presence { id, shown: &user::UNKNOWN, sequence: None },
        }
    }

    fn set(&mut self, id: Guid, holder: Holder, pair: Pair, lifetime: Lifetime, now: Timestamp) {
        self.turns += 1;
        let session = Session { pair, lifetime, set_at: now, turn: self.turns };
        self.change(id, now, |user| user.sessions.insert(holder, session));
    }

    /// Does something to a user, who is known from now on.
    fn change<T>(&mut self, id: Guid, now: Timestamp, act: impl FnOnce(&mut UserState) -> T) -> T {
        self.look(id, now);
        let outcome = self.users.entry(id).or_default().change(now, act);
        self.look(id, now);
        outcome
    }

    /// Takes something away from a user. Who was never heard of has nothing, and stays unknown.
    fn change_known<T>(&mut self, id: Guid, now: Timestamp, act: impl FnOnce(&mut UserState) -> T) -> Option<T> {
        self.look(id, now);
        let outcome = self.users.get_mut(&id)?.change(now, act);
        self.look(id, now);
        Some(outcome)
    }

    /// Begins a subscription: what happens from now on is told.
    pub(crate) fn subscribe(&mut self, subscription: Subscription, now: Timestamp) -> Result<(), AlreadySubscribed> {
        self.settle(now);
        let users = subscription.users.clone();
        self.subscriptions.add(subscription, now)?;
        for id in users {
            if !self.watch.has(id) {
                self.watch.look(id, self.users.get(&id).map(Box::as_ref), now);
            }
        }
        Ok(())
    }

    pub(crate) fn unsubscribe(&mut self, subscriber: Subscriber, id: Guid, now: Timestamp) -> bool {
        let removed = self.subscriptions.remove(subscriber, id, now);
        self.settle(now);
        self.unwatch();
        removed
    }

    pub(crate) fn renew(
        &mut self,
        subscriber: Subscriber,
        id: Guid,
        renewal: Renewal,
        now: Timestamp,
    ) -> Option<&Subscription> {
        self.needs_settling = true;
        self.subscriptions.renew(subscriber, id, renewal, now)
    }

    /// Lets time do what it has to do until now. What subscribers are to be told of it is in [`Self::take_changes`].
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.needs_settling = true;
        for id in self.watch.due(now) {
            self.look(id, now);
        }
        self.changes.extend(self.subscriptions.warn(now));
        if self.subscriptions.purge(now) {
            self.unwatch();
        }
    }

    /// Returns `true` if something other than time is a reason to settle.
    pub(super) fn needs_settling(&self) -> bool {
        self.needs_settling
    }

    /// Stops watching users that no subscription names any more.
    fn unwatch(&mut self) {
        let subscriptions = &self.subscriptions;
        self.watch.retain(|id| subscriptions.name(id));
    }

    /// When time will have something to tell.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.watch.next_due().into_iter().chain(self.subscriptions.next_warning()).min()
    }

    /// In the order in which it happened: what time did to one user is noticed after what was done to another.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        self.needs_settling = false;
        self.changes.sort_by_key(|change| change.at);
        std::mem::take(&mut self.changes)
    }

    /// Records, for each subscriber of a user, what has changed about the user.
    fn look(&mut self, id: Guid, now: Timestamp) {
        if !self.watch.has(id) {
            return;
        }
        self.needs_settling = true;
        for (at, pair) in self.watch.look(id, self.users.get(&id).map(Box::as_ref), now) {
            let subscriptions = self.subscriptions.to(id, at);
            self.changes.extend(subscriptions.map(|subscription| {
                let kind = ChangeKind::Presence { user: id, pair: pair.clone() };
                Change::new(subscription, &subscription.notification_url, at, kind)
            }));
        }
    }
}
