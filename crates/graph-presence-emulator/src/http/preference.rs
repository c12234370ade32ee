//! setUserPreferredPresence and clearUserPreferredPresence.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::service::Service;
use crate::state;

use super::body::{Nothing, Properties};
use super::refusal::Refusal;
use super::request::{Identity, Target};

pub(super) async fn set(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, Refusal> {
    let pair = body.pair(state::preferable)?;
    let expiration = body.expiration(|text| state::of_preference(text, &pair), "must be positive")?;
    caller.may_set_presence_of(id)?;
    service.act(caller.tenant(), |state, now| state.set_preference(id, pair, expiration, now));
    Ok(StatusCode::OK)
}

/// Inferred: a preference that there is not is cleared as well as any other.
pub(super) async fn clear(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    Nothing: Nothing,
) -> Result<StatusCode, Refusal> {
    caller.may_set_presence_of(id)?;
    service.act(caller.tenant(), |state, now| state.clear_preference(id, now));
    Ok(StatusCode::OK)
}
