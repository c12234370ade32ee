//! Pairs of availability and activity, and which of them can be set.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// An availability with its activity. A single value, so that both always change together.
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
        Self { availability: intern(availability), activity: intern(activity) }
    }

    pub(crate) fn availability(&self) -> &str {
        &self.availability
    }

    pub(crate) fn activity(&self) -> &str {
        &self.activity
    }
}

/// The most common values of Teams, which are not allocated for each user.
const COMMON_VALUES: [&str; 13] = [
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

fn intern(text: String) -> Cow<'static, str> {
    COMMON_VALUES.into_iter().find(|value| *value == text).map_or(Cow::Owned(text), Cow::Borrowed)
}

/// The pairs that an application can set ("presence: setPresence").
const SETTABLE: [Pair; 5] = [
    Pair::AVAILABLE,
    Pair::fixed("Busy", "InACall"),
    Pair::fixed("Busy", "InAConferenceCall"),
    Pair::AWAY,
    Pair::fixed("DoNotDisturb", "Presenting"),
];

/// The pairs that a user can prefer ("presence: setUserPreferredPresence").
const PREFERABLE: [Pair; 6] = [
    Pair::AVAILABLE,
    Pair::fixed("Busy", "Busy"),
    Pair::fixed("DoNotDisturb", "DoNotDisturb"),
    Pair::fixed("BeRightBack", "BeRightBack"),
    Pair::AWAY,
    Pair::fixed("Offline", "OffWork"),
];

/// Returns the pair if an application can set it.
pub(crate) fn settable(availability: &str, activity: &str) -> Option<Pair> {
    find(SETTABLE, availability, activity)
}

/// Returns the pair if a user can prefer it.
pub(crate) fn preferable(availability: &str, activity: &str) -> Option<Pair> {
    find(PREFERABLE, availability, activity)
}

/// Ignores case, because the documentation is not consistent.
fn find<const N: usize>(pairs: [Pair; N], availability: &str, activity: &str) -> Option<Pair> {
    pairs.into_iter().find(|pair| {
        pair.availability.eq_ignore_ascii_case(availability) && pair.activity.eq_ignore_ascii_case(activity)
    })
}
