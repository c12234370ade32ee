//! The table of error statuses: which of them are retried, and which are permanent.

use http::StatusCode;

/// Whether a later attempt is likely to succeed after an error status.
///
/// A call retries the first two within its deadline; what runs for hours, such as a hold, also waits out the third.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transience {
    /// The service did not act on the request: every operation is retried.
    NotProcessed,
    /// The service may have acted on the request: idempotent operations are retried.
    Retryable,
    /// Not retried within a call, but not permanent either: the next token may be valid, the service may be repaired.
    Later,
    /// The same request fails again.
    Permanent,
}

impl Transience {
    /// Returns the row of the table for an error status.
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
