//! Where a user works, as three layers tell it.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// The kinds of place that a user can work at ("userWorkLocation resource type"), for
/// [`Emulator::schedule_location`](crate::Emulator::schedule_location).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum WorkLocationType {
    /// At one of the employer's places.
    Office,
    /// Anywhere else.
    Remote,
    /// Not at work.
    TimeOff,
}

impl WorkLocationType {
    /// The kind that a request names, in any case. `unspecified` is what is answered when there is none, and cannot be
    /// asked for.
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

/// The place of one layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) kind: WorkLocationType,
    pub(crate) id: Option<String>,
}

/// What the layers come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WorkLocation {
    pub(crate) source: Source,
    /// `None` where no layer says anything.
    pub(crate) place: Option<Place>,
}

/// The layer that is seen.
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

/// What was said in one layer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Layer {
    place: Option<Place>,
    cleared_until: Option<Timestamp>,
}

impl Layer {
    /// Within a layer "more precise wins" ("presence: setManualLocation"): an office does not replace an office whose
    /// place is known. Inferred: anything else does, because a user is at one place at a time.
    pub(super) fn set(&mut self, place: Place, now: Timestamp) {
        let is_vaguer =
            self.shown(now).is_some_and(|known| known.kind == place.kind && known.id.is_some() && place.id.is_none());
        if !is_vaguer {
            *self = Self { place: Some(place), cleared_until: None };
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn clear_until(&mut self, end: Timestamp) {
        self.cleared_until = Some(end);
    }

    fn shown(&self, now: Timestamp) -> Option<&Place> {
        self.place.as_ref().filter(|_| self.cleared_until.is_none_or(|end| now >= end))
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Layers {
    pub(super) manual: Layer,
    pub(super) automatic: Layer,
    /// The calendar says one thing at a time, so that precision has no say in it.
    pub(super) scheduled: Option<Place>,
}

impl Layers {
    /// Clears the manual and the automatic layer "for the current date" ("presence: clearLocation").
    ///
    /// Inferred: the date is that of UTC, because the service knows no other for certain. What was set before is seen
    /// again on the next date, and what is set after is seen at once.
    pub(super) fn clear_date(&mut self, now: Timestamp) {
        let end = end_of_date(now);
        self.manual.clear_until(end);
        self.automatic.clear_until(end);
    }

    pub(super) fn changes(&self) -> impl Iterator<Item = Timestamp> {
        [self.manual.cleared_until, self.automatic.cleared_until].into_iter().flatten()
    }

    /// Manual goes before automatic before scheduled ("presence: setManualLocation").
    pub(super) fn shown(&self, now: Timestamp) -> WorkLocation {
        [
            (Source::Manual, self.manual.shown(now)),
            (Source::Automatic, self.automatic.shown(now)),
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
