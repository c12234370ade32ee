//! JSON Schemas of the types that the feature `serde` serializes: the feature `schemars`.

use crate::cloud::{ApiVersion, Cloud};
use crate::date_time::DateTimeTimeZone;
use crate::id::{SessionId, UserId};
use crate::impl_json_schema::impl_json_schema;
use crate::preferred::PreferredState;
use crate::presence::{OutOfOfficeSettings, Presence, WorkLocation, WorkLocationSource, WorkLocationType};
use crate::session::{Expiration, SessionState};
use crate::state::{Activity, Availability};
use crate::status_message::StatusMessage;
use crate::workplace::Workplace;

impl_json_schema!(UserId, {
    "type": "string",
    "description": "A user's object id, a GUID.",
    "format": "uuid",
});

impl_json_schema!(SessionId, {
    "type": "string",
    "description": "The id of an application's presence session: the application (client) id, a GUID.",
    "format": "uuid",
});

impl_json_schema!(Expiration, {
    "type": "string",
    "description": "The time after which a session expires: an ISO 8601 duration of 5 minutes to 4 hours.",
    "format": "duration",
    "examples": [Self::MIN, Self::MAX],
});

impl_json_schema!(Cloud, {
    "type": "string",
    "description": "A cloud of Microsoft Graph.",
    "enum": [Self::Global, Self::UsGovernmentL4, Self::UsGovernmentL5, Self::China],
});

impl_json_schema!(ApiVersion, {
    "type": "string",
    "description": "A version of the Microsoft Graph API.",
    "enum": [Self::V1, Self::Beta],
});

impl_json_schema!(SessionState, |generator| {
    "type": "object",
    "description": "A state of an application's presence session.",
    "properties": {
        "availability": generator.subschema_for::<Availability>(),
        "activity": generator.subschema_for::<Activity>(),
    },
    "required": ["availability", "activity"],
    "enum": Self::ALL,
});

impl_json_schema!(PreferredState, |generator| {
    "type": "object",
    "description": "A state of a user's preferred presence.",
    "properties": {
        "availability": generator.subschema_for::<Availability>(),
        "activity": generator.subschema_for::<Activity>(),
    },
    "required": ["availability", "activity"],
    "enum": Self::ALL,
});

impl_json_schema!(DateTimeTimeZone, {
    "type": "object",
    "description": "A date and time in a time zone.",
    "properties": {
        "dateTime": {
            "type": "string",
            "description": "The date and time without an offset, ISO 8601.",
            "examples": ["2026-11-20T17:00:00"],
        },
        "timeZone": {
            "type": ["string", "null"],
            "description": "The Windows or IANA name of the time zone.",
            "examples": ["Pacific Standard Time", "Europe/Helsinki"],
        },
    },
    "required": ["dateTime"],
});

impl_json_schema!(StatusMessage, |generator| {
    "type": "object",
    "description": "A user's status message.",
    "properties": {
        "message": {
            "type": ["object", "null"],
            "properties": {
                "content": { "type": ["string", "null"] },
                "contentType": { "type": ["string", "null"], "examples": ["text"] },
            },
        },
        "expiryDateTime": generator.subschema_for::<Option<DateTimeTimeZone>>(),
        "publishedDateTime": { "type": ["string", "null"], "format": "date-time" },
    },
});

impl_json_schema!(OutOfOfficeSettings, {
    "type": "object",
    "description": "Whether a user is out of office, and the message to others.",
    "properties": {
        "isOutOfOffice": { "type": ["boolean", "null"] },
        "message": { "type": ["string", "null"] },
    },
});

impl_json_schema!(WorkLocation, |generator| {
    "type": "object",
    "description": "A user's work location.",
    "properties": {
        "workLocationType": generator.subschema_for::<Option<WorkLocationType>>(),
        "source": generator.subschema_for::<Option<WorkLocationSource>>(),
        "placeId": { "type": ["string", "null"] },
    },
});

impl_json_schema!(Workplace, {
    "type": "object",
    "description": "A work location to set.",
    "properties": {
        "workLocationType": { "type": "string", "enum": [
            Self::OFFICE.location_type(),
            Self::REMOTE.location_type(),
            Self::TIME_OFF.location_type(),
        ] },
        "placeId": { "type": ["string", "null"] },
    },
    "required": ["workLocationType"],
});

impl_json_schema!(Presence, |generator| {
    "type": "object",
    "description": "A user's presence.",
    "properties": {
        "id": generator.subschema_for::<Option<UserId>>(),
        "availability": generator.subschema_for::<Option<Availability>>(),
        "activity": generator.subschema_for::<Option<Activity>>(),
        "statusMessage": generator.subschema_for::<Option<StatusMessage>>(),
        "outOfOfficeSettings": generator.subschema_for::<Option<OutOfOfficeSettings>>(),
        "workLocation": generator.subschema_for::<Option<WorkLocation>>(),
        "sequenceNumber": { "type": ["string", "null"] },
    },
});
