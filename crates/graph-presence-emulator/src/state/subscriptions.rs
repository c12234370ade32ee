//! The subscriptions of a tenant.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Guid;

use super::change::{Change, ChangeKind};
use super::subscription::{Subscriber, Subscription, SubscriptionUpdate};

/// The error for an application that already has a subscription to one of the users.
#[derive(Debug)]
pub(crate) struct AlreadySubscribed;

/// The subscriptions of a tenant, the oldest first. Expired subscriptions are not visible.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Subscriptions(Vec<Subscription>);

impl Subscriptions {
    /// Adds a subscription. An application can have one subscription for each user ("Get change notifications for
    /// presence updates in Microsoft Teams"), independent of the signed-in user.
    pub(crate) fn add(&mut self, subscription: Subscription, now: Timestamp) -> Result<(), AlreadySubscribed> {
        self.remove_expired(now);
        let is_subscribed = self
            .0
            .iter()
            .filter(|other| other.subscriber.application == subscription.subscriber.application)
            .any(|other| !other.users.is_disjoint(&subscription.users));
        if is_subscribed {
            return Err(AlreadySubscribed);
        }
        self.0.push(subscription);
        Ok(())
    }

    /// Removes expired subscriptions. Returns `true` if there were any.
    pub(super) fn remove_expired(&mut self, now: Timestamp) -> bool {
        let before = self.0.len();
        self.0.retain(|subscription| now < subscription.expires);
        self.0.len() < before
    }

    /// Returns `true` if a subscription includes the user.
    pub(super) fn include(&self, user: Guid) -> bool {
        self.0.iter().any(|subscription| subscription.users.contains(&user))
    }

    /// Returns the subscriptions that receive a notification of a change of the user's presence at `at`.
    pub(super) fn for_user(&self, user: Guid, at: Timestamp) -> impl Iterator<Item = &Subscription> {
        self.0.iter().filter(move |subscription| at < subscription.expires && subscription.users.contains(&user))
    }

    /// Returns a change for each subscription that requires reauthorization, once for each expiration.
    pub(super) fn take_reauthorizations(&mut self, now: Timestamp) -> Vec<Change> {
        let due = self.0.iter_mut().filter(|subscription| {
            !subscription.reauthorization_requested && subscription.reauthorization_due() <= now
        });
        due.filter_map(|subscription| {
            subscription.reauthorization_requested = true;
            let url = subscription.lifecycle_notification_url.as_deref()?;
            let at = subscription.reauthorization_due();
            Some(Change::new(subscription, url, at, ChangeKind::ReauthorizationRequired))
        })
        .collect()
    }

    pub(super) fn next_reauthorization(&self) -> Option<Timestamp> {
        let pending = self.0.iter().filter(|subscription| !subscription.reauthorization_requested);
        pending.map(Subscription::reauthorization_due).min()
    }

    /// Returns the subscriptions of a subscriber.
    pub(crate) fn of(&self, subscriber: Subscriber, now: Timestamp) -> impl Iterator<Item = &Subscription> {
        self.0.iter().filter(move |subscription| subscription.is_visible_to(subscriber, now))
    }

    pub(crate) fn find(&self, subscriber: Subscriber, id: Guid, now: Timestamp) -> Option<&Subscription> {
        self.of(subscriber, now).find(|subscription| subscription.id == id)
    }

    pub(super) fn update(
        &mut self,
        subscriber: Subscriber,
        id: Guid,
        update: SubscriptionUpdate,
        now: Timestamp,
    ) -> Option<&Subscription> {
        let subscription = self
            .0
            .iter_mut()
            .find(|subscription| subscription.id == id && subscription.is_visible_to(subscriber, now))?;
        if let Some(expires) = update.expires {
            subscription.expires = expires;
            subscription.reauthorization_requested = false;
        }
        if let Some(url) = update.notification_url {
            subscription.notification_url = url;
        }
        Some(subscription)
    }

    /// Removes a subscription. Returns `true` if it existed.
    pub(crate) fn remove(&mut self, subscriber: Subscriber, id: Guid, now: Timestamp) -> bool {
        let found = self.find(subscriber, id, now).is_some();
        self.0.retain(|subscription| !found || subscription.id != id);
        found
    }
}
