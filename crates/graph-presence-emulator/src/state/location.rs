//! The work location of a user, from three layers.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// The type of a work location ("userWorkLocation resource type"), for
/// [`Emulator::schedule_location`](crate::Emulator::schedule_location).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum WorkLocationType {
    /// At an office of the organization.
    Office,
    /// At any other place.
    Remote,
    /// Not at work.
    TimeOff,
}

impl WorkLocationType {
    /// Parses a type, ignoring case. `unspecified` occurs only in responses, for users without a location, and
    /// cannot be set.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Office, Self::Remote, Self::TimeOff].into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Remote => "remote",
            Self::TimeOff => "timeOff",
        }
    }
}

/// The place in a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) kind: WorkLocationType,
    pub(crate) id: Option<String>,
}

/// The work location that results from the layers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WorkLocation {
    pub(crate) source: Source,
    /// `None` if no layer has a place.
    pub(crate) place: Option<Place>,
}

/// The layer that determines the work location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Source {
    None,
    Manual,
    Automatic,
    Scheduled,
}

impl Source {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Manual => "manual",
            Self::Automatic => "automatic",
            Self::Scheduled => "scheduled",
        }
    }
}

impl WorkLocation {
    pub(super) const NONE: Self = Self { source: Source::None, place: None };

    fn new(source: Source, place: &Place) -> Self {
        Self { source, place: Some(place.clone()) }
    }
}

/// The state of a layer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Layer {
    place: Option<Place>,
    cleared_until: Option<Timestamp>,
}

impl Layer {
    /// Sets the location of the layer. "More precise wins" ("presence: setManualLocation"): an office without a place
    /// does not replace an office with a place. Inferred: anything else is replaced, because a user is at one place at
    /// a time.
    pub(super) fn set(&mut self, place: Place, now: Timestamp) {
        let is_less_precise = self
            .visible(now)
            .is_some_and(|current| current.kind == place.kind && current.id.is_some() && place.id.is_none());
        if !is_less_precise {
            *self = Self { place: Some(place), cleared_until: None };
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn clear_until(&mut self, end: Timestamp) {
        self.cleared_until = Some(end);
    }

    fn visible(&self, now: Timestamp) -> Option<&Place> {
        self.place.as_ref().filter(|_| self.cleared_until.is_none_or(|end| now >= end))
    }
}

/// The layers of a user's work location.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Layers {
    pub(super) manual: Layer,
    pub(super) automatic: Layer,
    /// A new place always replaces the previous one, because the calendar has one location at a time.
    pub(super) scheduled: Option<Place>,
}

impl Layers {
    /// Clears the manual and the automatic layer "for the current date" ("presence: clearLocation").
    ///
    /// Inferred: the date is that of UTC, because the service may not know the user's time zone. Places that were set
    /// before become visible again on the next date; places that are set afterwards are visible immediately.
    pub(super) fn clear_for_date(&mut self, now: Timestamp) {
        let end = end_of_date(now);
        self.manual.clear_until(end);
        self.automatic.clear_until(end);
    }

    /// Returns when time changes the work location.
    pub(super) fn changes(&self) -> impl Iterator<Item = Timestamp> {
        [self.manual.cleared_until, self.automatic.cleared_until].into_iter().flatten()
    }

    /// Returns the visible location. Manual takes precedence over automatic, and automatic over scheduled ("presence:
    /// setManualLocation").
    pub(super) fn visible(&self, now: Timestamp) -> WorkLocation {
        [
            (Source::Manual, self.manual.visible(now)),
            (Source::Automatic, self.automatic.visible(now)),
            (Source::Scheduled, self.scheduled.as_ref()),
        ]
        .into_iter()
        .find_map(|(source, place)| Some(WorkLocation::new(source, place?)))
        .unwrap_or(WorkLocation::NONE)
    }
}

fn end_of_date(now: Timestamp) -> Timestamp {
    now.to_zoned(TimeZone::UTC)
        .start_of_day()
        .and_then(|midnight| midnight.checked_add(1.day()))
        .map_or(Timestamp::MAX, |end| end.timestamp())
}
