//! A subscription as the service returns it.

use std::fmt;

use jiff::Timestamp;

/// A subscription as the service returns it. The users and the client state are redacted in `Debug`.
///
/// Source: documentation page `subscription` (resource).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subscription {
    /// The id, which the other requests need.
    pub id: String,
    /// The resource: `communications/presences/{id}`, or `communications/presences` with several ids in `$filter`.
    pub resource: String,
    /// The time at which the subscription expires, which may be earlier than requested.
    pub expires_at: Option<Timestamp>,
    /// The URL to which the service sends change notifications.
    pub notification_url: Option<String>,
    /// The URL to which the service sends lifecycle notifications.
    pub lifecycle_notification_url: Option<String>,
    /// The secret that every notification contains. `None` in lists.
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
