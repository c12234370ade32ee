//! Where the access token of a request comes from.

use std::fmt;
use std::pin::Pin;

use http::HeaderValue;
use jiff::Timestamp;

/// What [`TokenSource::token`] returns.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// Gives out access tokens for Microsoft Graph.
///
/// A token that says when it expires is kept until five minutes before, and one caller at a time asks for the next;
/// one that does not say is asked for before each request. After a 401 the source is asked once more. Implement it to
/// bring your own authentication; an [`AccessToken`] is its own source, and [`token_fn`] makes one of a closure.
///
/// ```
/// use graph_presence::{AccessToken, TokenFuture, TokenSource};
///
/// struct FromEnvironment;
///
/// impl TokenSource for FromEnvironment {
///     fn token(&self) -> TokenFuture<'_> {
///         Box::pin(async { Ok(AccessToken::new(std::env::var("GRAPH_TOKEN")?)) })
///     }
/// }
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// A token for the next request.
    ///
    /// # Errors
    ///
    /// Whatever keeps the token from being had; the request is then not sent, and its error has this one as source.
    fn token(&self) -> TokenFuture<'_>;
}

/// A bearer token. It does not print.
///
/// ```
/// let token = graph_presence::AccessToken::new("eyJ0eXAi");
/// assert_eq!(format!("{token:?}"), "AccessToken(redacted)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// What goes into the header, made once and shared by clones; `None` when no header can hold it.
    authorization: Option<HeaderValue>,
    expires_at: Option<Timestamp>,
}

impl AccessToken {
    /// Takes the token as the authorization server gave it, without `Bearer`.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        let authorization = HeaderValue::try_from(format!("Bearer {}", token.into())).ok().map(|mut value| {
            value.set_sensitive(true);
            value
        });
        Self { authorization, expires_at: None }
    }

    /// Says until when the token is good, so that it is kept until shortly before.
    #[must_use]
    pub fn expires_at(mut self, instant: Timestamp) -> Self {
        self.expires_at = Some(instant);
        self
    }

    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    pub(crate) fn expiry(&self) -> Option<Timestamp> {
        self.expires_at
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AccessToken(redacted)")
    }
}

impl TokenSource for AccessToken {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

/// A source that asks a closure.
///
/// ```
/// use graph_presence::{AccessToken, Client, token_fn};
///
/// let client = Client::builder(token_fn(async || Ok(AccessToken::new(std::env::var("GRAPH_TOKEN")?)))).build()?;
/// # Ok::<(), graph_presence::Error>(())
/// ```
pub fn token_fn<F, T>(ask: F) -> impl TokenSource
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<AccessToken, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    TokenFn(ask)
}

struct TokenFn<F>(F);

impl<F, T> TokenSource for TokenFn<F>
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<AccessToken, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    fn token(&self) -> TokenFuture<'_> {
        Box::pin((self.0)())
    }
}
