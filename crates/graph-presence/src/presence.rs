//! What the service answers about a person.

use std::fmt;

use crate::id::UserId;
use crate::open_set::open_set;
use crate::state::{Activity, Availability};
use crate::status_message::StatusMessage;

/// What a person's Teams dot says.
///
/// Source: documentation page `presence` (resource).
#[derive(Clone, Debug, PartialEq, Eq)]
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
