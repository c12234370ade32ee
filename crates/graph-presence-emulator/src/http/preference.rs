//! The actions setUserPreferredPresence and clearUserPreferredPresence.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::service::Service;
use crate::state;

use super::body::{EmptyBody, Properties};
use super::graph_error::GraphError;
use super::request::{Identity, Target};

pub(super) async fn set(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, GraphError> {
    let pair = body.pair(state::preferable)?;
    let expiration = body.expiration(|text| state::preference_expiration(text, &pair), "must be positive")?;
    caller.may_set_presence_of(id)?;
    service.with_tenant(caller.tenant(), |state, now| state.set_preference(id, pair, expiration, now));
    Ok(StatusCode::OK)
}

/// Clears the preference. Inferred: succeeds even if the user does not have one.
pub(super) async fn clear(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    EmptyBody: EmptyBody,
) -> Result<StatusCode, GraphError> {
    caller.may_set_presence_of(id)?;
    service.with_tenant(caller.tenant(), |state, now| state.clear_preference(id, now));
    Ok(StatusCode::OK)
}
