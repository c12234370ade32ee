//! What the service answers about a person.

use std::collections::BTreeMap;
use std::fmt;

use crate::id::UserId;
use crate::open_set::open_set;
use crate::state::{Activity, Availability};
use crate::status_message::StatusMessage;

/// What a person's Teams dot says.
///
/// Texts and ids do not print in `Debug`.
///
/// Source: documentation page `presence` (resource).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Presence {
    /// Whose presence it is.
    pub id: Option<UserId>,
    /// Whether the person can be reached. [`Availability::PresenceUnknown`] when the answer does not say.
    pub availability: Availability,
    /// What the person does. [`Activity::PresenceUnknown`] when the answer does not say.
    pub activity: Activity,
    /// The person's status message, if there is one.
    pub status_message: Option<StatusMessage>,
    /// Whether the person is out of office. Only the global cloud tells.
    pub out_of_office: Option<OutOfOfficeSettings>,
    /// Where the person works. Only some clouds tell.
    pub work_location: Option<WorkLocation>,
    /// The version of this presence: later ones sort after earlier ones as text. Only the global cloud tells.
    pub sequence_number: Option<String>,
    pub(crate) extra: BTreeMap<String, serde_json::Value>,
}

impl Presence {
    /// What the answer holds besides, by name and as JSON: properties that this version does not know.
    ///
    /// Annotations (`@odata.context` and the like) are left out.
    pub fn extra(&self) -> impl Iterator<Item = (&str, String)> {
        self.extra.iter().map(|(name, value)| (name.as_str(), value.to_string()))
    }

    /// Whether the person says, or has it said for them, that they can be reached.
    ///
    /// True also where the device is idle or the person was not active for a while: Teams shows the same green dot.
    #[must_use]
    pub fn is_available(&self) -> bool {
        matches!(self.availability, Availability::Available | Availability::AvailableIdle)
    }

    /// Whether the person is in a call, alone with somebody or with several.
    ///
    /// The documentation has moved this value from activity to availability: both are looked at.
    #[must_use]
    pub fn is_in_a_call(&self) -> bool {
        self.availability == Availability::InACall
            || matches!(self.activity, Activity::InACall | Activity::InAConferenceCall)
    }

    /// Whether the person is in a meeting.
    #[must_use]
    pub fn is_in_a_meeting(&self) -> bool {
        self.availability == Availability::InAMeeting || self.activity == Activity::InAMeeting
    }

    /// Whether the person is presenting to others.
    #[must_use]
    pub fn is_presenting(&self) -> bool {
        self.availability == Availability::Presenting || self.activity == Activity::Presenting
    }

    /// Whether the person is out of office, by the settings where the cloud tells them, or by the activity.
    ///
    /// A person can be out of office and available.
    #[must_use]
    pub fn is_out_of_office(&self) -> bool {
        self.activity == Activity::OutOfOffice
            || self.out_of_office.as_ref().is_some_and(|settings| settings.is_out_of_office)
    }
}

impl fmt::Debug for Presence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Presence")
            .field("id", &self.id)
            .field("availability", &self.availability)
            .field("activity", &self.activity)
            .field("status_message", &self.status_message)
            .field("out_of_office", &self.out_of_office)
            .field("work_location", &self.work_location)
            .field("sequence_number", &self.sequence_number)
            .field("extra", &self.extra.keys())
            .finish()
    }
}

/// Whether a person is out of office, and what they tell others then. The message does not print in `Debug`.
///
/// Source: documentation page `outofofficesettings` (resource).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutOfOfficeSettings {
    /// Whether automatic replies or an out-of-office calendar entry are in force; `false` when the answer does not say.
    pub is_out_of_office: bool,
    /// What the person tells others meanwhile.
    pub message: Option<String>,
}

impl OutOfOfficeSettings {
    pub(crate) fn from_answer(is_out_of_office: Option<bool>, message: Option<String>) -> Self {
        Self { is_out_of_office: is_out_of_office.unwrap_or_default(), message }
    }
}

impl fmt::Debug for OutOfOfficeSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OutOfOfficeSettings")
            .field("is_out_of_office", &self.is_out_of_office)
            .field("message", &self.message.as_ref().map(|_| format_args!("(redacted)")))
            .finish()
    }
}

/// Where a person works. The place does not print in `Debug`.
///
/// Source: documentation page `userworklocation` (resource).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkLocation {
    /// What kind of place.
    pub location_type: WorkLocationType,
    /// Who said so.
    pub source: WorkLocationSource,
    /// The id of the place, where one is known.
    pub place_id: Option<String>,
}

impl WorkLocation {
    pub(crate) fn from_answer(location_type: Option<&str>, source: Option<&str>, place_id: Option<String>) -> Self {
        Self {
            location_type: location_type.map_or(WorkLocationType::Unspecified, WorkLocationType::from),
            source: source.map_or(WorkLocationSource::None, WorkLocationSource::from),
            place_id,
        }
    }
}

impl fmt::Debug for WorkLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WorkLocation")
            .field("location_type", &self.location_type)
            .field("source", &self.source)
            .field("place_id", &self.place_id.as_ref().map(|_| format_args!("(redacted)")))
            .finish()
    }
}

open_set! {
    /// What kind of place a person works at.
    ///
    /// Source: documentation page `userworklocation` (resource).
    WorkLocationType {
        /// Nobody said.
        Unspecified => "unspecified",
        /// An office.
        Office => "office",
        /// Anywhere else.
        Remote => "remote",
        /// Not working.
        TimeOff => "timeOff",
    }
}

open_set! {
    /// Who said where a person works. Manual outranks automatic, automatic outranks scheduled.
    ///
    /// Source: documentation page `userworklocation` (resource).
    WorkLocationSource {
        /// Nobody.
        None => "none",
        /// The person, for today.
        Manual => "manual",
        /// The person's schedule.
        Scheduled => "scheduled",
        /// A device or an application that noticed.
        Automatic => "automatic",
    }
}
