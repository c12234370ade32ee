//! All subscriptions of a tenant.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Guid;

use super::change::{Change, ChangeKind};
use super::subscription::{Renewal, Subscriber, Subscription};

/// The application has a subscription to one of these users.
#[derive(Debug)]
pub(crate) struct AlreadySubscribed;

/// All subscriptions, the oldest first. One that has expired is not seen any more.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Subscriptions(Vec<Subscription>);

impl Subscriptions {
    /// An application has one subscription for each user ("Get change notifications for presence updates in
    /// Microsoft Teams"), independent of the signed-in user.
    pub(crate) fn add(&mut self, subscription: Subscription, now: Timestamp) -> Result<(), AlreadySubscribed> {
        self.purge(now);
        let is_taken = self
            .0
            .iter()
            .filter(|other| other.subscriber.application == subscription.subscriber.application)
            .any(|other| !other.users.is_disjoint(&subscription.users));
        if is_taken {
            return Err(AlreadySubscribed);
        }
        self.0.push(subscription);
        Ok(())
    }

    /// Removes expired subscriptions. Returns `true` if there were any.
    pub(super) fn purge(&mut self, now: Timestamp) -> bool {
        let before = self.0.len();
        self.0.retain(|subscription| now < subscription.expires);
        self.0.len() < before
    }

    /// Returns `true` if a subscription names the user.
    pub(super) fn name(&self, user: Guid) -> bool {
        self.0.iter().any(|subscription| subscription.users.contains(&user))
    }

    /// Returns the subscriptions to notify of a change of the user at that instant.
    pub(super) fn to(&self, user: Guid, at: Timestamp) -> impl Iterator<Item = &Subscription> {
        self.0.iter().filter(move |subscription| at < subscription.expires && subscription.users.contains(&user))
    }

    /// Returns a reauthorization request for each subscription that is about to end, once.
    pub(super) fn warn(&mut self, now: Timestamp) -> Vec<Change> {
        let due = self.0.iter_mut().filter(|subscription| !subscription.is_warned && subscription.warned_at() <= now);
        due.filter_map(|subscription| {
            subscription.is_warned = true;
            let url = subscription.lifecycle_notification_url.as_deref()?;
            Some(Change::new(subscription, url, subscription.warned_at(), ChangeKind::ReauthorizationRequired))
        })
        .collect()
    }

    pub(super) fn next_warning(&self) -> Option<Timestamp> {
        self.0.iter().filter(|subscription| !subscription.is_warned).map(Subscription::warned_at).min()
    }

    /// The subscriptions of one subscriber.
    pub(crate) fn of(&self, subscriber: Subscriber, now: Timestamp) -> impl Iterator<Item = &Subscription> {
        self.0.iter().filter(move |subscription| subscription.is_seen_by(subscriber, now))
    }

    pub(crate) fn find(&self, subscriber: Subscriber, id: Guid, now: Timestamp) -> Option<&Subscription> {
        self.of(subscriber, now).find(|subscription| subscription.id == id)
    }

    pub(super) fn renew(
        &mut self,
        subscriber: Subscriber,
        id: Guid,
        renewal: Renewal,
        now: Timestamp,
    ) -> Option<&Subscription> {
        let subscription =
            self.0.iter_mut().find(|subscription| subscription.id == id && subscription.is_seen_by(subscriber, now))?;
        if let Some(expires) = renewal.expires {
            subscription.expires = expires;
            subscription.is_warned = false;
        }
        if let Some(url) = renewal.notification_url {
            subscription.notification_url = url;
        }
        Some(subscription)
    }

    /// Removes a subscription. Returns `true` if there was one.
    pub(crate) fn remove(&mut self, subscriber: Subscriber, id: Guid, now: Timestamp) -> bool {
        let found = self.find(subscriber, id, now).is_some();
        self.0.retain(|subscription| !found || subscription.id != id);
        found
    }
}
