//! Availabilities with their activities, and which of them may be asked for.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// An availability with its activity. One value, so that no reader can see halves of two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pair {
    availability: Cow<'static, str>,
    activity: Cow<'static, str>,
}

impl Pair {
    pub(super) const UNKNOWN: Self = Self::fixed("PresenceUnknown", "PresenceUnknown");
    pub(super) const OFFLINE: Self = Self::fixed("Offline", "Offline");
    pub(super) const AVAILABLE: Self = Self::fixed("Available", "Available");
    pub(super) const AVAILABLE_INACTIVE: Self = Self::fixed("Available", "AvailableInactive");
    pub(super) const IN_A_MEETING: Self = Self::fixed("Busy", "InAMeeting");
    pub(super) const AWAY: Self = Self::fixed("Away", "Away");

    const fn fixed(availability: &'static str, activity: &'static str) -> Self {
        Self { availability: Cow::Borrowed(availability), activity: Cow::Borrowed(activity) }
    }

    pub(crate) fn new(availability: String, activity: String) -> Self {
        Self { availability: word(availability), activity: word(activity) }
    }

    pub(crate) fn availability(&self) -> &str {
        &self.availability
    }

    pub(crate) fn activity(&self) -> &str {
        &self.activity
    }
}

/// The words that Teams uses most: what a million users say alike is kept once.
const WORDS: [&str; 13] = [
    "Available",
    "AvailableIdle",
    "Away",
    "BeRightBack",
    "Busy",
    "BusyIdle",
    "DoNotDisturb",
    "InACall",
    "InAConferenceCall",
    "InAMeeting",
    "Offline",
    "OutOfOffice",
    "Presenting",
];

fn word(text: String) -> Cow<'static, str> {
    WORDS.into_iter().find(|word| *word == text).map_or(Cow::Owned(text), Cow::Borrowed)
}

/// What an application may say ("presence: setPresence").
const SETTABLE: [Pair; 5] = [
    Pair::AVAILABLE,
    Pair::fixed("Busy", "InACall"),
    Pair::fixed("Busy", "InAConferenceCall"),
    Pair::AWAY,
    Pair::fixed("DoNotDisturb", "Presenting"),
];

/// What a user may prefer to show ("presence: setUserPreferredPresence").
const PREFERABLE: [Pair; 6] = [
    Pair::AVAILABLE,
    Pair::fixed("Busy", "Busy"),
    Pair::fixed("DoNotDisturb", "DoNotDisturb"),
    Pair::fixed("BeRightBack", "BeRightBack"),
    Pair::AWAY,
    Pair::fixed("Offline", "OffWork"),
];

/// The pair that an application asks for, if it may.
pub(crate) fn settable(availability: &str, activity: &str) -> Option<Pair> {
    find(SETTABLE, availability, activity)
}

/// The pair that a user prefers, if it can be preferred.
pub(crate) fn preferable(availability: &str, activity: &str) -> Option<Pair> {
    find(PREFERABLE, availability, activity)
}

/// Case does not matter: the documentation writes both.
fn find<const N: usize>(pairs: [Pair; N], availability: &str, activity: &str) -> Option<Pair> {
    pairs.into_iter().find(|pair| {
        pair.availability.eq_ignore_ascii_case(availability) && pair.activity.eq_ignore_ascii_case(activity)
    })
}
