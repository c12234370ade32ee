//! The error of all calls: what failed, why, and what to do.

mod message;

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::cloud::{ApiVersion, Cloud};
use crate::operation::{Operation, Permissions};
use crate::transience::Transience;

/// A [`Result`](std::result::Result) with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

type Source = Arc<dyn std::error::Error + Send + Sync>;

/// An error of this crate: why a call failed, or why it was not sent. Cheap to clone.
///
/// The message states what failed, why, and what to do. It does not contain a body, a header, a user or a token, so
/// that it can be logged. The methods return the details; [`std::error::Error::source`] returns the underlying error,
/// such as that of the connection.
///
/// # Errors of requests
///
/// All requests return an error if the input is invalid ([`is_invalid_input`](Self::is_invalid_input)), the token
/// source fails ([`is_token_source`](Self::is_token_source)), the request cannot be sent or its response is incomplete
/// ([`is_connection`](Self::is_connection)), the service responds with an error status ([`status`](Self::status)), or
/// the response cannot be decoded ([`is_decode`](Self::is_decode)).
#[derive(Clone)]
pub struct Error(Arc<Inner>);

const _: () = assert!(size_of::<Error>() == size_of::<usize>());

#[derive(Clone)]
struct Inner {
    operation: Option<Operation>,
    kind: Kind,
    response: Option<ResponseDetails>,
    /// The number of attempts, and the reason why the call was not retried.
    attempts: Option<(u32, StopReason)>,
    source: Option<Source>,
}

#[derive(Clone)]
enum Kind {
    /// The input is invalid, and nothing was sent. Contains the complete message.
    Invalid(String),
    /// The client could not be built.
    Builder,
    /// The token source failed.
    Token,
    /// The request could not be sent, or its response was incomplete.
    Connection,
    /// The service responded with an error status.
    Status,
    /// The service responded with a success status and a body that cannot be decoded.
    Decode,
}

/// The reason why a call is not retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// The error is permanent.
    Permanent,
    /// The maximum number of attempts was made.
    Attempts,
    /// The next attempt would begin after the deadline.
    Deadline,
    /// The retry budget is exhausted: too many requests failed recently.
    Budget,
}

/// The details of an error response.
#[derive(Clone, Default)]
pub(crate) struct ResponseDetails {
    pub(crate) status: StatusCode,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

impl Error {
    /// Creates the error of an invalid value. `expected` completes the sentence "expected …".
    pub(crate) fn invalid(field: &str, value: &str, expected: &str) -> Self {
        Self::invalid_input(format!("invalid {field} \"{value}\": expected {expected}"))
    }

    /// Creates the error of an invalid value that may identify a user or be a secret: `got` describes it without
    /// repeating it.
    pub(crate) fn invalid_redacted(field: &str, got: &str, expected: &str) -> Self {
        Self::invalid_input(format!("invalid {field}: expected {expected}, got {got}"))
    }

    /// Creates the error of a value outside its range.
    pub(crate) fn out_of_range(field: &str, value: impl fmt::Display, allowed: impl fmt::Display) -> Self {
        Self::invalid_input(format!("{field} out of range: {value} (allowed: {allowed})"))
    }

    /// Creates the error of a call that needs a tokio runtime on a thread without one.
    pub(crate) fn no_runtime() -> Self {
        Self::new(Kind::Invalid("tokio runtime not found: call this on a thread of a tokio runtime".to_owned()))
    }

    /// Creates an error of invalid input from a complete message.
    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid(message.into()))
    }

    /// Creates the error of a pair of availability and activity that `action` does not support. `states` are the
    /// supported pairs.
    pub(crate) fn unsupported_pair(
        action: &str,
        availability: impl fmt::Display,
        activity: impl fmt::Display,
        states: &[impl fmt::Display],
    ) -> Self {
        let states: Vec<_> = states.iter().map(ToString::to_string).collect();
        let expected = format!("a pair that {action} supports: {}", states.join(", "));
        Self::invalid("availability and activity", &format!("{availability}/{activity}"), &expected)
    }

    /// Creates the error of an operation that a cloud does not support. `claim` is the source of this fact and its
    /// date.
    pub(crate) fn unsupported_operation(cloud: Cloud, version: ApiVersion, claim: &str) -> Self {
        Self::invalid_input(format!(
            "not supported by {cloud} in {} ({claim}): to send it anyway, call ClientBuilder::send_unsupported",
            version.as_str()
        ))
    }

    /// Creates the error of a token source.
    pub(crate) fn token(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Kind::Token).with_source(source)
    }

    /// Creates the error of a client that could not be built.
    pub(crate) fn builder(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Kind::Builder).with_source(source)
    }

    /// Creates the error of a request that could not be sent, or whose response is incomplete.
    pub(crate) fn connection(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Kind::Connection).with_source(source)
    }

    /// Creates the error of a response with an error status.
    pub(crate) fn error_status(response: ResponseDetails) -> Self {
        Self::new(Kind::Status).with_response(response)
    }

    /// Creates the error of a response with a success status and a body that cannot be decoded.
    pub(crate) fn decode(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Kind::Decode).with_source(source)
    }

    fn new(kind: Kind) -> Self {
        Self(Arc::new(Inner { operation: None, kind, response: None, attempts: None, source: None }))
    }

    fn inner_mut(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }

    /// Sets the operation that failed: the message begins with its name.
    pub(crate) fn with_operation(mut self, operation: Operation) -> Self {
        self.inner_mut().operation = Some(operation);
        self
    }

    pub(crate) fn with_response(mut self, response: ResponseDetails) -> Self {
        self.inner_mut().response = Some(response);
        self
    }

    /// Sets the number of attempts, and the reason why the call was not retried.
    pub(crate) fn with_attempts(mut self, attempts: u32, reason: StopReason) -> Self {
        self.inner_mut().attempts = Some((attempts, reason));
        self
    }

    fn with_source(mut self, source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        self.inner_mut().source = Some(source.into());
        self
    }

    /// Returns `true` if the input is invalid and nothing was sent.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        matches!(self.0.kind, Kind::Invalid(_))
    }

    /// Returns `true` if the token source failed or timed out, or its token cannot be sent in a header.
    #[must_use]
    pub fn is_token_source(&self) -> bool {
        matches!(self.0.kind, Kind::Token)
    }

    /// Returns `true` if the service responded with a success status and the body cannot be decoded.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode)
    }

    /// Returns `true` if the request could not be sent, or its response was incomplete or timed out.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self.0.kind, Kind::Connection)
    }

    /// Returns `true` if the service rejected the token (401).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
    }

    /// Returns `true` if the service denied access (403), usually because the token does not have the permission.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN)
    }

    /// Returns `true` if the user, session or subscription was not found (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND)
    }

    /// Returns `true` if the service throttled the request (429); see [`Error::retry_after`].
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Returns `true` if the request is likely to succeed on a later attempt: errors of the token source and of the
    /// connection, responses that cannot be decoded, the statuses 401 (the next token may be valid), 408, 425 and 429,
    /// and all statuses outside 4xx. All other errors are permanent.
    ///
    /// ```
    /// # use graph_presence::{AccessToken, Client};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> graph_presence::Result<()> {
    /// let client = Client::builder(AccessToken::new("eyJ0eXAi")).base_url("http://127.0.0.1:1").build()?;
    /// let error = client.me().get_presence().await.unwrap_err();
    /// assert!(error.is_connection() && error.is_transient());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            Kind::Invalid(_) | Kind::Builder => false,
            Kind::Token | Kind::Connection | Kind::Decode => true,
            Kind::Status => self.status().is_some_and(|status| Transience::of(status) != Transience::Permanent),
        }
    }

    /// Returns the status of the response, or `None` if the call failed without a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// Returns the service's error code, such as `InvalidArgument`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.response.as_ref()?.code.as_deref()
    }

    /// Returns the service's error message. It may identify a user, and may be empty.
    #[must_use]
    pub fn service_message(&self) -> Option<&str> {
        self.0.response.as_ref()?.message.as_deref()
    }

    /// Returns the id that the service assigned to the request, for Microsoft's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.response.as_ref()?.request_id.as_deref()
    }

    /// Returns the time to wait before the next attempt, as requested by the service (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.response.as_ref()?.retry_after
    }

    /// Returns the number of attempts, or 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts.map_or(0, |(attempts, _)| attempts)
    }

    /// Returns the least privileged permissions for the request, if the service rejected it with 401 or 403.
    #[must_use]
    pub fn required_permissions(&self) -> Option<Permissions> {
        let is_rejected = self.is_unauthorized() || self.is_forbidden();
        self.0.operation.filter(|_| is_rejected).map(Permissions::of)
    }

    fn has_status(&self, status: StatusCode) -> bool {
        matches!(self.0.kind, Kind::Status) && self.status() == Some(status)
    }
}

impl From<Infallible> for Error {
    /// Never called. Allows a method to accept both a validated value and one that still has to be converted.
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("message", &format_args!("{self}"))
            .field("request_id", &self.request_id())
            .field("retry_after", &self.retry_after())
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
