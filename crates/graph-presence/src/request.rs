//! The future of a request.

use std::pin::Pin;

/// The future of a request that is awaited without calling its `send` method.
///
/// ```
/// use graph_presence::{Client, Presence, RequestFuture, Result};
///
/// fn start(client: &Client) -> RequestFuture<Result<Presence>> {
///     client.me().get_presence().into_future()
/// }
/// ```
pub type RequestFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Implements [`IntoFuture`] for a request by its `send` method.
macro_rules! into_future {
    ($request:ty => $output:ty) => {
        impl IntoFuture for $request {
            type Output = $output;
            type IntoFuture = $crate::request::RequestFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}

pub(crate) use into_future;
