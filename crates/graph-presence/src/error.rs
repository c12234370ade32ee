//! Why a call failed.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::cloud::{ApiVersion, Cloud};
use crate::operation::{Operation, Permissions};
use crate::retry::Stop;
use crate::state::{Activity, Availability};

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed, or why it was not made.
///
/// The message says what happened once, without a body, a header or a person; the questions below tell more.
/// [`std::error::Error::source`] is what lies underneath, such as the fault of the connection.
pub struct Error(Box<Inner>);

struct Inner {
    operation: Option<&'static Operation>,
    /// Whether the call was about the person that the token is for.
    own: bool,
    cause: Cause,
    answer: Option<Answer>,
    /// How many attempts were made, and why no more.
    stopped: Option<(u32, Stop)>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

enum Cause {
    /// Bad input, found before anything was sent: the whole message.
    Invalid(String),
    /// The client cannot be built.
    Setup,
    /// No access token was to be had.
    Token,
    /// The request did not get through, or no whole answer came back.
    Connection,
    /// Graph answered, and it is no success.
    Refused,
    /// Graph answered with success, and with a body that is not what it should be.
    Unreadable,
}

/// What is known of an answer.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

impl Error {
    /// Invalid input. `expected` completes the sentence "expected …".
    pub(crate) fn invalid(field: &str, value: &str, expected: &str) -> Self {
        Self::new(Cause::Invalid(format!("invalid {field} \"{value}\": expected {expected}")))
    }

    /// As [`Error::invalid`], for a value that may identify a user or be a secret: `got` says what kind of value it is.
    pub(crate) fn invalid_unprinted(field: &str, got: &str, expected: &str) -> Self {
        Self::new(Cause::Invalid(format!("invalid {field}: expected {expected}, got {got}")))
    }

    /// A value outside its range.
    pub(crate) fn out_of_range(field: &str, value: impl fmt::Display, allowed: impl fmt::Display) -> Self {
        Self::new(Cause::Invalid(format!("{field} out of range: {value} (allowed: {allowed})")))
    }

    /// The call needs a tokio runtime, and the current thread has none.
    pub(crate) fn no_runtime() -> Self {
        Self::new(Cause::Invalid("tokio runtime not found: call this on a thread of a tokio runtime".to_owned()))
    }

    /// `states` are what `action` supports instead.
    pub(crate) fn unsupported_pair(
        action: &str,
        availability: &Availability,
        activity: &Activity,
        states: &[impl fmt::Display],
    ) -> Self {
        let states: Vec<_> = states.iter().map(ToString::to_string).collect();
        let rule = format!("{action} supports {}", states.join(", "));
        Self::invalid("availability and activity", &format!("{availability}/{activity}"), &rule)
    }

    /// `claim` says who says so, and since when.
    pub(crate) fn lacking(cloud: Cloud, version: ApiVersion, claim: &str) -> Self {
        Self::new(Cause::Invalid(format!(
            "{cloud} lacks this in {} ({claim}); `ClientBuilder::send_unsupported` sends it anyway",
            version.as_str()
        )))
    }

    pub(crate) fn token(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Cause::Token).because(source)
    }

    pub(crate) fn setup(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Cause::Setup).because(source)
    }

    pub(crate) fn connection(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Cause::Connection).because(source)
    }

    pub(crate) fn refused(answer: Answer) -> Self {
        Self::new(Cause::Refused).answered(answer)
    }

    pub(crate) fn unreadable(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::new(Cause::Unreadable).because(source)
    }

    fn new(cause: Cause) -> Self {
        Self(Box::new(Inner { operation: None, own: false, cause, answer: None, stopped: None, source: None }))
    }

    pub(crate) fn during(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// The call was about the person that the token is for, if `own`.
    pub(crate) fn about_oneself(mut self, own: bool) -> Self {
        self.0.own = own;
        self
    }

    pub(crate) fn answered(mut self, answer: Answer) -> Self {
        self.0.answer = Some(answer);
        self
    }

    pub(crate) fn stopped(mut self, attempts: u32, stop: Stop) -> Self {
        self.0.stopped = Some((attempts, stop));
        self
    }

    fn because(mut self, source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        self.0.source = Some(source);
        self
    }

    /// Whether the input was refused before anything was sent.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        matches!(self.0.cause, Cause::Invalid(_))
    }

    /// Whether the token source gave no token.
    #[must_use]
    pub fn is_token(&self) -> bool {
        matches!(self.0.cause, Cause::Token)
    }

    /// Whether Graph answered with success, and with a body that is no answer to the call.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        matches!(self.0.cause, Cause::Unreadable)
    }

    /// Whether the request did not get through, or no whole answer came back.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self.0.cause, Cause::Connection)
    }

    /// Whether Graph refuses the token (401).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.refused_with(StatusCode::UNAUTHORIZED)
    }

    /// Whether the token lacks a permission (403).
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.refused_with(StatusCode::FORBIDDEN)
    }

    /// Whether there is no such thing (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.refused_with(StatusCode::NOT_FOUND)
    }

    /// Whether there were too many requests (429); see [`Error::retry_after`].
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.refused_with(StatusCode::TOO_MANY_REQUESTS)
    }

    /// The status of the answer, if one came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// Graph's word for what went wrong, such as `InvalidArgument`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.answer.as_ref()?.code.as_deref()
    }

    /// Graph's sentence about what went wrong. It may name a person, and may be empty.
    #[must_use]
    pub fn service_message(&self) -> Option<&str> {
        self.0.answer.as_ref()?.message.as_deref()
    }

    /// The id of the request at the service, which Microsoft's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }

    /// How long Graph asks to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.answer.as_ref()?.retry_after
    }

    /// How many attempts were made; 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.stopped.map_or(0, |(attempts, _)| attempts)
    }

    /// The least permission that the refused call needs (401, 403).
    #[must_use]
    pub fn required_permissions(&self) -> Option<Permissions> {
        let refused = self.is_unauthorized() || self.is_forbidden();
        self.0.operation.filter(|_| refused).map(|operation| operation.permissions)
    }

    /// Whether it may pass by itself, so that what goes on for hours tries again later: the next token may be a good one,
    /// but what the service refuses for what was said stays refused.
    pub(crate) fn may_pass(&self) -> bool {
        match self.0.cause {
            Cause::Invalid(_) | Cause::Setup => false,
            Cause::Token | Cause::Connection | Cause::Unreadable => true,
            Cause::Refused => self
                .status()
                .is_some_and(|status| !status.is_client_error() || matches!(status.as_u16(), 401 | 408 | 425 | 429)),
        }
    }

    fn refused_with(&self, status: StatusCode) -> bool {
        matches!(self.0.cause, Cause::Refused) && self.status() == Some(status)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(formatter, "{}: ", operation.name)?;
        }
        match &self.0.cause {
            Cause::Invalid(message) => formatter.write_str(message)?,
            Cause::Setup => formatter.write_str("TLS cannot be set up")?,
            Cause::Token => formatter.write_str("the token source gave no token that can be sent")?,
            Cause::Connection => formatter.write_str("no whole answer came from Graph")?,
            Cause::Refused => self.describe_answer(formatter)?,
            Cause::Unreadable => {
                self.describe_answer(formatter)?;
                formatter.write_str(" with a body that is no answer to this call")?;
            }
        }
        if let Some(permissions) = self.required_permissions() {
            write!(formatter, "; the call needs {permissions}")?;
        }
        let status = self.status().filter(|_| self.0.own);
        if let Some(StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) = status {
            formatter.write_str("; /me is for tokens on behalf of a person: an application asks for a user by id")?;
        }
        if status == Some(StatusCode::BAD_REQUEST) {
            formatter.write_str("; personal Microsoft accounts have no presence")?;
        }
        match self.0.stopped {
            Some((attempts @ 2.., Stop::Lasting | Stop::Attempts)) => {
                write!(formatter, "; {attempts} attempts were made")
            }
            Some((_, Stop::Deadline)) => formatter.write_str("; another attempt would pass the deadline"),
            Some((_, Stop::Budget)) => formatter.write_str("; too many calls failed lately to try again"),
            _ => Ok(()),
        }
    }
}

impl Error {
    fn describe_answer(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Graph answered")?;
        let Some(answer) = &self.0.answer else { return Ok(()) };
        write!(formatter, " {}", answer.status.as_u16())?;
        if let Some(reason) = answer.status.canonical_reason() {
            write!(formatter, " ({reason})")?;
        }
        if let Some(code) = &answer.code {
            write!(formatter, ", code {code}")?;
        }
        Ok(())
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
