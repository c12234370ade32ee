//! Sources of access tokens.

use std::fmt;
use std::pin::Pin;

use http::HeaderValue;
use jiff::Timestamp;

/// The future of [`TokenSource::token`].
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// A source of access tokens for Microsoft Graph.
///
/// A token with an expiry is cached until 5 minutes before it expires, and concurrent requests share one call for its
/// replacement. If the tokens do not have an expiry, the source is called before each request. After a 401 response it
/// is called once more. Implement this trait for your own authentication. [`AccessToken`] implements it for a fixed
/// token, and [`token_fn`] creates a source from a closure.
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
    /// Returns a token for the next request.
    ///
    /// # Errors
    ///
    /// Returns an error if the authentication fails. The request is then not sent, and this error is the
    /// [source](std::error::Error::source) of its error.
    fn token(&self) -> TokenFuture<'_>;
}

/// A bearer token. It is redacted in `Debug`.
///
/// ```
/// let token = graph_presence::AccessToken::new("eyJ0eXAi");
/// assert_eq!(format!("{token:?}"), "AccessToken(redacted)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The value of the `Authorization` header, shared by clones; `None` if the token contains characters that a header
    /// value cannot have.
    authorization: Option<HeaderValue>,
    expires_at: Option<Timestamp>,
}

impl AccessToken {
    /// Creates a token from the text that the authorization server has issued, without the prefix `Bearer`.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        let authorization = HeaderValue::try_from(format!("Bearer {}", token.into())).ok().map(|mut value| {
            value.set_sensitive(true);
            value
        });
        Self { authorization, expires_at: None }
    }

    /// Sets the time at which the token expires, so that it can be cached.
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

/// Creates a token source from a closure.
///
/// ```
/// use graph_presence::{AccessToken, Client, token_fn};
///
/// let client = Client::builder(token_fn(async || Ok(AccessToken::new(std::env::var("GRAPH_TOKEN")?)))).build()?;
/// # Ok::<(), graph_presence::Error>(())
/// ```
pub fn token_fn<F, T>(get_token: F) -> impl TokenSource
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<AccessToken, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    TokenFn(get_token)
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
