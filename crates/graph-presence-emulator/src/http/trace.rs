//! The parts of every response: the ids of its request, and the body of an error.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, DATE, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::service::Service;

use super::injected::Injected;
use super::refusal::Refusal;
use super::{http_date, response};

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

/// A call with 650 ids needs 26 kB.
const BODY_LIMIT: usize = 1 << 20;
/// How much more is read and thrown away, because a client that is still sending does not read the response.
const DRAIN_LIMIT: usize = 64 << 20;

pub(super) async fn trace(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let request_id = Uuid::new_v4().to_string();
    let client_request_id = request
        .headers()
        .get(CLIENT_REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .unwrap_or(&request_id)
        .to_owned();

    let injected = Injected::of(request.extensions());

    let (parts, body) = request.into_parts();
    let mut response = match read(body).await {
        Ok(body) => next.run(Request::from_parts(parts, body)).await,
        Err(refusal) => refusal.into_response(),
    };
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let trace = InnerError {
            date: local(injected.now(service.now())),
            request_id: &request_id,
            client_request_id: &client_request_id,
        };
        explain(&mut response, &refusal, trace);
    }
    // The server would tell the time of the operating system, which is not the service's.
    if let Ok(date) = HeaderValue::try_from(http_date::format(injected.now(service.now()))) {
        response.headers_mut().insert(DATE, date);
    }
    for (name, value) in [(REQUEST_ID, request_id), (CLIENT_REQUEST_ID, client_request_id)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Reads the body before anything else happens, so that no refusal cuts a client off while it sends.
async fn read(mut body: Body) -> Result<Body, Refusal> {
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Refusal::bad_request("The request body is incomplete."))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len();
        if length > DRAIN_LIMIT {
            break;
        }
        if length <= BODY_LIMIT {
            kept.extend_from_slice(&data);
        }
    }
    if length > BODY_LIMIT {
        return Err(Refusal::too_large());
    }
    Ok(Body::from(kept))
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: ErrorDetail<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorDetail<'a> {
    code: &'static str,
    message: &'a str,
    inner_error: InnerError<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct InnerError<'a> {
    date: String,
    request_id: &'a str,
    client_request_id: &'a str,
}

/// The instant as errors tell it: UTC, without saying so.
fn local(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn explain(response: &mut Response, refusal: &Refusal, inner_error: InnerError<'_>) {
    let explained = response::json(&ErrorBody {
        error: ErrorDetail { code: refusal.code, message: &refusal.message, inner_error },
    });
    let (parts, body) = explained.into_parts();
    *response.body_mut() = body;
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    headers.extend(parts.headers);
    if refusal.status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
}
