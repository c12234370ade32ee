//! A user's presence, as the service returns it.

use std::collections::BTreeMap;
use std::fmt;

use crate::id::UserId;
use crate::open_enum::open_enum;
use crate::state::{Activity, Availability};
use crate::status_message::StatusMessage;

/// A user's presence.
///
/// Texts and ids are redacted in `Debug`.
///
/// The service returns presences. [`Presence::new`] creates one for the tests of a program that uses this crate:
///
/// ```
/// use graph_presence::{Activity, Availability, Presence, UserId};
///
/// fn color(presence: &Presence) -> &'static str {
///     if presence.is_busy() || presence.is_do_not_disturb() { "red" } else { "green" }
/// }
///
/// let ada = UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
/// let presence = Presence::new(Availability::Busy, Activity::InACall).with_id(ada);
/// assert_eq!(color(&presence), "red");
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence` (resource).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Presence {
    /// The user. `None` if the response does not contain an id, or an id that is not a GUID: then
    /// [`extra`](Self::extra) contains it as `id`.
    pub id: Option<UserId>,
    /// The availability. [`Availability::PresenceUnknown`] if the response does not contain it.
    pub availability: Availability,
    /// The activity. [`Activity::PresenceUnknown`] if the response does not contain it.
    pub activity: Activity,
    /// The status message.
    pub status_message: Option<StatusMessage>,
    /// The out-of-office settings. Only in the global cloud.
    pub out_of_office: Option<OutOfOfficeSettings>,
    /// The work location. Only in the global cloud.
    pub work_location: Option<WorkLocation>,
    /// The sequence number: as text, later ones sort after earlier ones. Only in the global cloud.
    pub sequence_number: Option<String>,
    pub(crate) extra: BTreeMap<String, serde_json::Value>,
}

impl Presence {
    /// Creates a presence with this availability and activity. All other properties are `None`.
    #[must_use]
    pub fn new(availability: Availability, activity: Activity) -> Self {
        Self {
            id: None,
            availability,
            activity,
            status_message: None,
            out_of_office: None,
            work_location: None,
            sequence_number: None,
            extra: BTreeMap::new(),
        }
    }

    /// Sets the user's id.
    #[must_use]
    pub fn with_id(self, id: impl Into<UserId>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// Sets the status message.
    #[must_use]
    pub fn with_status_message(self, message: StatusMessage) -> Self {
        Self { status_message: Some(message), ..self }
    }

    /// Sets the out-of-office settings.
    #[must_use]
    pub fn with_out_of_office(self, settings: OutOfOfficeSettings) -> Self {
        Self { out_of_office: Some(settings), ..self }
    }

    /// Sets the work location.
    #[must_use]
    pub fn with_work_location(self, location: WorkLocation) -> Self {
        Self { work_location: Some(location), ..self }
    }

    /// Sets the sequence number.
    #[must_use]
    pub fn with_sequence_number(self, number: impl Into<String>) -> Self {
        Self { sequence_number: Some(number.into()), ..self }
    }

    /// Returns the names and JSON values of the properties that this version does not recognize.
    ///
    /// OData annotations, such as `@odata.context`, are left out.
    pub fn extra(&self) -> impl Iterator<Item = (&str, String)> {
        self.extra.iter().map(|(name, value)| (name.as_str(), value.to_string()))
    }

    /// Returns `true` if the availability is `Available` or `AvailableIdle`.
    ///
    /// The activity may still be `AvailableInactive` or `OutOfOffice`.
    #[must_use]
    pub fn is_available(&self) -> bool {
        matches!(self.availability, Availability::Available | Availability::AvailableIdle)
    }

    /// Returns `true` if the availability is `Busy`, `BusyIdle`, `InACall` or `InAMeeting`.
    ///
    /// `InACall` and `InAMeeting` are activities of a busy user, which newer documentation also lists as
    /// availabilities.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(
            self.availability,
            Availability::Busy | Availability::BusyIdle | Availability::InACall | Availability::InAMeeting
        )
    }

    /// Returns `true` if the availability is `DoNotDisturb`, `Presenting` or `Focusing`.
    ///
    /// `Presenting` and `Focusing` are activities of a user with this availability, which newer documentation also
    /// lists as availabilities.
    #[must_use]
    pub fn is_do_not_disturb(&self) -> bool {
        matches!(self.availability, Availability::DoNotDisturb | Availability::Presenting | Availability::Focusing)
    }

    /// Returns `true` if the availability is `Away` or `BeRightBack`.
    #[must_use]
    pub fn is_away(&self) -> bool {
        matches!(self.availability, Availability::Away | Availability::BeRightBack)
    }

    /// Returns `true` if the availability is `Offline`. The service returns it also for a user who appears offline by
    /// choice.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.availability == Availability::Offline
    }

    /// Returns `true` if the user is in a call with one or more others: the availability is `InACall`, or the activity
    /// is `InACall` or `InAConferenceCall`.
    ///
    /// Checks both because newer documentation lists `InACall` as an availability instead of an activity.
    #[must_use]
    pub fn is_in_a_call(&self) -> bool {
        self.availability == Availability::InACall
            || matches!(self.activity, Activity::InACall | Activity::InAConferenceCall)
    }

    /// Returns `true` if the availability or the activity is `InAMeeting`.
    #[must_use]
    pub fn is_in_a_meeting(&self) -> bool {
        self.availability == Availability::InAMeeting || self.activity == Activity::InAMeeting
    }

    /// Returns `true` if the availability or the activity is `Presenting`.
    #[must_use]
    pub fn is_presenting(&self) -> bool {
        self.availability == Availability::Presenting || self.activity == Activity::Presenting
    }

    /// Returns `true` if the activity is `OutOfOffice`, or the out-of-office settings are active.
    ///
    /// A user can be out of office and available. Only the global cloud returns the settings.
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

/// A user's out-of-office settings. The message is redacted in `Debug`.
///
/// Source: documentation page `outofofficesettings` (resource).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutOfOfficeSettings {
    /// Whether automatic replies or an out-of-office calendar entry are active. `false` if the response does not
    /// contain it.
    pub is_out_of_office: bool,
    /// The message to others.
    pub message: Option<String>,
}

impl OutOfOfficeSettings {
    /// Creates settings without a message.
    #[must_use]
    pub fn new(is_out_of_office: bool) -> Self {
        Self { is_out_of_office, message: None }
    }

    /// Sets the message to others.
    #[must_use]
    pub fn with_message(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    pub(crate) fn from_response(is_out_of_office: Option<bool>, message: Option<String>) -> Self {
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

/// A user's work location. The place is redacted in `Debug`.
///
/// Source: documentation page `userworklocation` (resource).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkLocation {
    /// The type of the location.
    pub location_type: WorkLocationType,
    /// The source of the location.
    pub source: WorkLocationSource,
    /// The id of the place.
    pub place_id: Option<String>,
}

impl WorkLocation {
    /// Creates a location without a place id.
    #[must_use]
    pub fn new(location_type: WorkLocationType, source: WorkLocationSource) -> Self {
        Self { location_type, source, place_id: None }
    }

    /// Sets the place id.
    #[must_use]
    pub fn with_place_id(self, id: impl Into<String>) -> Self {
        Self { place_id: Some(id.into()), ..self }
    }

    pub(crate) fn from_response(location_type: Option<&str>, source: Option<&str>, place_id: Option<String>) -> Self {
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

open_enum! {
    /// The type of a work location.
    ///
    /// Source: documentation page `userworklocation` (resource).
    WorkLocationType {
        /// Not specified.
        Unspecified => "unspecified",
        /// An office.
        Office => "office",
        /// A place other than an office.
        Remote => "remote",
        /// Not working.
        TimeOff => "timeOff",
    }
}

open_enum! {
    /// The source of a work location. Manual takes precedence over automatic, and automatic over scheduled.
    ///
    /// Source: documentation page `userworklocation` (resource).
    WorkLocationSource {
        /// No source.
        None => "none",
        /// The user has set the location for today.
        Manual => "manual",
        /// The user's work schedule.
        Scheduled => "scheduled",
        /// A device or an application has detected the location.
        Automatic => "automatic",
    }
}
