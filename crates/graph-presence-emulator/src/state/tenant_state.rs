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
use super::subscription::{Subscriber, Subscription, SubscriptionUpdate};
use super::subscriptions::{AlreadySubscribed, Subscriptions};
use super::user::{self, OutOfOffice, Sequence, Shown, UserState};
use super::watched_users::WatchedUsers;

/// The state of a tenant: its users, and the subscriptions to them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct TenantState {
    /// The users by id. The states are boxed, because the capacity of a map can be twice its length: an unused entry
    /// then occupies only an id and a pointer.
    users: HashMap<Guid, Box<UserState>, RandomState>,
    pub(crate) subscriptions: Subscriptions,
    watched_users: WatchedUsers,
    /// The changes about which subscribers have not been notified yet.
    changes: Vec<Change>,
    /// Whether the state has changed since the last call of [`Self::take_changes`] in a way that may cause
    /// notifications, now or later.
    #[serde(skip)]
    needs_settling: bool,
    /// The order of the session that was set last. Timestamps are not sufficient, because two sessions can be set at
    /// one instant.
    last_order: u64,
}

/// The presence of a user at one instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Presence<'a> {
    pub(crate) id: Guid,
    pub(crate) shown: &'a Shown,
    /// `None` for an unknown user, whose presence does not have a sequence number.
    pub(crate) sequence: Option<Sequence>,
}

impl TenantState {
    /// Adds a user without sessions, whose presence is Offline instead of PresenceUnknown.
    pub(crate) fn add_user(&mut self, id: Guid, now: Timestamp) {
        self.users.entry(id).or_default();
        self.record_changes(id, now);
    }

    pub(crate) fn sign_in(&mut self, id: Guid, pair: Pair, now: Timestamp) {
        self.insert_session(id, Holder::TeamsClient, pair, Lifetime::SignedIn, now);
    }

    pub(crate) fn sign_out(&mut self, id: Guid, now: Timestamp) {
        self.update(id, now, |user| user.sessions.remove(&Holder::TeamsClient));
    }

    /// Creates or renews the session of an application.
    pub(crate) fn set_session(&mut self, id: Guid, session_id: &str, pair: Pair, expiration: Duration, now: Timestamp) {
        let lifetime = Lifetime::Expires(expiration);
        self.insert_session(id, Holder::application(session_id), pair, lifetime, now);
    }

    /// Removes the session of an application. Returns `false` if it does not exist.
    pub(crate) fn clear_session(&mut self, id: Guid, session_id: &str, now: Timestamp) -> bool {
        let holder = Holder::application(session_id);
        self.update_known(id, now, |user| user.sessions.remove(&holder)).flatten().is_some()
    }

    pub(crate) fn set_preference(&mut self, id: Guid, pair: Pair, expiration: Duration, now: Timestamp) {
        self.update(id, now, |user| user.preference = Some(Preference { pair, expiration, set_at: now }));
    }

    pub(crate) fn clear_preference(&mut self, id: Guid, now: Timestamp) {
        self.update_known(id, now, |user| user.preference = None);
    }

    /// Publishes a status message, or clears it.
    pub(crate) fn set_status_message(&mut self, id: Guid, message: Option<StatusMessage>, now: Timestamp) {
        self.update(id, now, |user| user.status_message = message);
    }

    pub(crate) fn set_out_of_office(&mut self, id: Guid, out_of_office: OutOfOffice, now: Timestamp) {
        self.update(id, now, |user| user.out_of_office = out_of_office);
    }

    /// Sets whether the calendar has a current meeting.
    pub(crate) fn set_in_meeting(&mut self, id: Guid, in_meeting: bool, now: Timestamp) {
        self.update(id, now, |user| user.in_meeting = in_meeting);
    }

    /// Removes a user. Returns `false` if the user is unknown.
    pub(crate) fn remove_user(&mut self, id: Guid, now: Timestamp) -> bool {
        self.record_changes(id, now);
        let was_known = self.users.remove(&id).is_some();
        self.record_changes(id, now);
        was_known
    }

    /// Explains the presence of a user; `None` for an unknown user. Changes nothing, not even the sequence number.
    pub(crate) fn explain(&self, id: Guid, now: Timestamp) -> Option<Explanation> {
        self.users.get(&id).map(|user| Explanation::new(id, user, now))
    }

    pub(crate) fn len(&self) -> usize {
        self.users.len()
    }

    /// Returns the availability and the activity of a user, or `None` for an unknown user.
    pub(crate) fn pair(&self, id: Guid, now: Timestamp) -> Option<Pair> {
        Some(self.users.get(&id)?.pair(now))
    }

    /// Returns `true` if availability, activity or status message of a user contain a lower-case text.
    pub(crate) fn matches(&self, id: Guid, text: &str, now: Timestamp) -> bool {
        self.users.get(&id).is_some_and(|user| user.matches(text, now))
    }

    /// Returns the next time at which fading or an expiry may change the presence of a user.
    pub(crate) fn next_change(&self, id: Guid, now: Timestamp) -> Option<Timestamp> {
        self.users.get(&id)?.next_change(now)
    }

    /// Returns all known users in arbitrary order.
    pub(crate) fn users(&self) -> impl Iterator<Item = Guid> {
        self.users.keys().copied()
    }

    pub(crate) fn set_manual_location(&mut self, id: Guid, place: Place, now: Timestamp) {
        self.update(id, now, |user| user.location.manual.set(place, now));
    }

    pub(crate) fn set_automatic_location(&mut self, id: Guid, place: Place, now: Timestamp) {
        self.update(id, now, |user| user.location.automatic.set(place, now));
    }

    pub(crate) fn set_scheduled_location(&mut self, id: Guid, place: Option<Place>, now: Timestamp) {
        self.update(id, now, |user| user.location.scheduled = place);
    }

    pub(crate) fn clear_location(&mut self, id: Guid, now: Timestamp) {
        self.update_known(id, now, |user| user.location.clear_for_date(now));
    }

    pub(crate) fn clear_automatic_location(&mut self, id: Guid, now: Timestamp) {
        self.update_known(id, now, |user| user.location.automatic.clear());
    }

    /// Returns the presence of a user. Inferred, because no page documents it: an unknown user is PresenceUnknown
    /// instead of an error.
    pub(crate) fn presence(&mut self, id: Guid, now: Timestamp) -> Presence<'_> {
        match self.users.get_mut(&id).map(|user| user.observe(now)) {
            Some((sequence, shown)) => Presence { id, shown, sequence: Some(sequence) },
            None => Presence { id, shown: &user::UNKNOWN, sequence: None },
        }
    }

    fn insert_session(&mut self, id: Guid, holder: Holder, pair: Pair, lifetime: Lifetime, now: Timestamp) {
        self.last_order += 1;
        let session = Session { pair, lifetime, set_at: now, order: self.last_order };
        self.update(id, now, |user| user.sessions.insert(holder, session));
    }

    /// Updates a user, and adds the user if it is unknown.
    fn update<T>(&mut self, id: Guid, now: Timestamp, function: impl FnOnce(&mut UserState) -> T) -> T {
        self.record_changes(id, now);
        let outcome = self.users.entry(id).or_default().update(now, function);
        self.record_changes(id, now);
        outcome
    }

    /// Updates a user if it is known. Used to remove state, of which an unknown user has none.
    fn update_known<T>(&mut self, id: Guid, now: Timestamp, function: impl FnOnce(&mut UserState) -> T) -> Option<T> {
        self.record_changes(id, now);
        let outcome = self.users.get_mut(&id)?.update(now, function);
        self.record_changes(id, now);
        Some(outcome)
    }

    /// Adds a subscription to future changes.
    pub(crate) fn subscribe(&mut self, subscription: Subscription, now: Timestamp) -> Result<(), AlreadySubscribed> {
        self.settle(now);
        let users = subscription.users.clone();
        self.subscriptions.add(subscription, now)?;
        for id in users {
            if !self.watched_users.contains(id) {
                self.watched_users.observe(id, self.users.get(&id).map(Box::as_ref), now);
            }
        }
        Ok(())
    }

    pub(crate) fn unsubscribe(&mut self, subscriber: Subscriber, id: Guid, now: Timestamp) -> bool {
        let removed = self.subscriptions.remove(subscriber, id, now);
        self.settle(now);
        self.unwatch_users();
        removed
    }

    pub(crate) fn update_subscription(
        &mut self,
        subscriber: Subscriber,
        id: Guid,
        update: SubscriptionUpdate,
        now: Timestamp,
    ) -> Option<&Subscription> {
        self.needs_settling = true;
        self.subscriptions.update(subscriber, id, update, now)
    }

    /// Records the changes caused by fading and expiries until `now`, for [`Self::take_changes`].
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.needs_settling = true;
        for id in self.watched_users.due(now) {
            self.record_changes(id, now);
        }
        self.changes.extend(self.subscriptions.take_reauthorizations(now));
        if self.subscriptions.remove_expired(now) {
            self.unwatch_users();
        }
    }

    /// Returns `true` if [`Self::settle`] is required for reasons other than time.
    pub(super) fn needs_settling(&self) -> bool {
        self.needs_settling
    }

    /// Stops watching users who are no longer part of a subscription.
    fn unwatch_users(&mut self) {
        let subscriptions = &self.subscriptions;
        self.watched_users.retain(|id| subscriptions.include(id));
    }

    /// Returns the next time at which fading or an expiry may cause a change.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.watched_users.next_due().into_iter().chain(self.subscriptions.next_reauthorization()).min()
    }

    /// Returns the recorded changes in chronological order. They are recorded in another order, because the effects of
    /// time on one user can be recorded after a later update of another user.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        self.needs_settling = false;
        self.changes.sort_by_key(|change| change.at);
        std::mem::take(&mut self.changes)
    }

    /// Records the changes of a user's presence for each of its subscribers.
    fn record_changes(&mut self, id: Guid, now: Timestamp) {
        if !self.watched_users.contains(id) {
            return;
        }
        self.needs_settling = true;
        for (at, pair) in self.watched_users.observe(id, self.users.get(&id).map(Box::as_ref), now) {
            let subscriptions = self.subscriptions.for_user(id, at);
            self.changes.extend(subscriptions.map(|subscription| {
                let kind = ChangeKind::Presence { user: id, pair: pair.clone() };
                Change::new(subscription, &subscription.notification_url, at, kind)
            }));
        }
    }
}
