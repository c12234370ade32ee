//! How long sessions and preferences last.

use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::fmt::temporal::SpanParser;
use jiff::{SignedDuration, SpanRelativeTo, Timestamp};

use super::pair::Pair;

const SESSION: Duration = Duration::from_secs(5 * 60);
const SESSIONS: RangeInclusive<SignedDuration> = SignedDuration::from_mins(5)..=SignedDuration::from_hours(4);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum InvalidExpiration {
    Syntax,
    Range,
}

/// How long a session lasts: PT5M unless something else from PT5M to PT4H is asked for ("presence: setPresence").
pub(crate) fn of_session(text: Option<&str>) -> Result<Duration, InvalidExpiration> {
    let Some(text) = text else {
        return Ok(SESSION);
    };
    let duration = parse(text)?;
    if !SESSIONS.contains(&duration) {
        return Err(InvalidExpiration::Range);
    }
    Duration::try_from(duration).map_err(|_| InvalidExpiration::Range)
}

/// How long a preference lasts: a day for Busy and DoNotDisturb and a week for the others, unless something else is
/// asked for ("presence: setUserPreferredPresence"). No page states a limit; a time that is over at once is refused.
pub(crate) fn of_preference(text: Option<&str>, pair: &Pair) -> Result<Duration, InvalidExpiration> {
    match text {
        Some(text) => {
            Duration::try_from(parse(text)?).ok().filter(|duration| !duration.is_zero()).ok_or(InvalidExpiration::Range)
        }
        None if matches!(pair.availability(), "Busy" | "DoNotDisturb") => Ok(DAY),
        None => Ok(WEEK),
    }
}

/// Reads an Edm.Duration: ISO 8601 in upper case, without weeks, months and years.
fn parse(text: &str) -> Result<SignedDuration, InvalidExpiration> {
    if text.contains(|letter: char| letter.is_lowercase() || letter == 'W') {
        return Err(InvalidExpiration::Syntax);
    }
    SpanParser::new()
        .parse_span(text)
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
        .map_err(|_| InvalidExpiration::Syntax)
}

/// Whether what was set at `set_at` is over.
pub(super) fn has_passed(expiration: Duration, set_at: Timestamp, now: Timestamp) -> bool {
    Duration::try_from(now.duration_since(set_at)).is_ok_and(|age| age >= expiration)
}
