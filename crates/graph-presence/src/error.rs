//! Why a call failed.

mod message;

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::cloud::{ApiVersion, Cloud};
use crate::operation::{Operation, Permissions};
use crate::transience::Transience;

/// A [`Result`](std::result::Result) with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

type Source = Arc<dyn std::error::Error + Send + Sync>;

/// An error of this crate: why a call failed, or why it was not made. Cheap to clone.
///
/// The message says what failed, why, and what to do, without a body, a header, a user or a token, so that it can be logged.
/// The methods tell the details; [`std::error::Error::source`] is the underlying error, such as that of the connection.
///
/// # Errors of requests
///
/// Every request returns an error if the input is invalid ([`is_invalid_input`](Self::is_invalid_input)), the token source
/// fails ([`is_token_source`](Self::is_token_source)), the request cannot be sent or its response is incomplete
/// ([`is_connection`](Self::is_connection)), the service responds with an error status ([`status`](Self::status)), or the
/// response cannot be decoded ([`is_decode`](Self::is_decode)).
#[derive(Clone)]
pub struct Error(Arc<Inner>);

const _: () = assert!(size_of::<Error>() == size_of::<usize>());

#[derive(Clone)]
struct Inner {
    operation: Option<&'static Operation>,
    /// Whether the request was about the signed-in user.
    is_signed_in_user: bool,
    cause: Cause,
    response: Option<ResponseDetails>,
    /// How many attempts were made, and why there was not another.
    stopped: Option<(u32, Stop)>,
    source: Option<Source>,
}

#[derive(Clone)]
enum Cause {
    /// Invalid input, found before anything was sent: the whole message.
    Invalid(String),
    /// The client cannot be built.
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

/// Why there is no further attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The error is permanent.
    Permanent,
    /// The maximum number of attempts was made.
    Attempts,
    /// The next attempt would begin after the deadline.
    Deadline,
    /// The retry budget is exhausted: too many requests failed recently.
    Budget,
}

/// What a response tells about itself.
#[derive(Clone, Default)]
pub(crate) struct ResponseDetails {
    pub(crate) status: StatusCode,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

impl Error {
    /// Invalid input. `expected` completes the sentence "expected …".
    pub(crate) fn invalid(field: &str, value: &str, expected: &str) -> Self {
        Self::invalid_input(format!("invalid {field} \"{value}\": expected {expected}"))
    }

    /// As [`Error::invalid`], for a value that may identify a user or be a secret: `got` says what kind of value it is.
    pub(crate) fn invalid_unprinted(field: &str, got: &str, expected: &str) -> Self {
        Self::invalid_input(format!("invalid {field}: expected {expected}, got {got}"))
    }

    /// A value outside its range.
    pub(crate) fn out_of_range(field: &str, value: impl fmt::Display, allowed: impl fmt::Display) -> Self {
        Self::invalid_input(format!("{field} out of range: {value} (allowed: {allowed})"))
    }

    /// The call needs a tokio runtime, and the current thread has none.
    pub(crate) fn no_runtime() -> Self {
        Self::new(Cause::Invalid("tokio runtime not found: call this on a thread of a tokio runtime".to_owned()))
    }

    /// Invalid input, with a message of its own.
    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(Cause::Invalid(message.into()))
    }

    /// A pair that `action` does not support. `states` are those that it supports.
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

    /// An operation that a cloud does not have. `claim` is the source of that and its date.
    pub(crate) fn lacking(cloud: Cloud, version: ApiVersion, claim: &str) -> Self {
        Self::invalid_input(format!(
            "not supported by {cloud} in {} ({claim}): to send it anyway, call ClientBuilder::send_unsupported",
            version.as_str()
        ))
    }

    pub(crate) fn token(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Cause::Token).with_source(source)
    }

    pub(crate) fn builder(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Cause::Builder).with_source(source)
    }

    pub(crate) fn connection(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Cause::Connection).with_source(source)
    }

    pub(crate) fn error_status(response: ResponseDetails) -> Self {
        Self::new(Cause::Status).with_response(response)
    }

    pub(crate) fn decode(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Cause::Decode).with_source(source)
    }

    fn new(cause: Cause) -> Self {
        Self(Arc::new(Inner {
            operation: None,
            is_signed_in_user: false,
            cause,
            response: None,
            stopped: None,
            source: None,
        }))
    }

    fn inner_mut(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }

    pub(crate) fn during(mut self, operation: &'static Operation) -> Self {
        self.inner_mut().operation = Some(operation);
        self
    }

    /// Notes whether the request was about the signed-in user.
    pub(crate) fn with_signed_in_user(mut self, is_signed_in_user: bool) -> Self {
        self.inner_mut().is_signed_in_user = is_signed_in_user;
        self
    }

    pub(crate) fn with_response(mut self, response: ResponseDetails) -> Self {
        self.inner_mut().response = Some(response);
        self
    }

    pub(crate) fn stopped(mut self, attempts: u32, stop: Stop) -> Self {
        self.inner_mut().stopped = Some((attempts, stop));
        self
    }

    fn with_source(mut self, source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        self.inner_mut().source = Some(source.into());
        self
    }

    /// Returns `true` if the input is invalid and nothing was sent.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        matches!(self.0.cause, Cause::Invalid(_))
    }

    /// Returns `true` if the token source failed, or its token cannot be sent.
    #[must_use]
    pub fn is_token_source(&self) -> bool {
        matches!(self.0.cause, Cause::Token)
    }

    /// Returns `true` if the service responded with a success status and the body cannot be decoded.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.cause, Cause::Decode)
    }

    /// Returns `true` if the request could not be sent, or its response was incomplete or timed out.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self.0.cause, Cause::Connection)
    }

    /// Returns `true` if the service rejected the token (401).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
    }

    /// Returns `true` if the token lacks a permission (403).
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

    /// Returns `true` for errors that are likely to succeed on a later attempt: errors of the token source and of the
    /// connection, responses that cannot be decoded, and all statuses but most of 4xx: of these, only 401 (the next token may
    /// be valid), 408, 425 and 429. Others, and invalid input, are permanent errors.
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
        match self.0.cause {
            Cause::Invalid(_) | Cause::Builder => false,
            Cause::Token | Cause::Connection | Cause::Decode => true,
            Cause::Status => self.status().is_some_and(|status| Transience::of(status) != Transience::Permanent),
        }
    }

    /// Returns the status of the response, if there was one.
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

    /// Returns the service's id of the request, which Microsoft's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.response.as_ref()?.request_id.as_deref()
    }

    /// Returns how long the service asks to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.response.as_ref()?.retry_after
    }

    /// Returns the number of attempts; 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.stopped.map_or(0, |(attempts, _)| attempts)
    }

    /// Returns the least permissions that the request needs, if the service rejected it with 401 or 403.
    #[must_use]
    pub fn required_permissions(&self) -> Option<Permissions> {
        let is_rejected = self.is_unauthorized() || self.is_forbidden();
        self.0.operation.filter(|_| is_rejected).map(|operation| operation.permissions)
    }

    fn has_status(&self, status: StatusCode) -> bool {
        matches!(self.0.cause, Cause::Status) && self.status() == Some(status)
    }
}

impl From<Infallible> for Error {
    /// Never called: it lets a value that needs no check stand where a checked one can.
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
