//! What an answer that is no success says of itself.

use std::time::Duration;

use http::StatusCode;
use http::header::{HeaderMap, RETRY_AFTER};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::Value;

use crate::error::Answer;

/// Reads what can be read: gateways answer with other things than the service does.
pub(super) fn describe(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Answer {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = body.get("error");
    // The documentation writes it in two ways, and so do servers.
    let inner = error.and_then(|error| error.get("innerError").or_else(|| error.get("innererror")));
    let request_id = text(inner, "request-id").or_else(|| text(inner, "requestId"));
    Answer {
        status,
        code: text(error, "code"),
        message: text(error, "message"),
        request_id: header(headers, "request-id").map(str::to_owned).or(request_id),
        retry_after: header(headers, RETRY_AFTER.as_str()).and_then(|value| wait(value.trim(), now)),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn text(object: Option<&Value>, name: &str) -> Option<String> {
    object?.get(name)?.as_str().map(str::to_owned)
}

/// `Retry-After` is a number of seconds or a date.
fn wait(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}
