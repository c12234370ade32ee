//! Where the generated client hands its requests over.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::Method;
use reqwest::header::{CONTENT_LENGTH, HeaderValue};

use crate::generated::client::Client;
use crate::generated::operations::Operation;

/// The future that [`Exec::exec`] returns: the response, or why the request failed.
pub type Execution<'a> = Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>>;

/// Sends requests: the one place that sees every request and every raw response.
///
/// Authorization, retries, rate limits and logging belong here, because the generated code keeps neither the headers of a
/// response nor, if it cannot decode the body, the status.
///
/// The crate's first example implements it.
pub trait Exec: Debug + Send + Sync + 'static {
    /// Sends `request` by `client`, for `operation`.
    fn exec<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
        operation: Operation,
    ) -> Execution<'a>;
}

/// What every [`Client`] carries: its [`Exec`]. The default sends each request once, as it is.
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
        Self(Arc::new(Once))
    }
}

#[derive(Debug)]
struct Once;

impl Exec for Once {
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
        // The generator puts the document's version into a header that Graph does not know; the path has it already.
        request.headers_mut().remove("api-version");
        // Graph answers 411 to a POST of nothing that does not say so; the HTTP library leaves a length of 0 out.
        if request.method() == Method::POST && request.body().is_none() {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(0));
        }
        Ok(())
    }

    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        match Operation::of_method(info.operation_id) {
            Some(operation) => self.inner().0.exec(self.client(), request, operation).await,
            // Never taken: `cargo xtask regen` checks that every method of the client is one of an operation.
            None => self.client().execute(request).await,
        }
    }
}
