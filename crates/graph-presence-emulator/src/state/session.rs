//! Sessions: what a Teams client or an application says, and for how long.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::fmt::temporal::SpanParser;
use jiff::{SignedDuration, SpanRelativeTo, Timestamp};

/// An availability with its activity. One value, so that no reader can see halves of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    availability: Cow<'static, str>,
    activity: Cow<'static, str>,
}

impl Pair {
    pub(super) const UNKNOWN: Self = Self::fixed("PresenceUnknown", "PresenceUnknown");
    pub(super) const OFFLINE: Self = Self::fixed("Offline", "Offline");
    const AVAILABLE: Self = Self::fixed("Available", "Available");
    const AVAILABLE_INACTIVE: Self = Self::fixed("Available", "AvailableInactive");
    const AWAY: Self = Self::fixed("Away", "Away");

    const fn fixed(availability: &'static str, activity: &'static str) -> Self {
        Self { availability: Cow::Borrowed(availability), activity: Cow::Borrowed(activity) }
    }

    pub(crate) fn new(availability: String, activity: String) -> Self {
        Self { availability: Cow::Owned(availability), activity: Cow::Owned(activity) }
    }

    pub(crate) fn availability(&self) -> &str {
        &self.availability
    }

    pub(crate) fn activity(&self) -> &str {
        &self.activity
    }
}

/// What an application may say ("presence: setPresence").
const SETTABLE: [Pair; 5] = [
    Pair::AVAILABLE,
    Pair::fixed("Busy", "InACall"),
    Pair::fixed("Busy", "InAConferenceCall"),
    Pair::AWAY,
    Pair::fixed("DoNotDisturb", "Presenting"),
];

/// The pair that an application asks for, if it may. Case does not matter: the documentation writes both.
pub(crate) fn settable(availability: &str, activity: &str) -> Option<Pair> {
    SETTABLE.into_iter().find(|pair| {
        pair.availability.eq_ignore_ascii_case(availability) && pair.activity.eq_ignore_ascii_case(activity)
    })
}

const DEFAULT_EXPIRATION: Duration = Duration::from_secs(5 * 60);
const EXPIRATIONS: RangeInclusive<SignedDuration> = SignedDuration::from_mins(5)..=SignedDuration::from_hours(4);

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum InvalidExpiration {
    Syntax,
    Range,
}

/// How long a session lasts: PT5M unless something else from PT5M to PT4H is asked for ("presence: setPresence").
pub(crate) fn expiration(text: Option<&str>) -> Result<Duration, InvalidExpiration> {
    let Some(text) = text else {
        return Ok(DEFAULT_EXPIRATION);
    };
    if text.contains(char::is_lowercase) {
        return Err(InvalidExpiration::Syntax);
    }
    let duration = SpanParser::new()
        .parse_span(text)
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
        .map_err(|_| InvalidExpiration::Syntax)?;
    if !EXPIRATIONS.contains(&duration) {
        return Err(InvalidExpiration::Range);
    }
    Duration::try_from(duration).map_err(|_| InvalidExpiration::Range)
}

/// Who holds a session.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    TeamsClient,
    Application(String),
}

impl Holder {
    /// Session ids are the ids of applications, and the case of a GUID does not matter.
    pub(super) fn application(session_id: &str) -> Self {
        Self::Application(session_id.to_ascii_lowercase())
    }
}

#[derive(Debug)]
pub(super) enum Lifetime {
    /// Until the Teams client signs out.
    SignedIn,
    /// Until this much time has passed.
    Expires(Duration),
}

#[derive(Debug)]
pub(super) struct Session {
    pub(super) pair: Pair,
    pub(super) lifetime: Lifetime,
    pub(super) set_at: Timestamp,
    pub(super) turn: u64,
}

const INACTIVE_AFTER: SignedDuration = SignedDuration::from_mins(5);
const AWAY_AFTER: SignedDuration = SignedDuration::from_mins(10);

impl Session {
    /// What the session says at this instant, `None` once it has expired.
    ///
    /// An application's Available fades in two steps of five minutes, within its expiration ("Manage presence state
    /// using the Microsoft Graph API").
    pub(super) fn shown(&self, now: Timestamp) -> Option<Pair> {
        let Lifetime::Expires(expiration) = self.lifetime else {
            return Some(self.pair.clone());
        };
        let age = now.duration_since(self.set_at);
        if Duration::try_from(age).is_ok_and(|age| age >= expiration) {
            return None;
        }
        if self.pair != Pair::AVAILABLE || age < INACTIVE_AFTER {
            return Some(self.pair.clone());
        }
        Some(if age < AWAY_AFTER { Pair::AVAILABLE_INACTIVE } else { Pair::AWAY })
    }
}
