//! Where the access token of a request comes from.

use std::fmt;
use std::pin::Pin;

/// What [`TokenSource::token`] returns.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// Gives out access tokens for Microsoft Graph.
///
/// It is asked before each request, so that a token that expires is replaced in time; one that takes long to get
/// should be kept until then. Implement it to bring your own authentication; an [`AccessToken`] is its own source.
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
#[derive(Clone)]
pub struct AccessToken(String);

impl AccessToken {
    /// Takes the token as the authorization server gave it, without `Bearer`.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    pub(crate) fn secret(&self) -> &str {
        &self.0
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
