//! The headers that every response has, and the bodies of errors.

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

use super::graph_error::GraphError;
use super::injected::Injected;
use super::{http_date, response};

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

/// The maximum size of a request body. A request with 650 ids has 26 kB.
const BODY_LIMIT: usize = 1 << 20;
/// The maximum number of bytes of a larger body that are read and discarded, because a client that is still sending
/// does not read the response.
const DRAIN_LIMIT: usize = 64 << 20;

/// Adds request ids and the date to responses, and writes the bodies of errors, as a middleware.
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
    let mut response = match read_body(body).await {
        Ok(body) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => error.into_response(),
    };
    if let Some(error) = response.extensions_mut().remove::<GraphError>() {
        let inner_error = InnerError {
            date: format_local(injected.now(service.now())),
            request_id: &request_id,
            client_request_id: &client_request_id,
        };
        write_error_body(&mut response, &error, inner_error);
    }
    // Set here, because the server would use the system clock.
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

/// Reads the complete body before the request is handled, so that an error response does not interrupt a client that is
/// sending.
async fn read_body(mut body: Body) -> Result<Body, GraphError> {
    let mut buffer = Vec::new();
    let mut length = 0;
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| GraphError::bad_request("The request body is incomplete."))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len();
        if length > DRAIN_LIMIT {
            break;
        }
        if length <= BODY_LIMIT {
            buffer.extend_from_slice(&data);
        }
    }
    if length > BODY_LIMIT {
        return Err(GraphError::payload_too_large());
    }
    Ok(Body::from(buffer))
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

/// Formats an instant as in errors of the service: UTC without an offset.
fn format_local(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn write_error_body(response: &mut Response, error: &GraphError, inner_error: InnerError<'_>) {
    let body =
        response::json(&ErrorBody { error: ErrorDetail { code: error.code, message: &error.message, inner_error } });
    let (parts, body) = body.into_parts();
    *response.body_mut() = body;
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    headers.extend(parts.headers);
    if error.status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
}
