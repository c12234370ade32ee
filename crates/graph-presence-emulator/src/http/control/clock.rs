//! The clock in the control interface.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::InvalidInput;
use crate::service::Service;

use super::input::Input;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Time {
    now: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    by: String,
}

pub(super) async fn read(State(service): State<Arc<Service>>) -> Json<Time> {
    Json(Time { now: service.now() })
}

pub(super) async fn set(
    State(service): State<Arc<Service>>,
    Input(time): Input<Time>,
) -> Result<Json<Time>, InvalidInput> {
    if !service.set_now(time.now) {
        return Err(InvalidInput::new("failed to set the clock: only a stepped clock can be set"));
    }
    Ok(read(State(service)).await)
}

/// Advances the clock by an ISO 8601 duration of hours, minutes and seconds.
pub(super) async fn advance(
    State(service): State<Arc<Service>>,
    Input(step): Input<Step>,
) -> Result<Json<Time>, InvalidInput> {
    let by = step.by.parse::<SignedDuration>().ok().and_then(|by| Duration::try_from(by).ok());
    let expected = "a non-negative ISO 8601 duration such as PT10M";
    service.advance(by.ok_or_else(|| InvalidInput::value("duration", &step.by, expected))?)?;
    Ok(read(State(service)).await)
}
