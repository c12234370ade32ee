//! The hook through which the generated client sends its requests.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::Method;
use reqwest::header::{CONTENT_LENGTH, HeaderValue};

use crate::generated::client::Client;
use crate::generated::operations::Operation;

/// The future of [`Exec::exec`].
pub type Execution<'a> = Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>>;

/// Sends the requests of a [`Client`]. Has access to every request and every undecoded response.
///
/// Implement this trait to add authorization, retries, rate limits and logging: the generated code discards the headers
/// of a response and, if the body cannot be decoded, its status. See [the crate's example](crate).
pub trait Exec: Debug + Send + Sync + 'static {
    /// Sends a request of `operation` with `client`.
    fn exec<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
        operation: Operation,
    ) -> Execution<'a>;
}

/// The state of a [`Client`]: its [`Exec`]. Defaults to sending each request once and unchanged.
#[derive(Clone, Debug)]
pub struct Inner(Arc<dyn Exec>);

impl Inner {
    /// Creates the state of a client whose requests are sent by `exec`.
    #[must_use]
    pub fn new(exec: Arc<dyn Exec>) -> Self {
        Self(exec)
    }
}

impl Default for Inner {
    fn default() -> Self {
        Self(Arc::new(SendOnce))
    }
}

#[derive(Debug)]
struct SendOnce;

impl Exec for SendOnce {
    fn exec<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
        _operation: Operation,
    ) -> Execution<'a> {
        Box::pin(client.execute(request))
    }
}

impl ClientHooks<Inner> for Client {
    async fn pre<E>(&self, request: &mut reqwest::Request, _info: &OperationInfo) -> Result<(), Error<E>> {
        // The generator adds a header with the version of the OpenAPI document, which Graph does not define.
        request.headers_mut().remove("api-version");
        // Graph responds with 411 to a POST without a body and without `Content-Length`, and reqwest does not add a
        // length of 0.
        if request.method() == Method::POST && request.body().is_none() {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(0));
        }
        Ok(())
    }

    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        match Operation::of_method(info.operation_id) {
            Some(operation) => self.inner().0.exec(self.client(), request, operation).await,
            // Unreachable: `cargo xtask regen` checks that every method of the client has an operation.
            None => self.client().execute(request).await,
        }
    }
}
