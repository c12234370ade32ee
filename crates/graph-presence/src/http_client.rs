//! Who carries requests and answers, when it is not the client's own connections.

use std::pin::Pin;

use bytes::Bytes;
use http::{Request, Response};

/// What [`HttpClient::send`] returns.
pub type HttpFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Response<Bytes>, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// Carries requests to the service and brings back its answers: the connections of your own, or none at all.
///
/// A client has its own connections unless [`ClientBuilder::http_client`] gives it another. Tokens, retries, the quota and
/// the time limit of an attempt stay the client's. It must not follow redirects, because the request carries a token.
///
/// With the emulator in the same task, a test needs no network, and may pause tokio's clock:
///
/// ```
/// use graph_presence::bytes::Bytes;
/// use graph_presence::http::Request;
/// use graph_presence::{AccessToken, Client, HttpClient, HttpFuture};
/// use graph_presence_emulator::{Caller, Emulator, Guid};
///
/// struct Within(Emulator);
///
/// impl HttpClient for Within {
///     fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
///         Box::pin(async { Ok(self.0.answer(request).await) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let emulator = Emulator::start().await?;
/// let token = emulator.token(Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?));
/// let client = Client::builder(AccessToken::new(token)).http_client(Within(emulator)).build()?;
/// assert_eq!(client.me().get_presence().await?.availability.as_str(), "Offline");
/// # Ok(())
/// # }
/// ```
///
/// [`ClientBuilder::http_client`]: crate::ClientBuilder::http_client
pub trait HttpClient: Send + Sync + 'static {
    /// Sends the request and brings back the whole answer, whatever its status.
    ///
    /// # Errors
    ///
    /// Whatever keeps the whole answer from coming. It counts as a fault of the connection, after which the service may
    /// or may not have acted.
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_>;
}
