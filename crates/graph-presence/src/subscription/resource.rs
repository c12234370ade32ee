//! A subscription of the service.

use std::fmt;

use jiff::Timestamp;

/// A subscription as the service has it. The users and the client state are redacted in `Debug`.
///
/// Source: documentation page `subscription` (resource).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subscription {
    /// The id, for all further calls.
    pub id: String,
    /// The resource: `communications/presences/{id}`, or several ids in a filter.
    pub resource: String,
    /// When the subscription expires. May be earlier than requested.
    pub expires_at: Option<Timestamp>,
    /// Where the service sends the change notifications.
    pub notification_url: Option<String>,
    /// Where the service sends lifecycle notifications.
    pub lifecycle_notification_url: Option<String>,
    /// The secret that every notification repeats. Lists leave it out.
    pub client_state: Option<String>,
    /// Whether the notifications contain the presence.
    pub includes_resource_data: bool,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Subscription")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .field("notification_url", &self.notification_url)
            .field("lifecycle_notification_url", &self.lifecycle_notification_url)
            .field("includes_resource_data", &self.includes_resource_data)
            .finish_non_exhaustive()
    }
}
