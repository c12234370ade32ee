//! A span for each call and for each of its attempts, with the names of OpenTelemetry's conventions for HTTP clients.
//!
//! Spans do not contain users, ids, texts or tokens; of a path, only the template.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use tracing::field::Empty;
use tracing::instrument::{Instrument, Instrumented};
use tracing::{Span, debug, info_span, warn};
use url::Url;

use crate::error::{Error, StopReason};
use crate::operation::Operation;

/// The server of a client's base URL.
#[derive(Debug, Default)]
pub(crate) struct Server {
    address: String,
    port: Option<u16>,
    /// The path of the base URL, which is the prefix of all paths.
    path: String,
}

impl Server {
    /// Creates the server of the base URL, to which all paths are appended.
    pub(crate) fn new(base: &str) -> Self {
        let Ok(url) = Url::parse(base) else { return Self::default() };
        Self {
            address: url.host_str().unwrap_or_default().to_owned(),
            port: url.port_or_known_default(),
            path: url.path().to_owned(),
        }
    }
}

/// The span of a call.
#[derive(Debug)]
pub(crate) struct Call {
    target: Target,
    span: Span,
}

/// The server and the operation of a call and its attempts.
#[derive(Debug)]
struct Target {
    server: Arc<Server>,
    operation: Operation,
}

impl fmt::Display for Target {
    /// Writes the path template, which has names in place of ids.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.server.path, self.operation.path())
    }
}

impl Call {
    /// Starts the span of a call.
    pub(crate) fn new(server: &Arc<Server>, operation: Operation) -> Self {
        let target = Target { server: server.clone(), operation };
        let span = info_span!(
            "call",
            otel.name = operation.name(),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = Empty,
            url.template = %target,
            server.address = server.address,
            server.port = server.port,
            http.response.status_code = Empty,
            error.type = Empty,
        );
        Self { target, span }
    }

    /// Returns `future` instrumented with the span of the call.
    pub(crate) fn instrument<F: Future>(&self, method: &Method, future: F) -> Instrumented<F> {
        self.span.record("http.request.method", method.as_str());
        future.instrument(self.span.clone())
    }

    /// Starts the span of an attempt. `resends` is the number of earlier attempts.
    pub(crate) fn attempt(&self, method: &Method, resends: u32) -> Attempt {
        let Target { server, .. } = &self.target;
        Attempt(info_span!(
            parent: &self.span,
            "attempt",
            otel.name = %format_args!("{method} {}", self.target),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = method.as_str(),
            http.request.resend_count = (resends > 0).then_some(resends),
            url.template = %self.target,
            server.address = server.address,
            server.port = server.port,
            http.response.status_code = Empty,
            error.type = Empty,
        ))
    }

    pub(crate) fn record_status(&self, status: StatusCode) {
        record_status(&self.span, status);
    }

    pub(crate) fn record_error(&self, error: &Error) {
        record_error(&self.span, error);
    }
}

/// The span of an attempt.
#[derive(Debug)]
pub(crate) struct Attempt(Span);

impl Attempt {
    /// Returns `future` instrumented with the span of the attempt.
    pub(crate) fn instrument<F: Future>(&self, future: F) -> Instrumented<F> {
        future.instrument(self.0.clone())
    }

    pub(crate) fn record_status(&self, status: StatusCode) {
        record_status(&self.0, status);
    }

    pub(crate) fn record_error(&self, error: &Error) {
        record_error(&self.0, error);
    }
}

/// Returns `future` instrumented with the current span, for another task to run.
pub(crate) fn in_current_span<F: Future>(future: F) -> Instrumented<F> {
    future.in_current_span()
}

fn record_status(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
}

fn record_error(span: &Span, error: &Error) {
    if let Some(status) = error.status() {
        record_status(span, status);
    }
    span.record("error.type", &*error_type(error));
    span.record("otel.status_code", "ERROR");
}

/// Returns the value of `error.type`: the error status, or the kind of the error.
fn error_type(error: &Error) -> Cow<'static, str> {
    match error.status() {
        _ if error.is_invalid_input() => "invalid_input".into(),
        _ if error.is_token_source() => "token_source".into(),
        _ if error.is_connection() => "connection".into(),
        Some(status) if !status.is_success() => status.as_u16().to_string().into(),
        _ => "decode".into(),
    }
}

/// Logs a wait before an attempt.
pub(crate) fn log_wait(reason: &'static str, duration: Duration) {
    debug!(reason, seconds = duration.as_secs_f64(), "waiting");
}

/// Logs that the call is not retried.
pub(crate) fn log_stop(reason: StopReason, attempts: u32) {
    match reason {
        StopReason::Permanent => debug!(reason = "permanent", attempts, "not retrying"),
        StopReason::Attempts => warn!(reason = "attempts", attempts, "not retrying"),
        StopReason::Deadline => warn!(reason = "deadline", attempts, "not retrying"),
        StopReason::Budget => warn!(reason = "budget", attempts, "not retrying"),
    }
}
