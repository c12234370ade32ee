//! Changes that subscribers are notified of.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Guid;

use super::pair::Pair;
use super::subscription::Subscription;

/// A change that the subscriber of one subscription is notified of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) subscription: Guid,
    pub(crate) tenant: Guid,
    pub(crate) url: String,
    pub(crate) client_state: Option<String>,
    /// The resource of the subscription, as it was sent.
    pub(crate) resource: String,
    pub(crate) expires: Timestamp,
    /// The subscribed application, to which notifications with resource data are addressed.
    pub(crate) application: Guid,
    /// The certificate to encrypt resource data for, if the subscription includes it.
    pub(crate) certificate: Option<String>,
    pub(crate) certificate_id: Option<String>,
    /// When it happened.
    pub(crate) at: Timestamp,
    #[serde(rename = "event")]
    pub(crate) kind: ChangeKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ChangeKind {
    /// The presence of a user changed.
    #[serde(rename = "Changed")]
    Presence { user: Guid, pair: Pair },
    /// The subscription is about to expire.
    ReauthorizationRequired,
}

impl Change {
    pub(super) fn new(subscription: &Subscription, url: &str, at: Timestamp, kind: ChangeKind) -> Self {
        Self {
            subscription: subscription.id,
            tenant: subscription.subscriber.tenant,
            url: url.to_owned(),
            client_state: subscription.client_state.clone(),
            resource: subscription.resource.clone(),
            expires: subscription.expires,
            application: subscription.subscriber.application,
            certificate: subscription.encryption_certificate.clone(),
            certificate_id: subscription.encryption_certificate_id.clone(),
            at,
            kind,
        }
    }
}
