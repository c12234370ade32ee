//! The client, and how it is built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::clock::{Clock, SystemClock};
use crate::cloud::{ApiVersion, Cloud};
use crate::error::{Error, Result};
use crate::hold::Keeper;
use crate::http_client::HttpClient;
use crate::id::{SessionId, UserId};
use crate::loopback::is_loopback;
use crate::person::{Path, Person};
use crate::presences::GetPresences;
use crate::quota::{Gate, Quota};
use crate::retry::{RetryBudget, RetryPolicy};
use crate::subscription::Subscriptions;
use crate::token::TokenSource;
use crate::token_cache::TokenCache;
use crate::transport::{Shared, Transport};
use crate::watch::Watch;

/// Presence of one tenant, by one source of tokens. Cheap to clone; clones share their connections.
///
/// ```
/// use graph_presence::{Client, Expiration, SessionId, SessionState, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let application = Guid::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?;
/// # let token = graph_presence::AccessToken::new(emulator.token(Caller::application(application)));
///
/// let client = Client::builder(token)
///     .session(SessionId::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?)
/// #   .base_url(emulator.url())
///     .build()?;
/// let user = client.user(UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
/// user.set(SessionState::InACall).expires_after(Expiration::hours(1)?).send().await?;
/// assert_eq!(user.get().send().await?.availability.as_str(), "Busy");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) transport: Arc<Transport>,
    pub(crate) session: Option<SessionId>,
    pub(crate) keeper: Arc<Keeper>,
}

const _: () = {
    const fn shareable<T: Clone + Send + Sync>() {}
    shareable::<Client>();
};

impl Client {
    /// Starts a client that asks `tokens` before each request: an [`AccessToken`](crate::AccessToken), or your own.
    pub fn builder(tokens: impl TokenSource) -> ClientBuilder {
        ClientBuilder {
            tokens: Box::new(tokens),
            base_url: None,
            cloud: Cloud::default(),
            send_unsupported: false,
            version: ApiVersion::default(),
            session: None,
            timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            quota: Some(Quota::default()),
            http_client: None,
            clock: Arc::new(SystemClock::default()),
            chance: Box::new(fastrand::f64),
        }
    }

    /// The person that the token is for, by `/me`. Needs a token on behalf of a person: an application has no presence.
    #[must_use]
    pub fn me(&self) -> Person {
        Person::new(self.clone(), Path::Me)
    }

    /// A person, by `/users/{id}`.
    #[must_use]
    pub fn user(&self, id: UserId) -> Person {
        Person::new(self.clone(), Path::User(id))
    }

    /// A person, by `/communications/presences/{id}`, whether the service answers with the presence or with a collection
    /// of one.
    #[must_use]
    pub fn communications(&self, id: UserId) -> Person {
        Person::new(self.clone(), Path::Communications(id))
    }

    /// The subscriptions to changes of presences.
    #[must_use]
    pub fn subscriptions(&self) -> Subscriptions {
        Subscriptions::new(self.transport.clone())
    }

    /// Any number of people, asked for in calls of [`GetPresences::MAX_IDS`].
    pub fn presences<I: IntoIterator<Item: Into<UserId>>>(&self, ids: I) -> GetPresences<I::IntoIter> {
        GetPresences::new(self.transport.clone(), ids.into_iter())
    }

    /// Watches any number of people: their presences as they are, and each change.
    pub fn watch(&self, ids: impl IntoIterator<Item: Into<UserId>>) -> Watch {
        Watch::new(self.transport.clone(), ids.into_iter().map(Into::into).collect())
    }
}

/// Settings of a [`Client`].
#[must_use]
pub struct ClientBuilder {
    tokens: Box<dyn TokenSource>,
    base_url: Option<String>,
    cloud: Cloud,
    send_unsupported: bool,
    version: ApiVersion,
    session: Option<SessionId>,
    timeout: Duration,
    retry: RetryPolicy,
    quota: Option<Quota>,
    http_client: Option<Box<dyn HttpClient>>,
    clock: Arc<dyn Clock>,
    chance: Box<dyn Fn() -> f64 + Send + Sync>,
}

impl ClientBuilder {
    /// Chooses the cloud; the global service unless said otherwise. What it lacks is refused before it is sent.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Sends also what the cloud is not known to have: what is known may be out of date.
    pub fn send_unsupported(mut self, send: bool) -> Self {
        self.send_unsupported = send;
        self
    }

    /// Takes another root of Graph than the cloud's own, without a version: an emulator, a proxy.
    ///
    /// Plain `http` is for loopback addresses only, because the token goes there.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Chooses the version of the API; v1.0 unless said otherwise.
    pub fn version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Names the application's session, which setting a presence needs: the application's (client) id.
    pub fn session(mut self, id: SessionId) -> Self {
        self.session = Some(id);
        self
    }

    /// How long an attempt may take, from connecting to the last byte of the answer, and how long the source of tokens; 30
    /// seconds unless said otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often and how long a call is tried.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many requests may go out; `None` for as many as there are calls.
    pub fn quota(mut self, quota: impl Into<Option<Quota>>) -> Self {
        self.quota = quota.into();
        self
    }

    /// Has requests carried by `client` instead of by connections of this client's own.
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.http_client = Some(Box::new(client));
        self
    }

    /// Takes another clock than the operating system's, to test hours in an instant.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Takes another source of chance for the waits between attempts: numbers of at least 0 and less than 1.
    pub fn chance(mut self, chance: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.chance = Box::new(chance);
        self
    }

    /// Builds the client. No request is made.
    ///
    /// # Errors
    ///
    /// When the base URL is not `https`, nor `http` on loopback, or has more than scheme, host, port and path; when TLS
    /// cannot be set up.
    pub fn build(self) -> Result<Client> {
        let root = root(self.base_url.as_deref().unwrap_or(self.cloud.url()))?;
        let base = format!("{}/{}", root.as_str().trim_end_matches('/'), self.version.as_str());
        let shared = Shared {
            place: (!self.send_unsupported).then_some((self.cloud, self.version)),
            tokens: TokenCache::new(self.tokens, self.clock.clone()),
            gate: Gate::new(self.quota, self.clock.clone()),
            budget: RetryBudget::default(),
            clock: self.clock,
            chance: self.chance,
            http: self.http_client,
            timeout: self.timeout,
        };
        let transport = Transport::new(base, self.timeout, self.retry, shared)?;
        let keeper = Arc::new(Keeper::new(&transport));
        Ok(Client { transport: Arc::new(transport), session: self.session, keeper })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("base_url", &self.base_url.as_ref().map(|_| format_args!("(redacted)")))
            .field("cloud", &self.cloud)
            .field("send_unsupported", &self.send_unsupported)
            .field("version", &self.version)
            .field("session", &self.session)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}

fn root(text: &str) -> Result<Url> {
    // A secret may have come along in it: only what is no secret is repeated.
    let unreadable = |error: url::ParseError| Error::invalid_unprinted("base URL", "no URL", &error.to_string());
    let url = Url::parse(text).map_err(unreadable)?;
    let refuse = |rule: &str| {
        let shown = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
        Error::invalid("base URL", &shown, rule)
    };
    if !url.has_host() {
        return Err(refuse("a URL with a host"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("a URL of scheme, host, port and path only"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(refuse("https, or http on a loopback address, because the token goes there")),
    }
}
