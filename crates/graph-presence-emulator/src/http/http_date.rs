//! Dates in HTTP headers.

use std::time::SystemTime;

use jiff::Timestamp;

/// Formats an HTTP date. An instant before 1970, which `httpdate` does not support, becomes the Unix epoch.
pub(super) fn format(instant: Timestamp) -> String {
    httpdate::fmt_http_date(SystemTime::from(instant.max(Timestamp::UNIX_EPOCH)))
}
