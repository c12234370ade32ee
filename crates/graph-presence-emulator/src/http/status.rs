//! The action setStatusMessage.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;

use crate::service::Service;
use crate::state::{Expiry, InvalidExpiry, StatusMessage};

use super::body::Properties;
use super::graph_error::GraphError;
use super::request::{Identity, Target};

pub(super) async fn set(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, GraphError> {
    let now = service.now();
    let message = status_message(&mut body, now)?;
    caller.may_set_status_of(id)?;
    service.tenants().get_or_create(caller.tenant()).set_status_message(id, message, now);
    Ok(StatusCode::OK)
}

/// Returns the message to publish. Inferred, because no page documents how a message is cleared: an empty message
/// clears it.
fn status_message(body: &mut Properties, now: Timestamp) -> Result<Option<StatusMessage>, GraphError> {
    let mut status = body
        .object("statusMessage", "microsoft.graph.presenceStatusMessage")?
        .ok_or_else(|| GraphError::missing_argument("StatusMessage"))?;
    let mut message =
        status.object("message", "microsoft.graph.itemBody")?.ok_or_else(|| GraphError::missing_argument("Message"))?;
    let content = message.string("content")?.ok_or_else(|| GraphError::missing_argument("Content"))?;
    if message.string("contentType")?.is_some_and(|kind| !kind.eq_ignore_ascii_case("text")) {
        return Err(GraphError::invalid_argument("ContentType", "must be text"));
    }
    let expiry = status
        .object("expiryDateTime", "microsoft.graph.dateTimeTimeZone")?
        .map(|mut expiry| {
            let date_time = expiry.required("dateTime")?;
            let time_zone = expiry.required("timeZone")?;
            Expiry::parse(date_time, time_zone).map_err(|error| match error {
                InvalidExpiry::DateTime => {
                    GraphError::invalid_argument("DateTime", "must be a date and a time without an offset")
                }
                InvalidExpiry::TimeZone => {
                    GraphError::invalid_argument("TimeZone", "must name a time zone of Windows or IANA")
                }
            })
        })
        .transpose()?;
    Ok((!content.is_empty()).then_some(StatusMessage { content, published: now, expiry }))
}
