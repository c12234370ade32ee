//! The HTTP client of a caller, which takes the place of the client's own connections.

use std::pin::Pin;

use bytes::Bytes;
use http::{Request, Response};

/// The future of [`HttpClient::send`].
pub type HttpFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Response<Bytes>, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// Sends requests to the service and returns its responses, by your own connections or without any.
///
/// A client has its own connections unless [`ClientBuilder::http_client`] sets another. Tokens, retries, the quota and the
/// timeout of an attempt are still the client's. An implementation must not follow redirects, because the request contains a
/// token.
///
/// With the emulator in the same task, a test needs no network, and can pause tokio's clock:
///
/// ```
/// use graph_presence::bytes::Bytes;
/// use graph_presence::http::Request;
/// use graph_presence::{AccessToken, Client, HttpClient, HttpFuture};
/// use graph_presence_emulator::{Caller, Emulator, Guid};
///
/// struct InProcess(Emulator);
///
/// impl HttpClient for InProcess {
///     fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
///         Box::pin(async { Ok(self.0.respond(request).await) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let emulator = Emulator::start().await?;
/// let token = emulator.token(Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?));
/// let client = Client::builder(AccessToken::new(token)).http_client(InProcess(emulator)).build()?;
/// assert_eq!(client.me().get_presence().await?.availability.as_str(), "Offline");
/// # Ok(())
/// # }
/// ```
///
/// [`ClientBuilder::http_client`]: crate::ClientBuilder::http_client
pub trait HttpClient: Send + Sync + 'static {
    /// Sends the request and returns the complete response, whatever its status.
    ///
    /// # Errors
    ///
    /// Returns an error if the response is incomplete. It counts as a connection error, after which the service may or may not
    /// have acted on the request.
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_>;
}
