//! A subscription to create.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::date_time::truncate_to_ticks;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::loopback::is_loopback;

/// The maximum number of users of a subscription.
const MAX_IDS: usize = 650;
/// The maximum lifetime of a subscription.
const MAX_LIFETIME: Duration = Duration::from_mins(60);
/// The maximum length of the client state, in characters.
const MAX_CLIENT_STATE: usize = 128;

/// A subscription to create. The users, the client state and the certificate are redacted in `Debug`.
///
/// ```
/// use graph_presence::UserId;
/// use graph_presence::subscription::NewSubscription;
///
/// let users = [UserId::parse("66825e03-7ef5-42da-9069-724602c31f6b")?];
/// let subscription = NewSubscription::new(&users, "https://example.com/notifications")?
///     .lifecycle_notification_url("https://example.com/lifecycle")?
///     .client_state("a secret value")?
///     .expires_after(std::time::Duration::from_secs(1800));
/// # let _ = subscription;
/// # Ok::<(), graph_presence::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "does nothing until it is passed to `Subscriptions::create`"]
pub struct NewSubscription {
    pub(crate) resource: String,
    pub(crate) notification_url: String,
    pub(crate) lifecycle_notification_url: Option<String>,
    pub(crate) client_state: Option<String>,
    pub(crate) certificate: Option<(String, String)>,
    pub(crate) expires_after: Duration,
}

impl NewSubscription {
    /// Creates a subscription to changes of the presences of `users`, with the URL for change notifications.
    ///
    /// # Errors
    ///
    /// Returns an error if the number of users is not 1 to 650, or the URL is neither HTTPS nor HTTP on loopback.
    pub fn new(users: impl IntoIterator<Item: Into<UserId>>, notification_url: &str) -> Result<Self> {
        let mut ids: Vec<UserId> = users.into_iter().map(Into::into).collect();
        ids.sort_unstable();
        ids.dedup();
        let resource = match ids.as_slice() {
            [id] => format!("communications/presences/{id}"),
            ids if (1..=MAX_IDS).contains(&ids.len()) => {
                let quoted: Vec<_> = ids.iter().map(|id| format!("'{id}'")).collect();
                format!("communications/presences?$filter=id in ({})", quoted.join(","))
            }
            ids => return Err(Error::out_of_range("number of ids", ids.len(), format_args!("1 to {MAX_IDS}"))),
        };
        Ok(Self {
            resource,
            notification_url: checked_url("notification URL", notification_url)?,
            lifecycle_notification_url: None,
            client_state: None,
            certificate: None,
            expires_after: MAX_LIFETIME,
        })
    }

    /// Sets the time until the subscription expires if it is not renewed: more than zero and at most an hour. Defaults
    /// to an hour.
    pub fn expires_after(mut self, duration: Duration) -> Self {
        self.expires_after = duration;
        self
    }

    /// Sets the URL for lifecycle notifications, which report events of the subscription itself.
    ///
    /// # Errors
    ///
    /// Returns an error if the URL is neither HTTPS nor HTTP on loopback.
    pub fn lifecycle_notification_url(mut self, url: &str) -> Result<Self> {
        self.lifecycle_notification_url = Some(checked_url("lifecycle notification URL", url)?);
        Ok(self)
    }

    /// Sets a secret that every notification contains, so that forged notifications can be detected.
    ///
    /// # Errors
    ///
    /// Returns an error if the secret has more than 128 characters.
    pub fn client_state(mut self, secret: impl Into<String>) -> Result<Self> {
        let secret = secret.into();
        let length = secret.chars().count();
        if length > MAX_CLIENT_STATE {
            let value = format_args!("{length} characters");
            return Err(Error::out_of_range(
                "client state",
                value,
                format_args!("at most {MAX_CLIENT_STATE} characters"),
            ));
        }
        self.client_state = Some(secret);
        Ok(self)
    }

    /// Requests notifications with the presence, encrypted for this certificate.
    ///
    /// `certificate` is the public certificate, in DER format and base64 encoded. `id` is a name of your choice, which
    /// the notifications contain.
    pub fn include_resource_data(mut self, certificate: impl Into<String>, id: impl Into<String>) -> Self {
        self.certificate = Some((certificate.into(), id.into()));
        self
    }
}

impl fmt::Debug for NewSubscription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewSubscription")
            .field("notification_url", &self.notification_url)
            .field("lifecycle_notification_url", &self.lifecycle_notification_url)
            .field("includes_resource_data", &self.certificate.is_some())
            .field("expires_after", &self.expires_after)
            .finish_non_exhaustive()
    }
}

/// Returns the time at which a subscription with this lifetime expires, in the precision of the service.
pub(super) fn expires_at(now: Timestamp, duration: Duration) -> Result<Timestamp> {
    if duration.is_zero() || duration > MAX_LIFETIME {
        let value = crate::iso8601::format(duration);
        return Err(Error::out_of_range("subscription expiration", value, "more than PT0S and at most PT1H"));
    }
    now.checked_add(duration)
        .map(truncate_to_ticks)
        .map_err(|_| Error::invalid("clock", &now.to_string(), "a time to which an hour can be added"))
}

/// Returns the URL if the service may send notifications to it.
fn checked_url(field: &str, text: &str) -> Result<String> {
    let url = Url::parse(text).map_err(|error| Error::invalid_input(format!("invalid {field} \"{text}\": {error}")))?;
    match (url.scheme(), is_loopback(&url)) {
        ("https", _) | ("http", true) => Ok(text.to_owned()),
        _ => Err(Error::invalid(field, text, "an https URL, or http on a loopback address")),
    }
}
