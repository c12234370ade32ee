//! JSON Schemas of what the feature `serde` writes and reads: what the feature `schemars` adds.

use crate::cloud::{ApiVersion, Cloud};
use crate::date_time::DateTimeTimeZone;
use crate::id::{SessionId, UserId};
use crate::json_schema::as_schema;
use crate::preferred::PreferredState;
use crate::presence::{OutOfOfficeSettings, Presence, WorkLocation, WorkLocationSource, WorkLocationType};
use crate::session::{Expiration, SessionState};
use crate::state::{Activity, Availability};
use crate::status_message::StatusMessage;
use crate::workplace::Workplace;

as_schema!(UserId, {
    "type": "string",
    "description": "A user's object id, a GUID.",
    "format": "uuid",
});

as_schema!(SessionId, {
    "type": "string",
    "description": "The id of an application's session, which is the application's own: a GUID.",
    "format": "uuid",
});

as_schema!(Expiration, {
    "type": "string",
    "description": "How long a session lasts, from 5 minutes to 4 hours: an ISO 8601 duration.",
    "format": "duration",
    "examples": [Self::MIN, Self::MAX],
});

as_schema!(Cloud, {
    "type": "string",
    "description": "A cloud of Microsoft Graph.",
    "enum": [Self::Global, Self::UsGovernmentL4, Self::UsGovernmentL5, Self::China],
});

as_schema!(ApiVersion, {
    "type": "string",
    "description": "A version of Microsoft Graph.",
    "enum": [Self::V1, Self::Beta],
});

as_schema!(SessionState, |generator| {
    "type": "object",
    "description": "A state of an application's presence session.",
    "properties": {
        "availability": generator.subschema_for::<Availability>(),
        "activity": generator.subschema_for::<Activity>(),
    },
    "required": ["availability", "activity"],
    "enum": Self::ALL,
});

as_schema!(PreferredState, |generator| {
    "type": "object",
    "description": "A state of a user's preferred presence.",
    "properties": {
        "availability": generator.subschema_for::<Availability>(),
        "activity": generator.subschema_for::<Activity>(),
    },
    "required": ["availability", "activity"],
    "enum": Self::ALL,
});

as_schema!(DateTimeTimeZone, {
    "type": "object",
    "description": "A date and time in a zone.",
    "properties": {
        "dateTime": {
            "type": "string",
            "description": "The date and time without an offset, ISO 8601.",
            "examples": ["2026-11-20T17:00:00"],
        },
        "timeZone": {
            "type": ["string", "null"],
            "description": "The Windows or IANA name of the zone.",
            "examples": ["Pacific Standard Time", "Europe/Helsinki"],
        },
    },
    "required": ["dateTime"],
});

as_schema!(StatusMessage, |generator| {
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

as_schema!(OutOfOfficeSettings, {
    "type": "object",
    "description": "Whether a user is out of office, and the message to others.",
    "properties": {
        "isOutOfOffice": { "type": ["boolean", "null"] },
        "message": { "type": ["string", "null"] },
    },
});

as_schema!(WorkLocation, |generator| {
    "type": "object",
    "description": "Where a user works.",
    "properties": {
        "workLocationType": generator.subschema_for::<Option<WorkLocationType>>(),
        "source": generator.subschema_for::<Option<WorkLocationSource>>(),
        "placeId": { "type": ["string", "null"] },
    },
});

as_schema!(Workplace, {
    "type": "object",
    "description": "Where a user works, to be set.",
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

as_schema!(Presence, |generator| {
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
