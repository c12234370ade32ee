//! Subscriptions: being told of changes instead of asking.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::date_time::in_ticks;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::loopback::is_loopback;
use crate::operation::Operation;
use crate::transport::Transport;

/// The most people of one subscription.
const MAX_IDS: usize = 650;
/// The longest that a subscription lasts without being renewed.
const LONGEST: Duration = Duration::from_mins(60);
const LONGEST_CLIENT_STATE: usize = 128;

/// The subscriptions of the application to changes of presences. All calls need a token on behalf of a person.
///
/// A person can be in one subscription of an application only. A subscription lasts an hour at most and is then renewed.
///
/// ```
/// use graph_presence::{Client, NewSubscription, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let ada = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
/// # let token = graph_presence::AccessToken::new(emulator.token(Caller::user(Guid::parse(ada)?)));
/// # let client = Client::builder(token).base_url(emulator.url()).build()?;
///
/// let people = [UserId::parse("66825e03-7ef5-42da-9069-724602c31f6b")?];
/// let wanted = NewSubscription::to(people, "https://example.com/notifications")?;
/// let subscriptions = client.subscriptions();
/// let subscription = subscriptions.create(wanted).await?;
/// let renewed = subscriptions.renew(&subscription.id, std::time::Duration::from_secs(3600)).await?;
/// assert_eq!(renewed.id, subscription.id);
/// subscriptions.delete(&subscription.id).await?;
/// # Ok(())
/// # }
/// ```
///
/// Source: documentation page "Get change notifications for presence updates".
#[derive(Clone, Debug)]
pub struct Subscriptions {
    transport: Arc<Transport>,
}

impl Subscriptions {
    pub(crate) fn new(transport: Arc<Transport>) -> Self {
        Self { transport }
    }

    /// The application's subscriptions to presences, from all pages of the service's list; others are left out.
    ///
    /// # Errors
    ///
    /// When no token is to be had, no answer comes, Graph refuses, or the answer is not to be read.
    pub async fn list(&self) -> Result<Vec<Subscription>> {
        self.transport.list_subscriptions().await
    }

    /// One subscription.
    ///
    /// # Errors
    ///
    /// As [`Subscriptions::list`]; [`Error::is_not_found`] when there is none of the id, or no more.
    pub async fn get(&self, id: &str) -> Result<Subscription> {
        self.transport.get_subscription(id).await
    }

    /// Creates a subscription, after the service has asked the notification URL whether it is wanted.
    ///
    /// It is tried again only where the service cannot have acted: a second subscription would be refused.
    ///
    /// # Errors
    ///
    /// As [`Subscriptions::list`]; 409 when one of the people is in another subscription of the application.
    pub async fn create(&self, wanted: NewSubscription) -> Result<Subscription> {
        let now = self.transport.now();
        let end = end(now, wanted.expires_after).map_err(|error| error.during(Operation::CreateSubscription))?;
        self.transport.create_subscription(&wanted, end).await
    }

    /// Has a subscription last for `duration` from now, an hour at most. The service may grant less: what counts is
    /// [`Subscription::expires_at`] of the answer.
    ///
    /// # Errors
    ///
    /// When `duration` is longer than an hour or none at all; as [`Subscriptions::get`].
    pub async fn renew(&self, id: &str, duration: Duration) -> Result<Subscription> {
        let end = end(self.transport.now(), duration).map_err(|error| error.during(Operation::UpdateSubscription))?;
        self.transport.renew_subscription(id, end).await
    }

    /// Ends a subscription.
    ///
    /// # Errors
    ///
    /// As [`Subscriptions::get`].
    pub async fn delete(&self, id: &str) -> Result<()> {
        self.transport.delete_subscription(id).await
    }

    /// Answers the service's demand for a new authorization, which came as a lifecycle notification.
    ///
    /// # Errors
    ///
    /// As [`Subscriptions::get`].
    pub async fn reauthorize(&self, id: &str) -> Result<()> {
        self.transport.reauthorize_subscription(id).await
    }
}

fn end(now: Timestamp, duration: Duration) -> Result<Timestamp> {
    if duration.is_zero() || duration > LONGEST {
        let value = crate::iso8601::write(duration);
        return Err(Error::invalid("subscription expiration", &value, "longer than none and at most PT1H"));
    }
    now.checked_add(duration)
        .map(in_ticks)
        .map_err(|_| Error::invalid("clock", &now.to_string(), "a time from which an hour can be counted"))
}

/// A subscription to be created. The people, the client state and the certificate do not print.
///
/// ```
/// use graph_presence::{NewSubscription, UserId};
///
/// let people = [UserId::parse("66825e03-7ef5-42da-9069-724602c31f6b")?];
/// let wanted = NewSubscription::to(people, "https://example.com/notifications")?
///     .lifecycle_notifications_to("https://example.com/lifecycle")?
///     .client_state("known to both of us")?
///     .expires_after(std::time::Duration::from_secs(1800));
/// # let _ = wanted;
/// # Ok::<(), graph_presence::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "nothing happens until it is given to `Subscriptions::create`"]
pub struct NewSubscription {
    pub(crate) resource: String,
    pub(crate) notification_url: String,
    pub(crate) lifecycle_notification_url: Option<String>,
    pub(crate) client_state: Option<String>,
    pub(crate) certificate: Option<(String, String)>,
    expires_after: Duration,
}

impl NewSubscription {
    /// Changes of these people, told to an HTTPS URL, for an hour.
    ///
    /// # Errors
    ///
    /// When there is nobody, or there are more than 650, or one is named by [`UserId::principal_name`]; when the URL is not
    /// HTTPS, nor HTTP on loopback.
    pub fn to(people: impl IntoIterator<Item = UserId>, notification_url: &str) -> Result<Self> {
        let mut ids: Vec<_> = people.into_iter().collect();
        ids.sort();
        ids.dedup();
        let resource = match ids.as_slice() {
            [] => return Err(Error::invalid("number of ids", "0", "at least one")),
            [one] => format!("communications/presences/{}", one.object_id()?),
            many if many.len() > MAX_IDS => {
                let rule = format!("at most {MAX_IDS} in one subscription");
                return Err(Error::invalid("number of ids", &many.len().to_string(), &rule));
            }
            many => {
                let quoted = many.iter().map(|id| id.object_id().map(|id| format!("'{id}'")));
                format!("communications/presences?$filter=id in ({})", quoted.collect::<Result<Vec<_>>>()?.join(","))
            }
        };
        Ok(Self {
            resource,
            notification_url: secure("notification URL", notification_url)?,
            lifecycle_notification_url: None,
            client_state: None,
            certificate: None,
            expires_after: LONGEST,
        })
    }

    /// How long it lasts unless it is renewed: an hour at most, which it is when not said.
    pub fn expires_after(mut self, duration: Duration) -> Self {
        self.expires_after = duration;
        self
    }

    /// Where the service tells what happens to the subscription itself.
    ///
    /// # Errors
    ///
    /// When the URL is not HTTPS, nor HTTP on loopback.
    pub fn lifecycle_notifications_to(mut self, url: &str) -> Result<Self> {
        self.lifecycle_notification_url = Some(secure("lifecycle notification URL", url)?);
        Ok(self)
    }

    /// A secret that every notification repeats, so that a forged one is known.
    ///
    /// # Errors
    ///
    /// When it has more than 128 characters.
    pub fn client_state(mut self, secret: impl Into<String>) -> Result<Self> {
        let secret = secret.into();
        let length = secret.chars().count();
        if length > LONGEST_CLIENT_STATE {
            let shape = format!("a text of {length} characters");
            return Err(Error::invalid_unprinted("client state", &shape, "at most 128 characters"));
        }
        self.client_state = Some(secret);
        Ok(self)
    }

    /// Has the notifications carry the presence itself, encrypted for this certificate.
    ///
    /// `certificate` is the public certificate, base64 of its DER form; `id` is your own name for it, which the
    /// notifications repeat.
    pub fn with_presence_for(mut self, certificate: impl Into<String>, id: impl Into<String>) -> Self {
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
            .field("with_presence", &self.certificate.is_some())
            .field("expires_after", &self.expires_after)
            .finish_non_exhaustive()
    }
}

/// What the service will call back, over a connection that nobody reads along.
fn secure(field: &str, text: &str) -> Result<String> {
    let refuse = |rule: &str| Error::invalid(field, text, rule);
    let url = Url::parse(text).map_err(|error| Error::invalid_input(format!("invalid {field} \"{text}\": {error}")))?;
    match (url.scheme(), is_loopback(&url)) {
        ("https", _) | ("http", true) => Ok(text.to_owned()),
        _ => Err(refuse("an https URL, or http on a loopback address")),
    }
}

/// A subscription as the service has it. The people and the client state do not print.
///
/// Source: documentation page `subscription` (resource).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subscription {
    /// Its id, for all further calls.
    pub id: String,
    /// What it tells of: `communications/presences/{id}`, or many ids in a filter.
    pub resource: String,
    /// When it ends. It may be earlier than was asked for.
    pub expires_at: Option<Timestamp>,
    /// Where the service sends the notifications.
    pub notification_url: Option<String>,
    /// Where the service tells what happens to the subscription itself.
    pub lifecycle_notification_url: Option<String>,
    /// The secret that every notification repeats. Lists leave it out.
    pub client_state: Option<String>,
    /// Whether the notifications carry the presence itself.
    pub includes_presence: bool,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Subscription")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .field("notification_url", &self.notification_url)
            .field("lifecycle_notification_url", &self.lifecycle_notification_url)
            .field("includes_presence", &self.includes_presence)
            .finish_non_exhaustive()
    }
}
