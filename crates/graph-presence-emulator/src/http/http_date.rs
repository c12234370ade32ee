//! Dates in headers.

use std::time::SystemTime;

use jiff::Timestamp;

/// Returns the instant as headers show it. An instant before 1970, which `httpdate` cannot show, becomes the epoch.
pub(super) fn format(instant: Timestamp) -> String {
    httpdate::fmt_http_date(SystemTime::from(instant.max(Timestamp::UNIX_EPOCH)))
}
