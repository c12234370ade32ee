//! setStatusMessage.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;

use crate::service::Service;
use crate::state::{Expiry, InvalidExpiry, StatusMessage};

use super::body::Properties;
use super::refusal::Refusal;
use super::request::{Identity, Target};

pub(super) async fn set(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, Refusal> {
    let now = service.now();
    let status = status_message(&mut body, now)?;
    caller.may_set_status_of(id)?;
    service.tenants().of(caller.tenant()).set_status(id, status, now);
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
            let date_time = expiry.required("dateTime")?;
            let time_zone = expiry.required("timeZone")?;
            Expiry::parse(date_time, time_zone).map_err(|error| match error {
                InvalidExpiry::DateTime => Refusal::argument("DateTime", "must be a date and a time without an offset"),
                InvalidExpiry::TimeZone => Refusal::argument("TimeZone", "must name a time zone of Windows or IANA"),
            })
        })
        .transpose()?;
    Ok((!content.is_empty()).then_some(StatusMessage { content, published: now, expiry }))
}
