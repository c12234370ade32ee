//! Writing: setPresence and setStatusMessage. Both answer 200 with nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;

use crate::state::{self, Expiry, InvalidExpiration, InvalidExpiry, StatusMessage};
use crate::{Caller, Guid};

use super::Service;
use super::body::Properties;
use super::refusal::Refusal;
use super::request::{Identity, Target};

pub(super) async fn set_presence(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, Refusal> {
    let session_id = required(&mut body, "sessionId", "SessionId")?;
    let availability = required(&mut body, "availability", "Availability")?;
    let activity = required(&mut body, "activity", "Activity")?;
    let pair = state::settable(&availability, &activity)
        .ok_or_else(|| Refusal::argument("Activity", "does not go with the availability"))?;
    let expiration = state::expiration(body.text("expirationDuration")?.as_deref()).map_err(|error| {
        Refusal::argument(
            "ExpirationDuration",
            match error {
                InvalidExpiration::Syntax => "must be an ISO 8601 duration",
                InvalidExpiration::Range => "must be between PT5M and PT4H",
            },
        )
    })?;
    if is_someone_else(&caller, id) {
        return Err(Refusal::forbidden("A user can set only their own presence."));
    }
    let now = service.now();
    service.state().set_session(id, &session_id, pair, expiration, now);
    Ok(StatusCode::OK)
}

pub(super) async fn set_status_message(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, Refusal> {
    let now = service.now();
    let status = status_message(&mut body, now)?;
    if is_someone_else(&caller, id) {
        return Err(Refusal::unauthorized("Cannot set the presence of another user"));
    }
    service.state().set_status(id, status, now);
    Ok(StatusCode::OK)
}

/// The message to publish. Inferred, for no page says how a message is cleared: an empty one clears.
fn status_message(body: &mut Properties, now: Timestamp) -> Result<Option<StatusMessage>, Refusal> {
    let mut status = body
        .object("statusMessage", "microsoft.graph.presenceStatusMessage")?
        .ok_or_else(|| Refusal::required("StatusMessage"))?;
    let mut message =
        status.object("message", "microsoft.graph.itemBody")?.ok_or_else(|| Refusal::required("Message"))?;
    let content = message.text("content")?.ok_or_else(|| Refusal::required("Content"))?;
    if message.text("contentType")?.is_some_and(|kind| !kind.eq_ignore_ascii_case("text")) {
        return Err(Refusal::argument("ContentType", "must be text"));
    }
    let expiry = status
        .object("expiryDateTime", "microsoft.graph.dateTimeTimeZone")?
        .map(|mut expiry| {
            let date_time = required(&mut expiry, "dateTime", "DateTime")?;
            let time_zone = required(&mut expiry, "timeZone", "TimeZone")?;
            Expiry::parse(date_time, time_zone).map_err(|error| match error {
                InvalidExpiry::DateTime => Refusal::argument("DateTime", "must be a date and a time without an offset"),
                InvalidExpiry::TimeZone => Refusal::argument("TimeZone", "must name a time zone of Windows or IANA"),
            })
        })
        .transpose()?;
    Ok((!content.is_empty()).then_some(StatusMessage { content, published: now, expiry }))
}

/// A text that must be there; blanks are not.
fn required(properties: &mut Properties, name: &str, field: &'static str) -> Result<String, Refusal> {
    properties.text(name)?.filter(|text| !text.trim().is_empty()).ok_or_else(|| Refusal::required(field))
}

fn is_someone_else(caller: &Caller, id: Guid) -> bool {
    caller.person().is_some_and(|person| person != id)
}
