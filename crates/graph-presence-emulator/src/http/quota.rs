//! Throttling.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::service::Service;

use super::graph_error::GraphError;
use super::request::Identity;

/// Rejects presence requests beyond the quota, as a middleware. Requests without a valid token are not counted; the
/// operation rejects them.
pub(super) async fn throttle(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    if !service.has_quota() {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    if let Ok(Identity(caller)) = Identity::from_request_parts(&mut parts, &service).await
        && let Err(wait) = service.acquire((caller.app_id(), caller.tenant()))
    {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let mut response = GraphError::too_many_requests().into_response();
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        return response;
    }
    next.run(Request::from_parts(parts, body)).await
}
