//! Injects faults into requests, and logs the requests.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use jiff::Timestamp;

use crate::connection::ConnectionHandle;
use crate::service::Service;
use crate::{Caller, Fault, Guid, LoggedRequest, RetryAfter};

use super::graph_error::GraphError;
use super::http_date;
use super::injected::Injected;
use super::request::Identity;
use super::requested_operation::{self, PathUser};

/// The error page of a gateway.
const GATEWAY_PAGE: &str = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

/// Selects the faults, damages the response, and logs the request. This is the outermost middleware.
pub(super) async fn inject(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (operation, user) = requested_operation::of(&parts.method, parts.uri.path());
    let caller = Identity::from_request_parts(&mut parts, &service).await.ok().map(|Identity(caller)| caller);
    let injected = Injected::new(service.faults().apply(operation, user_id(user, caller.as_ref())));
    let connection =
        parts.extensions.get::<ConnectInfo<ConnectionHandle>>().map(|ConnectInfo(connection)| connection.clone());
    let (method, path) = (parts.method.to_string(), parts.uri.path().to_owned());
    let at = service.now();
    parts.extensions.insert(injected.clone());

    let response = next.run(Request::from_parts(parts, body)).await;
    let request_id = response.headers().get("request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    service.request_log().add(LoggedRequest {
        number: 0,
        at,
        method,
        path,
        operation,
        status: response.status().as_u16(),
        request_id: request_id.to_owned(),
        tenant: caller.as_ref().map(|caller| caller.tenant().to_string()),
        application: caller.as_ref().map(|caller| caller.app_id().to_string()),
        user: caller.as_ref().and_then(Caller::user_id).map(|user| user.to_string()),
        faults: injected.faults().iter().map(|fault| fault.kind().as_str().to_owned()).collect(),
    });
    damage(response, &injected, connection.as_ref()).await
}

fn user_id(user: PathUser, caller: Option<&Caller>) -> Option<Guid> {
    match user {
        PathUser::Me => caller?.user_id(),
        PathUser::Id(id) => Some(id),
        PathUser::None => None,
    }
}

/// Responds instead of the operation if a fault replaces the response. Runs inside the middleware that formats errors.
pub(super) async fn replace(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let injected = Injected::of(request.extensions());
    let replacement = injected.faults().iter().find_map(|fault| match fault {
        Fault::Status { status } => Some(GraphError::injected(code(*status)).into_response()),
        Fault::Throttled { retry_after } => Some(throttled(*retry_after, injected.now(service.now()))),
        Fault::Gateway { status } => Some((code(*status), [(CONTENT_TYPE, "text/html")], GATEWAY_PAGE).into_response()),
        Fault::Latency { .. }
        | Fault::Reset
        | Fault::Truncation
        | Fault::WrongLength
        | Fault::SlowBody { .. }
        | Fault::Skew { .. } => None,
    });
    match replacement {
        Some(response) => response,
        None => next.run(request).await,
    }
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn throttled(retry_after: Option<RetryAfter>, now: Timestamp) -> Response {
    let mut response = GraphError::too_many_requests().into_response();
    let value = match retry_after {
        None => return response,
        Some(RetryAfter::Seconds(seconds)) => Ok(HeaderValue::from(seconds)),
        Some(RetryAfter::Date(seconds)) => {
            let date = now.checked_add(Duration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
            HeaderValue::try_from(http_date::format(date))
        }
    };
    if let Ok(value) = value {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

async fn damage(mut response: Response, injected: &Injected, connection: Option<&ConnectionHandle>) -> Response {
    for fault in injected.faults() {
        response = match fault {
            Fault::Latency { milliseconds } => {
                tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
                response
            }
            Fault::Reset => {
                if let Some(connection) = connection {
                    connection.reset();
                }
                response
            }
            Fault::Truncation => rewrite(response, |body| (body.len(), truncated(half(&body)))).await,
            Fault::WrongLength => rewrite(response, |body| (body.len() / 2, Body::from(half(&body)))).await,
            Fault::SlowBody { milliseconds } => {
                let delay = Duration::from_millis(*milliseconds);
                rewrite(response, |body| (body.len(), slow(body, delay))).await
            }
            Fault::Status { .. } | Fault::Throttled { .. } | Fault::Gateway { .. } | Fault::Skew { .. } => response,
        };
    }
    response
}

/// Replaces the body and `Content-Length`.
async fn rewrite(response: Response, body: impl FnOnce(Bytes) -> (usize, Body)) -> Response {
    let (mut head, original) = response.into_parts();
    let (length, body) = body(to_bytes(original, usize::MAX).await.unwrap_or_default());
    if length > 0 {
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(head, body)
}

fn half(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

/// Returns a body of unknown size, so that the server does not correct `Content-Length`. It yields once, so that the
/// data is sent before the body ends prematurely.
fn truncated(body: Bytes) -> Body {
    Body::from_stream(stream::unfold(Some(body), async |body| match body {
        Some(body) => Some((Ok::<_, Infallible>(body), None)),
        None => {
            tokio::task::yield_now().await;
            None
        }
    }))
}

/// Returns a body that is sent byte by byte.
fn slow(body: Bytes, delay: Duration) -> Body {
    Body::from_stream(stream::unfold(body, move |mut body: Bytes| async move {
        if body.is_empty() {
            return None;
        }
        tokio::time::sleep(delay).await;
        let byte = body.split_to(1);
        Some((Ok::<_, Infallible>(byte), body))
    }))
}
