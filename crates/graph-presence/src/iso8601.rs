//! Lengths of time as they are on the wire.

use std::time::Duration;

use jiff::fmt::temporal::{SpanParser, SpanPrinter};
use jiff::{SignedDuration, SpanRelativeTo};

/// In the canonical form: 5,400 seconds are `PT1H30M`.
pub(crate) fn write(duration: Duration) -> String {
    let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
    SpanPrinter::new().duration_to_string(&duration)
}

/// In any form of days to seconds; `None` for years, months and weeks, for less than nothing, and for anything else.
pub(crate) fn read(text: &str) -> Option<Duration> {
    let span = SpanParser::new().parse_span(text).ok()?;
    if span.get_years() != 0 || span.get_months() != 0 || span.get_weeks() != 0 {
        return None;
    }
    Duration::try_from(span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?).ok()
}
