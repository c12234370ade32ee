//! Classifies error statuses as transient or permanent.

use http::StatusCode;

/// Whether a later attempt is likely to succeed after an error status.
///
/// A call retries [`NotProcessed`](Self::NotProcessed) and [`Retryable`](Self::Retryable) within its deadline.
/// Long-running tasks, such as a hold, also retry [`Later`](Self::Later).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transience {
    /// The service did not act on the request: all operations are retried.
    NotProcessed,
    /// The service may have acted on the request: only idempotent operations are retried.
    Retryable,
    /// Not retried within a call, but transient: the next token may be valid, or the service may have recovered.
    Later,
    /// The same request would fail again.
    Permanent,
}

impl Transience {
    /// Returns the class of an error status.
    pub(crate) fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            429 => Self::NotProcessed,
            408 | 500 | 502 | 503 | 504 => Self::Retryable,
            401 | 425 => Self::Later,
            400..=499 => Self::Permanent,
            _ => Self::Later,
        }
    }
}
