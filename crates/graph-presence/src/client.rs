//! The client and its builder.

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

/// A client for the presence of the users of one tenant. Cheap to clone; clones share connections, tokens, quota and
/// holds.
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
    /// Creates a builder with the source of the access tokens: an [`AccessToken`](crate::AccessToken), or your own
    /// [`TokenSource`].
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

    /// Returns the client for the signed-in user, addressed by `/me`. Requires a delegated token: an application does
    /// not have a presence.
    #[must_use]
    pub fn me(&self) -> UserClient {
        UserClient::new(self.core.target(UserBinding::Me))
    }

    /// Returns the client for a user, addressed by `/users/{id}`.
    #[must_use]
    pub fn user(&self, id: UserId) -> UserClient {
        UserClient::new(self.core.target(UserBinding::User(id)))
    }

    /// Returns the client for a user, addressed by `/communications/presences/{id}`. The service may return the
    /// presence, or a collection that contains it.
    #[must_use]
    pub fn communications(&self, id: UserId) -> UserClient {
        UserClient::new(self.core.target(UserBinding::Communications(id)))
    }

    /// Returns the client for subscriptions to changes of presences.
    #[must_use]
    pub fn subscriptions(&self) -> Subscriptions {
        Subscriptions::new(self.transport())
    }

    /// Creates a request to get the presences of any number of users, with up to [`GetPresences::MAX_IDS`] users per
    /// call.
    pub fn presences<I: IntoIterator<Item: Into<UserId>>>(&self, ids: I) -> GetPresences<I::IntoIter> {
        GetPresences::new(self.transport(), ids.into_iter())
    }

    /// Creates a builder to watch any number of users: the stream returns their current presences and each change.
    pub fn watch(&self, ids: impl IntoIterator<Item: Into<UserId>>) -> Watch {
        Watch::new(self.transport(), ids.into_iter().map(Into::into).collect())
    }

    fn transport(&self) -> Arc<Transport> {
        Arc::clone(&self.core.transport)
    }
}

/// A builder for a [`Client`].
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
    /// Sets the cloud. Defaults to the global service. Requests that the cloud does not support are rejected before
    /// they are sent.
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

    /// Sets whether to send requests that the cloud is not known to support, because this knowledge may be out of date.
    /// Defaults to `false`.
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

    /// Sets the root URL without a version, for an emulator or a proxy. Defaults to the cloud's URL.
    ///
    /// `http` is allowed only for loopback addresses, because the token is sent to this URL.
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

    /// Sets the id of the application's presence session: the application (client) id. Required to set, clear and hold
    /// a presence.
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

    /// Sets the timeout of each attempt, from connecting to the last byte of the response, and of each call of the
    /// token source. Defaults to 30 seconds. Zero is an error of [`build`](Self::build).
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

    /// Sets the retry policy. Defaults to [`RetryPolicy::default`].
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

    /// Sets the maximum number of requests in a period of time; `None` for no limit. Defaults to [`Quota::default`].
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

    /// Sets a custom HTTP client: see [`HttpClient`] for an example. Defaults to reqwest.
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.http_client = Some(Box::new(client));
        self
    }

    /// Sets the clock, for example to run tests in virtual time. Defaults to the operating system's clock and tokio's
    /// timer.
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

    /// Sets the source of random bits for the jitter of backoffs. Defaults to a pseudorandom generator.
    ///
    /// Each wait is the backoff multiplied by bits / 2³²: `|| 0` disables backoff except for `Retry-After`,
    /// `|| 1 << 31` halves it, and `|| u32::MAX` leaves it nearly unchanged.
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
    /// Returns an error if the base URL is neither `https` nor `http` on loopback, or has parts other than scheme,
    /// host, port and path; if the timeout is zero; if the retry policy allows 0 attempts, or its initial backoff is
    /// longer than its maximum; or if TLS cannot be set up.
    ///
    /// ```
    /// use std::time::Duration;
    /// use graph_presence::{AccessToken, Client};
    ///
    /// let error = Client::builder(AccessToken::new("eyJ0eXAi")).timeout(Duration::ZERO).build().unwrap_err();
    /// assert_eq!(error.to_string(), "timeout out of range: 0s (allowed: more than 0s)");
    /// ```
    pub fn build(self) -> Result<Client> {
        let root = parse_root(self.base_url.as_deref().unwrap_or(self.cloud.url()))?;
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

/// Parses and validates the root URL of Microsoft Graph, without a version.
fn parse_root(text: &str) -> Result<Url> {
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
        return Err(invalid("a URL without credentials, query and fragment"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(invalid("https, or http on a loopback address, because the token is sent there")),
    }
}
