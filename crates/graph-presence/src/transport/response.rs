//! The details of an error response.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::{HeaderMap, RETRY_AFTER};
use jiff::Timestamp;
use serde_json::Value;

use crate::error::ResponseDetails;

/// Returns the details that the response has. All of them are optional, because gateways respond in formats other than
/// that of the service.
pub(super) fn details(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> ResponseDetails {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = body.get("error");
    // The documentation and servers use both spellings.
    let inner = error.and_then(|error| error.get("innerError").or_else(|| error.get("innererror")));
    let request_id = text(inner, "request-id").or_else(|| text(inner, "requestId"));
    ResponseDetails {
        status,
        code: text(error, "code"),
        message: text(error, "message"),
        request_id: header(headers, "request-id").map(str::to_owned).or(request_id),
        retry_after: header(headers, RETRY_AFTER.as_str()).and_then(|value| retry_after(value.trim(), now)),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn text(object: Option<&Value>, name: &str) -> Option<String> {
    object?.get(name)?.as_str().map(str::to_owned)
}

/// Parses a `Retry-After` header: a number of seconds, or an HTTP date. Returns zero for a date in the past.
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::from(now)).unwrap_or_default())
}
