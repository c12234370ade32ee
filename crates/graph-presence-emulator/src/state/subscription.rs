//! A subscription to the presence of users.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Guid;

/// The time before its expiration at which a subscription requires reauthorization. Inferred: no page specifies it.
const REAUTHORIZATION_LEAD_TIME: SignedDuration = SignedDuration::from_mins(15);

/// The owner of a subscription: an application together with the signed-in user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subscriber {
    pub(crate) tenant: Guid,
    pub(crate) application: Guid,
    pub(crate) user: Guid,
}

/// A subscription to the presence of one or more users.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) id: Guid,
    pub(crate) subscriber: Subscriber,
    /// The resource as in the request, because responses repeat it.
    pub(crate) resource: String,
    /// The users in the resource.
    pub(crate) users: BTreeSet<Guid>,
    pub(crate) notification_url: String,
    pub(crate) lifecycle_notification_url: Option<String>,
    pub(crate) client_state: Option<String>,
    pub(crate) include_resource_data: Option<bool>,
    /// The certificate in base64, as in the request. Responses do not contain it.
    pub(crate) encryption_certificate: Option<String>,
    pub(crate) encryption_certificate_id: Option<String>,
    pub(crate) latest_supported_tls_version: Option<String>,
    pub(crate) expires: Timestamp,
    /// Whether a `reauthorizationRequired` notification was created for the current expiration.
    pub(crate) reauthorization_requested: bool,
}

/// The properties of a subscription to update ("subscription resource type", methods).
#[derive(Debug)]
pub(crate) struct SubscriptionUpdate {
    pub(crate) expires: Option<Timestamp>,
    pub(crate) notification_url: Option<String>,
}

impl Subscription {
    /// Returns when the `reauthorizationRequired` notification is due.
    pub(super) fn reauthorization_due(&self) -> Timestamp {
        self.expires.checked_sub(REAUTHORIZATION_LEAD_TIME).unwrap_or(Timestamp::MIN)
    }

    /// Returns `true` if the subscription belongs to the subscriber and has not expired.
    pub(super) fn is_visible_to(&self, subscriber: Subscriber, now: Timestamp) -> bool {
        self.subscriber == subscriber && now < self.expires
    }
}
