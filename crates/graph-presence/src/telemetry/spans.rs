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

use crate::error::{Error, Stop};
use crate::operation::Operation;

/// Where calls go.
#[derive(Debug, Default)]
pub(crate) struct Server {
    address: String,
    port: Option<u16>,
    /// What all paths begin with.
    path: String,
}

impl Server {
    /// `base` is the URL that all paths are appended to.
    pub(crate) fn new(base: &str) -> Self {
        let Ok(url) = Url::parse(base) else { return Self::default() };
        Self {
            address: url.host_str().unwrap_or_default().to_owned(),
            port: url.port_or_known_default(),
            path: url.path().to_owned(),
        }
    }
}

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    target: Target,
    span: Span,
}

/// What a call and its attempts have in common.
#[derive(Debug)]
struct Target {
    server: Arc<Server>,
    operation: Operation,
}

impl fmt::Display for Target {
    /// The path, with names in the place of ids.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.server.path, self.operation.path())
    }
}

impl Call {
    /// Begins the span of a call.
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

    /// Has everything that happens while `carried_out` runs belong to the call.
    pub(crate) fn around<F: Future>(&self, method: &Method, carried_out: F) -> Instrumented<F> {
        self.span.record("http.request.method", method.as_str());
        carried_out.instrument(self.span.clone())
    }

    /// Begins the span of an attempt, after `resends` others.
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

    pub(crate) fn answered(&self, status: StatusCode) {
        answered(&self.span, status);
    }

    pub(crate) fn failed(&self, error: &Error) {
        failed(&self.span, error);
    }
}

/// One attempt of a call.
#[derive(Debug)]
pub(crate) struct Attempt(Span);

impl Attempt {
    /// Has everything that happens while `sent` runs belong to the attempt.
    pub(crate) fn around<F: Future>(&self, sent: F) -> Instrumented<F> {
        sent.instrument(self.0.clone())
    }

    pub(crate) fn answered(&self, status: StatusCode) {
        answered(&self.0, status);
    }

    pub(crate) fn failed(&self, error: &Error) {
        failed(&self.0, error);
    }
}

/// Has what is done elsewhere belong to what is done here.
pub(crate) fn as_here<F: Future>(elsewhere: F) -> Instrumented<F> {
    elsewhere.in_current_span()
}

fn answered(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
}

fn failed(span: &Span, error: &Error) {
    if let Some(status) = error.status() {
        answered(span, status);
    }
    span.record("error.type", &*error_type(error));
    span.record("otel.status_code", "ERROR");
}

/// The error status, or the kind of the error.
fn error_type(error: &Error) -> Cow<'static, str> {
    match error.status() {
        _ if error.is_invalid_input() => "invalid_input".into(),
        _ if error.is_token_source() => "token_source".into(),
        _ if error.is_connection() => "connection".into(),
        Some(status) if !status.is_success() => status.as_u16().to_string().into(),
        _ => "decode".into(),
    }
}

/// Tells of a wait before the next attempt.
pub(crate) fn waits(reason: &'static str, duration: Duration) {
    debug!(reason, seconds = duration.as_secs_f64(), "waiting");
}

/// Tells that there is no attempt after this one.
pub(crate) fn stops(stop: Stop, attempts: u32) {
    match stop {
        Stop::Permanent => debug!(reason = "permanent", attempts, "not trying again"),
        Stop::Attempts => warn!(reason = "attempts", attempts, "not trying again"),
        Stop::Deadline => warn!(reason = "deadline", attempts, "not trying again"),
        Stop::Budget => warn!(reason = "budget", attempts, "not trying again"),
    }
}
