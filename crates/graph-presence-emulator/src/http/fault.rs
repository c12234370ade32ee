//! Lets requests go wrong, and writes them down.

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
use jiff::{SignedDuration, Timestamp};

use crate::fault::{Fault, RetryAfter};
use crate::journal::LoggedRequest;
use crate::line::Line;
use crate::{Caller, Guid};

use super::operation::{self, Subject};
use super::refusal::Refusal;
use super::request::Identity;
use super::{Service, trace};

/// The page of a gateway: it says nothing that a program could read.
const PAGE: &str = "<html><head><title>Bad Gateway</title></head><body><h1>The gateway is not well</h1></body></html>";

/// What befalls the request that has this.
#[derive(Clone, Debug, Default)]
pub(super) struct Struck(Vec<Fault>);

impl Struck {
    /// What the service takes for the present.
    pub(super) fn now(&self, now: Timestamp) -> Timestamp {
        let skew: i64 = self
            .0
            .iter()
            .map(|fault| match fault {
                Fault::Skew { seconds } => *seconds,
                _ => 0,
            })
            .sum();
        now.checked_add(SignedDuration::from_secs(skew)).unwrap_or(now)
    }

    fn kinds(&self) -> Vec<String> {
        let name = |fault: &Fault| match fault {
            Fault::Status { .. } => "status",
            Fault::Throttled { .. } => "throttled",
            Fault::Gateway { .. } => "gateway",
            Fault::Latency { .. } => "latency",
            Fault::Reset => "reset",
            Fault::Truncation => "truncation",
            Fault::WrongLength => "wrongLength",
            Fault::Drip { .. } => "drip",
            Fault::Skew { .. } => "skew",
        };
        self.0.iter().map(|fault| name(fault).to_owned()).collect()
    }
}

/// Around everything: picks the faults, damages the answer, and logs.
pub(super) async fn strike(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (operation, subject) = operation::of(&parts.method, parts.uri.path());
    let caller = Identity::from_request_parts(&mut parts, &service).await.ok().map(|Identity(caller)| caller);
    let struck = Struck(service.faults().strike(operation, person(subject, caller.as_ref())));
    let line = parts.extensions.get::<ConnectInfo<Line>>().map(|ConnectInfo(line)| line.clone());
    let (method, path) = (parts.method.to_string(), parts.uri.path().to_owned());
    let at = service.now();
    parts.extensions.insert(struck.clone());

    let response = next.run(Request::from_parts(parts, body)).await;
    let request_id = response.headers().get("request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    service.journal().add(LoggedRequest {
        number: 0,
        at,
        method,
        path,
        operation: operation.to_owned(),
        status: response.status().as_u16(),
        request_id: request_id.to_owned(),
        tenant: caller.as_ref().map(|caller| caller.tenant().to_string()),
        application: caller.as_ref().map(|caller| caller.app_id().to_string()),
        person: caller.as_ref().and_then(Caller::person).map(|person| person.to_string()),
        faults: struck.kinds(),
    });
    damage(response, &struck, line.as_ref()).await
}

fn person(subject: Subject, caller: Option<&Caller>) -> Option<Guid> {
    match subject {
        Subject::Me => caller?.person(),
        Subject::Person(id) => Some(id),
        Subject::Nobody => None,
    }
}

/// Inside of what gives answers their form: answers instead of the operation, if so struck.
pub(super) async fn replace(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let struck = request.extensions().get::<Struck>().cloned().unwrap_or_default();
    for fault in &struck.0 {
        match fault {
            Fault::Status { status } => return Refusal::injected(code(*status)).into_response(),
            Fault::Throttled { retry_after } => return throttled(*retry_after, struck.now(service.now())),
            Fault::Gateway { status } => {
                return (code(*status), [(CONTENT_TYPE, "text/html")], PAGE).into_response();
            }
            _ => {}
        }
    }
    next.run(request).await
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn throttled(retry_after: Option<RetryAfter>, now: Timestamp) -> Response {
    let mut response = Refusal::too_many_requests().into_response();
    let value = match retry_after {
        None => return response,
        Some(RetryAfter::Seconds(seconds)) => Ok(HeaderValue::from(seconds)),
        Some(RetryAfter::Date(seconds)) => {
            let date = now.checked_add(Duration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
            HeaderValue::try_from(trace::http_date(date))
        }
    };
    if let Ok(value) = value {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

async fn damage(mut response: Response, struck: &Struck, line: Option<&Line>) -> Response {
    for fault in &struck.0 {
        response = match fault {
            Fault::Latency { milliseconds } => {
                tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
                response
            }
            Fault::Reset => {
                if let Some(line) = line {
                    line.cut();
                }
                response
            }
            Fault::Truncation => rewrite(response, |body| (body.len(), truncated(half(&body)))).await,
            Fault::WrongLength => rewrite(response, |body| (body.len() / 2, Body::from(half(&body)))).await,
            Fault::Drip { milliseconds } => {
                let pause = Duration::from_millis(*milliseconds);
                rewrite(response, |body| (body.len(), drip(body, pause))).await
            }
            Fault::Status { .. } | Fault::Throttled { .. } | Fault::Gateway { .. } | Fault::Skew { .. } => response,
        };
    }
    response
}

/// Sends another body under a length of its own.
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

/// A body whose size is not known beforehand, so that nobody corrects the length. It pauses once, for what there is to
/// be sent before it ends too early.
fn truncated(body: Bytes) -> Body {
    Body::from_stream(stream::unfold(Some(body), async |body| match body {
        Some(body) => Some((Ok::<_, Infallible>(body), None)),
        None => {
            tokio::task::yield_now().await;
            None
        }
    }))
}

fn drip(body: Bytes, pause: Duration) -> Body {
    Body::from_stream(stream::unfold(body, move |mut body: Bytes| async move {
        if body.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let byte = body.split_to(1);
        Some((Ok::<_, Infallible>(byte), body))
    }))
}
