//! Durations in the wire format, ISO 8601.

use std::time::Duration;

use jiff::fmt::temporal::{SpanParser, SpanPrinter};
use jiff::{SignedDuration, SpanRelativeTo};

/// Formats a duration in the canonical form: 5,400 seconds are `PT1H30M`.
pub(crate) fn format(duration: Duration) -> String {
    let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
    SpanPrinter::new().duration_to_string(&duration)
}

/// Parses a duration of days to seconds. Returns `None` if the text is not a duration, is negative, or contains years,
/// months or weeks.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let span = SpanParser::new().parse_span(text).ok()?;
    if span.get_years() != 0 || span.get_months() != 0 || span.get_weeks() != 0 {
        return None;
    }
    Duration::try_from(span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?).ok()
}
