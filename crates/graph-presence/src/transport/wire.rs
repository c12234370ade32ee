//! Conversions between the facade's types and the raw client's.

use std::collections::BTreeMap;

use graph_presence_raw::types;

use crate::date_time::DateTimeTimeZone;
use crate::id::UserId;
use crate::presence::{OutOfOfficeSettings, Presence, WorkLocation};
use crate::state::{Activity, Availability};
use crate::status_message::StatusMessage;
use crate::workplace::Workplace;

/// Converts from a type of the raw client. `From` would make that type part of the public API.
pub(super) trait FromWire<T> {
    fn from_wire(response: T) -> Self;
}

/// Converts to a type of the raw client.
pub(super) trait ToWire<T> {
    fn to_wire(&self) -> T;
}

impl FromWire<types::MicrosoftGraphPresence> for Presence {
    fn from_wire(response: types::MicrosoftGraphPresence) -> Self {
        let availability = response.availability.as_deref();
        let activity = response.activity.as_deref();
        let mut extra: BTreeMap<_, _> = response.extra.into_iter().filter(|(name, _)| !name.contains('@')).collect();
        let id = response.id.as_deref().and_then(|text| UserId::parse(text).ok());
        if let (None, Some(text)) = (id, response.id) {
            extra.insert("id".to_owned(), text.into());
        }
        Self {
            id,
            availability: availability.map_or(Availability::PresenceUnknown, Availability::from),
            activity: activity.map_or(Activity::PresenceUnknown, Activity::from),
            status_message: response.status_message.map(StatusMessage::from_wire),
            out_of_office: response.out_of_office_settings.map(OutOfOfficeSettings::from_wire),
            work_location: response.work_location.map(WorkLocation::from_wire),
            sequence_number: response.sequence_number,
            extra,
        }
    }
}

impl FromWire<types::MicrosoftGraphOutOfOfficeSettings> for OutOfOfficeSettings {
    fn from_wire(response: types::MicrosoftGraphOutOfOfficeSettings) -> Self {
        Self::from_response(response.is_out_of_office, response.message)
    }
}

impl FromWire<types::MicrosoftGraphUserWorkLocation> for WorkLocation {
    fn from_wire(response: types::MicrosoftGraphUserWorkLocation) -> Self {
        Self::from_response(response.work_location_type.as_deref(), response.source.as_deref(), response.place_id)
    }
}

impl FromWire<types::MicrosoftGraphPresenceStatusMessage> for StatusMessage {
    fn from_wire(response: types::MicrosoftGraphPresenceStatusMessage) -> Self {
        let (content, content_type) = response.message.map_or((None, None), |body| (body.content, body.content_type));
        let expiry = response.expiry_date_time.and_then(FromWire::from_wire);
        Self::from_response(
            content,
            content_type,
            expiry,
            response.published_date_time.and_then(|instant| instant.parse().ok()),
        )
    }
}

impl FromWire<types::MicrosoftGraphDateTimeTimeZone> for Option<DateTimeTimeZone> {
    fn from_wire(response: types::MicrosoftGraphDateTimeTimeZone) -> Self {
        Some(DateTimeTimeZone::from_response(response.date_time?, response.time_zone))
    }
}

impl ToWire<types::MicrosoftGraphPresenceStatusMessage> for StatusMessage {
    fn to_wire(&self) -> types::MicrosoftGraphPresenceStatusMessage {
        types::MicrosoftGraphPresenceStatusMessage {
            message: Some(types::MicrosoftGraphItemBody {
                content: Some(self.content().to_owned()),
                content_type: Some(self.content_type().to_owned()),
            }),
            expiry_date_time: self.expiry().map(DateTimeTimeZone::to_wire),
            published_date_time: self.published().map(|instant| instant.to_string()),
        }
    }
}

impl ToWire<types::MicrosoftGraphDateTimeTimeZone> for DateTimeTimeZone {
    fn to_wire(&self) -> types::MicrosoftGraphDateTimeTimeZone {
        types::MicrosoftGraphDateTimeTimeZone {
            date_time: Some(self.date_time().to_owned()),
            time_zone: Some(self.time_zone().to_owned()),
        }
    }
}

impl ToWire<types::SetLocationRequest> for Workplace {
    fn to_wire(&self) -> types::SetLocationRequest {
        types::SetLocationRequest {
            work_location_type: self.location_type().to_owned(),
            place_id: self.place_id().map(str::to_owned),
        }
    }
}
