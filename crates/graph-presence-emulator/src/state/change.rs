//! Changes about which subscribers are notified.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Guid;

use super::pair::Pair;
use super::subscription::Subscription;

/// A change about which a subscriber is notified, with the parts of the subscription that the notification contains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) subscription: Guid,
    pub(crate) tenant: Guid,
    pub(crate) url: String,
    pub(crate) client_state: Option<String>,
    /// The resource of the subscription, as in the request.
    pub(crate) resource: String,
    pub(crate) expires: Timestamp,
    /// The application of the subscriber, which is the audience of validation tokens.
    pub(crate) application: Guid,
    /// The certificate for the encryption of resource data, if the subscription includes it.
    pub(crate) certificate: Option<String>,
    pub(crate) certificate_id: Option<String>,
    /// The time of the change.
    pub(crate) at: Timestamp,
    pub(crate) kind: ChangeKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ChangeKind {
    /// The presence of a user changed.
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
