//! The client, and how it is built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::{Host, Url};

use crate::cloud::{ApiVersion, Cloud};
use crate::error::{Error, Result};
use crate::id::{SessionId, UserId};
use crate::person::{Communications, Me, User};
use crate::presences::GetPresences;
use crate::token::TokenSource;
use crate::transport::Transport;

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
}

const _: () = {
    const fn shareable<T: Clone + Send + Sync>() {}
    shareable::<Client>();
};

impl Client {
    /// Starts a client that asks `tokens` before each request: an [`AccessToken`](crate::AccessToken), or your own.
    pub fn builder(tokens: impl TokenSource) -> ClientBuilder {
        ClientBuilder {
            tokens: Arc::new(tokens),
            base_url: Cloud::default().url().to_owned(),
            version: ApiVersion::default(),
            session: None,
            timeout: Duration::from_secs(30),
        }
    }

    /// The person that the token is for. Needs a token on behalf of a person: an application has no presence.
    #[must_use]
    pub fn me(&self) -> Me {
        Me::new(self.clone())
    }

    /// A person by `/users/{id}`.
    #[must_use]
    pub fn user(&self, id: UserId) -> User {
        User::new(self.clone(), id)
    }

    /// A person by `/communications/presences/{id}`.
    #[must_use]
    pub fn communications(&self, id: UserId) -> Communications {
        Communications::new(self.clone(), id)
    }

    /// Many people in one request: at most [`GetPresences::MAX_IDS`].
    pub fn presences(&self, ids: impl IntoIterator<Item = UserId>) -> GetPresences {
        GetPresences::new(self.clone(), ids.into_iter().collect())
    }
}

/// Settings of a [`Client`].
#[must_use]
pub struct ClientBuilder {
    tokens: Arc<dyn TokenSource>,
    base_url: String,
    version: ApiVersion,
    session: Option<SessionId>,
    timeout: Duration,
}

impl ClientBuilder {
    /// Chooses the national cloud; the global one unless said otherwise.
    pub fn cloud(self, cloud: Cloud) -> Self {
        self.base_url(cloud.url())
    }

    /// Chooses any root of Graph, without a version: an emulator, a proxy.
    ///
    /// Plain `http` is for loopback addresses only, because the token goes there.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
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

    /// How long a request may take, from connecting to the last byte of the answer; 30 seconds unless said otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Builds the client. No request is made.
    ///
    /// # Errors
    ///
    /// When the base URL is not `https`, nor `http` on loopback, or has more than scheme, host, port and path; when TLS
    /// cannot be set up.
    pub fn build(self) -> Result<Client> {
        let root = root(&self.base_url)?;
        let base = format!("{}/{}", root.as_str().trim_end_matches('/'), self.version.as_str());
        let transport = Transport::new(base, self.tokens, self.timeout)?;
        Ok(Client { transport: Arc::new(transport), session: self.session })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("version", &self.version)
            .field("session", &self.session)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn root(text: &str) -> Result<Url> {
    let refuse = |rule: &str| Error::invalid("base URL", text, rule);
    let url = Url::parse(text).map_err(|error| refuse(&error.to_string()))?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(refuse("a URL with a host")),
    };
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("a URL of scheme, host, port and path only"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        _ => Err(refuse("https, or http on a loopback address, because the token goes there")),
    }
}
