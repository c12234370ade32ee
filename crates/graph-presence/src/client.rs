//! The client, and its builder.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::binding::UserBinding;
use crate::clock::{Clock, SystemClock};
use crate::cloud::{ApiVersion, Cloud};
use crate::core::Core;
use crate::error::{Error, Result};
use crate::http_client::HttpClient;
use crate::id::{SessionId, UserId};
use crate::loopback::is_loopback;
use crate::presences::GetPresences;
use crate::quota::Quota;
use crate::rate_limiter::RateLimiter;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::subscription::Subscriptions;
use crate::token::TokenSource;
use crate::token_cache::TokenCache;
use crate::transport::{Shared, Transport};
use crate::user_client::UserClient;
use crate::watch::Watch;

/// A client for the presence of one tenant's users. Cheap to clone; clones share connections, tokens, quota and holds.
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
///     .session_id(SessionId::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?)
/// #   .base_url(emulator.url())
///     .build()?;
/// let user = client.user(UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
/// user.set_presence(SessionState::InACall).expires_after(Expiration::hours(1)?).await?;
/// assert_eq!(user.get_presence().await?.availability.as_str(), "Busy");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    core: Core,
}

const _: () = {
    const fn shareable<T: Clone + Send + Sync>() {}
    shareable::<Client>();
};

impl Client {
    /// Creates the builder of a client with the source of its access tokens: an [`AccessToken`](crate::AccessToken), or your
    /// own.
    pub fn builder(tokens: impl TokenSource) -> ClientBuilder {
        ClientBuilder {
            tokens: Box::new(tokens),
            base_url: None,
            cloud: Cloud::default(),
            send_unsupported: false,
            version: ApiVersion::default(),
            session_id: None,
            timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            quota: Some(Quota::default()),
            http_client: None,
            clock: Arc::new(SystemClock::default()),
            jitter: Box::new(|| fastrand::u32(..)),
        }
    }

    /// Returns the client for the signed-in user, by `/me`. Needs a delegated token: an application does not have a presence.
    #[must_use]
    pub fn me(&self) -> UserClient {
        UserClient::new(self.core.target(UserBinding::Me))
    }

    /// Returns the client for a user, by `/users/{id}`.
    #[must_use]
    pub fn user(&self, id: UserId) -> UserClient {
        UserClient::new(self.core.target(UserBinding::User(id)))
    }

    /// Returns the client for a user, by `/communications/presences/{id}`, whether the service responds with the presence or
    /// with a collection of one.
    #[must_use]
    pub fn communications(&self, id: UserId) -> UserClient {
        UserClient::new(self.core.target(UserBinding::Communications(id)))
    }

    /// Returns the requests for subscriptions to changes of presences.
    #[must_use]
    pub fn subscriptions(&self) -> Subscriptions {
        Subscriptions::new(self.transport())
    }

    /// Creates a request for the presence of any number of users, in calls of [`GetPresences::MAX_IDS`].
    pub fn presences<I: IntoIterator<Item: Into<UserId>>>(&self, ids: I) -> GetPresences<I::IntoIter> {
        GetPresences::new(self.transport(), ids.into_iter())
    }

    /// Creates a watch of any number of users: their presences as they are, and each change.
    pub fn watch(&self, ids: impl IntoIterator<Item: Into<UserId>>) -> Watch {
        Watch::new(self.transport(), ids.into_iter().map(Into::into).collect())
    }

    fn transport(&self) -> Arc<Transport> {
        Arc::clone(&self.core.transport)
    }
}

/// Builder of a [`Client`].
#[must_use]
pub struct ClientBuilder {
    tokens: Box<dyn TokenSource>,
    base_url: Option<String>,
    cloud: Cloud,
    send_unsupported: bool,
    version: ApiVersion,
    session_id: Option<SessionId>,
    timeout: Duration,
    retry: RetryPolicy,
    quota: Option<Quota>,
    http_client: Option<Box<dyn HttpClient>>,
    clock: Arc<dyn Clock>,
    jitter: Box<dyn Fn() -> u32 + Send + Sync>,
}

impl ClientBuilder {
    /// Sets the cloud. Defaults to the global service. What the cloud does not support is an error before it is sent.
    ///
    /// ```
    /// use graph_presence::{AccessToken, Client, Cloud};
    ///
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).cloud(Cloud::UsGovernmentL4).build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Sends also what the cloud is not known to support: the known facts may be out of date. Defaults to `false`.
    ///
    /// ```
    /// use graph_presence::{AccessToken, Client, Cloud};
    ///
    /// let builder = Client::builder(AccessToken::new("eyJ0eXAi")).cloud(Cloud::China);
    /// let client = builder.send_unsupported(true).build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn send_unsupported(mut self, send: bool) -> Self {
        self.send_unsupported = send;
        self
    }

    /// Sets another root URL of Graph than the cloud's, without a version: an emulator or a proxy.
    ///
    /// Plain `http` is for loopback addresses only, because the token is sent there.
    ///
    /// ```
    /// use graph_presence::{AccessToken, Client};
    ///
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).base_url("http://127.0.0.1:8080").build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets the version of the API. Defaults to v1.0.
    ///
    /// ```
    /// use graph_presence::{AccessToken, ApiVersion, Client};
    ///
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).version(ApiVersion::Beta).build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Sets the id of the application's session, which setting, clearing and holding a presence need: the application
    /// (client) id.
    ///
    /// ```
    /// use graph_presence::{AccessToken, Client, SessionId};
    ///
    /// let session_id = SessionId::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?;
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).session_id(session_id).build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn session_id(mut self, id: SessionId) -> Self {
        self.session_id = Some(id);
        self
    }

    /// Sets the time limit of an attempt, from connecting to the last byte of the response, and of a call of the token
    /// source. Defaults to 30 seconds. Zero is an error of [`build`](Self::build).
    ///
    /// ```
    /// use graph_presence::{AccessToken, Client};
    ///
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).timeout(std::time::Duration::from_secs(10)).build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how often and for how long requests are attempted.
    ///
    /// ```
    /// use graph_presence::{AccessToken, Client, RetryPolicy};
    ///
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).retry(RetryPolicy::none()).build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how many requests may be sent in a period of time; `None` for an unlimited number.
    ///
    /// ```
    /// use graph_presence::{AccessToken, Client, Quota};
    ///
    /// let half = Quota::new(750, std::time::Duration::from_secs(30))?;
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).quota(half).build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn quota(mut self, quota: impl Into<Option<Quota>>) -> Self {
        self.quota = quota.into();
        self
    }

    /// Sends requests by `client` instead of by connections of this client: see [`HttpClient`] for an example.
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.http_client = Some(Box::new(client));
        self
    }

    /// Sets another clock than the operating system's, so that tests run in virtual time.
    ///
    /// ```
    /// use graph_presence::{AccessToken, Client};
    /// # use std::time::Duration;
    /// # use graph_presence::{Clock, Sleep, jiff::Timestamp};
    /// # #[derive(Debug)]
    /// # struct StoppedClock;
    /// # impl Clock for StoppedClock {
    /// #     fn now(&self) -> Timestamp { Timestamp::UNIX_EPOCH }
    /// #     fn elapsed(&self) -> Duration { Duration::ZERO }
    /// #     fn sleep(&self, _: Duration) -> Sleep<'_> { Box::pin(std::future::ready(())) }
    /// # }
    ///
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).clock(StoppedClock).build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the source of the random bits from which waits get their jitter. Defaults to a pseudorandom generator.
    ///
    /// A wait is the backoff times the bits' share of 2³²: `|| 0` leaves only the waits that the service asks for, `|| 1 << 31`
    /// halves each backoff, and `|| u32::MAX` keeps nearly all of it.
    ///
    /// ```
    /// use graph_presence::{AccessToken, Client};
    ///
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).jitter(|| 0).build()?;
    /// # Ok::<(), graph_presence::Error>(())
    /// ```
    pub fn jitter(mut self, bits: impl Fn() -> u32 + Send + Sync + 'static) -> Self {
        self.jitter = Box::new(bits);
        self
    }

    /// Builds the client. No request is sent.
    ///
    /// # Errors
    ///
    /// Returns an error if the base URL is neither `https` nor `http` on loopback, or has more than scheme, host, port and
    /// path; if the timeout is zero; if the retry policy has no attempts, or an initial backoff longer than its maximum; or if
    /// TLS cannot be set up.
    ///
    /// ```
    /// use std::time::Duration;
    /// use graph_presence::{AccessToken, Client};
    ///
    /// let error = Client::builder(AccessToken::new("eyJ0eXAi")).timeout(Duration::ZERO).build().unwrap_err();
    /// assert_eq!(error.to_string(), "timeout out of range: 0s (allowed: more than 0s)");
    /// ```
    pub fn build(self) -> Result<Client> {
        let root = root(self.base_url.as_deref().unwrap_or(self.cloud.url()))?;
        if self.timeout.is_zero() {
            return Err(Error::out_of_range("timeout", "0s", "more than 0s"));
        }
        self.retry.check()?;
        let base = format!("{}/{}", root.as_str().trim_end_matches('/'), self.version.as_str());
        let jitter = self.jitter;
        let shared = Shared {
            cloud: (!self.send_unsupported).then_some((self.cloud, self.version)),
            tokens: TokenCache::new(self.tokens, self.clock.clone()),
            rate_limiter: RateLimiter::new(self.quota, self.clock.clone()),
            budget: RetryBudget::default(),
            clock: self.clock,
            jitter: Box::new(move || f64::from(jitter()) / (f64::from(u32::MAX) + 1.0)),
            http: self.http_client,
            timeout: self.timeout,
        };
        let transport = Transport::new(base, self.timeout, self.retry, shared)?;
        Ok(Client { core: Core::new(transport, self.session_id) })
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
            .field("session_id", &self.session_id)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}

/// Returns the root URL of Graph, to which versions are appended.
fn root(text: &str) -> Result<Url> {
    // A base URL may contain a secret by mistake: only scheme and host are printed.
    let url = Url::parse(text).map_err(|error| Error::invalid_input(format!("invalid base URL: {error}")))?;
    let invalid = |expected: &str| {
        let shown = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
        Error::invalid("base URL", &shown, expected)
    };
    if !url.has_host() {
        return Err(invalid("a URL with a host"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("a URL of scheme, host, port and path only"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(invalid("https, or http on a loopback address, because the token is sent there")),
    }
}
