//! The interface of a custom HTTP client.

use std::pin::Pin;

use bytes::Bytes;
use http::{Request, Response};

/// The future of [`HttpClient::send`].
pub type HttpFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Response<Bytes>, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// A custom HTTP client, which sends requests and returns the responses: see [`ClientBuilder::http_client`].
///
/// The [`Client`](crate::Client) still applies tokens, retries, the quota and the timeout of an attempt. An
/// implementation must not follow redirects, because the request contains a token.
///
/// With the emulator in the same task, a test does not need a network and can pause tokio's clock:
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
    /// Sends the request and returns the complete response, with any status.
    ///
    /// # Errors
    ///
    /// Returns an error if the request cannot be sent or the response is incomplete. It counts as a connection error
    /// after which the service may have acted on the request.
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_>;
}
