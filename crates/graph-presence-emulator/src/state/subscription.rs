//! A subscription to the presence of users.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Guid;

/// How long before its end the subscriber is asked to renew a subscription. Inferred: no page states it.
const WARNING: SignedDuration = SignedDuration::from_mins(15);

/// An application together with the signed-in user that it acts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subscriber {
    pub(crate) tenant: Guid,
    pub(crate) application: Guid,
    pub(crate) user: Guid,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) id: Guid,
    pub(crate) subscriber: Subscriber,
    /// As it was sent, because responses repeat it.
    pub(crate) resource: String,
    /// The users that the resource names.
    pub(crate) users: BTreeSet<Guid>,
    pub(crate) notification_url: String,
    pub(crate) lifecycle_notification_url: Option<String>,
    pub(crate) client_state: Option<String>,
    pub(crate) include_resource_data: Option<bool>,
    /// In base64, as it was sent; never part of a response.
    pub(crate) encryption_certificate: Option<String>,
    pub(crate) encryption_certificate_id: Option<String>,
    pub(crate) latest_supported_tls_version: Option<String>,
    pub(crate) expires: Timestamp,
    /// Whether the subscriber was asked to renew it.
    pub(crate) is_warned: bool,
}

/// What can be changed about a subscription ("subscription resource type", methods).
#[derive(Debug)]
pub(crate) struct Renewal {
    pub(crate) expires: Option<Timestamp>,
    pub(crate) notification_url: Option<String>,
}

impl Subscription {
    /// When the subscriber is asked to renew it.
    pub(super) fn warned_at(&self) -> Timestamp {
        self.expires.checked_sub(WARNING).unwrap_or(Timestamp::MIN)
    }

    pub(super) fn is_seen_by(&self, subscriber: Subscriber, now: Timestamp) -> bool {
        self.subscriber == subscriber && now < self.expires
    }
}
