//! Expiration of sessions and preferences.

use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::fmt::temporal::SpanParser;
use jiff::{SignedDuration, SpanRelativeTo, Timestamp};

use super::pair::Pair;

const DEFAULT_SESSION: Duration = Duration::from_secs(5 * 60);
const SESSION_RANGE: RangeInclusive<SignedDuration> = SignedDuration::from_mins(5)..=SignedDuration::from_hours(4);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum InvalidExpiration {
    Syntax,
    Range,
}

/// Parses the expiration of a session: PT5M to PT4H. Defaults to PT5M ("presence: setPresence").
pub(crate) fn session_expiration(text: Option<&str>) -> Result<Duration, InvalidExpiration> {
    let Some(text) = text else {
        return Ok(DEFAULT_SESSION);
    };
    let duration = parse(text)?;
    if !SESSION_RANGE.contains(&duration) {
        return Err(InvalidExpiration::Range);
    }
    Duration::try_from(duration).map_err(|_| InvalidExpiration::Range)
}

/// Parses the expiration of a preference. Defaults to 1 day for Busy and DoNotDisturb and to 7 days for the others
/// ("presence: setUserPreferredPresence"). No page specifies a limit; zero and negative durations are rejected.
pub(crate) fn preference_expiration(text: Option<&str>, pair: &Pair) -> Result<Duration, InvalidExpiration> {
    match text {
        Some(text) => {
            Duration::try_from(parse(text)?).ok().filter(|duration| !duration.is_zero()).ok_or(InvalidExpiration::Range)
        }
        None if matches!(pair.availability(), "Busy" | "DoNotDisturb") => Ok(DAY),
        None => Ok(WEEK),
    }
}

/// Parses an Edm.Duration: ISO 8601 in upper case, without weeks, months and years.
fn parse(text: &str) -> Result<SignedDuration, InvalidExpiration> {
    if text.contains(|letter: char| letter.is_lowercase() || letter == 'W') {
        return Err(InvalidExpiration::Syntax);
    }
    SpanParser::new()
        .parse_span(text)
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
        .map_err(|_| InvalidExpiration::Syntax)
}

/// Returns `true` if the expiration since `set_at` has elapsed.
pub(super) fn has_elapsed(expiration: Duration, set_at: Timestamp, now: Timestamp) -> bool {
    Duration::try_from(now.duration_since(set_at)).is_ok_and(|age| age >= expiration)
}
