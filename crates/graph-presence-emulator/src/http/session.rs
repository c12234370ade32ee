//! The actions setPresence and clearPresence.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::service::Service;
use crate::state;

use super::body::Properties;
use super::graph_error::GraphError;
use super::request::{Identity, Target};

pub(super) async fn set(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, GraphError> {
    let session_id = body.required("sessionId")?;
    let pair = body.pair(state::settable)?;
    let expiration = body.expiration(state::session_expiration, "must be between PT5M and PT4H")?;
    caller.may_set_presence_of(id)?;
    service.with_tenant(caller.tenant(), |state, now| state.set_session(id, &session_id, pair, expiration, now));
    Ok(StatusCode::OK)
}

pub(super) async fn clear(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, GraphError> {
    let session_id = body.required("sessionId")?;
    caller.may_set_presence_of(id)?;
    if !service.with_tenant(caller.tenant(), |state, now| state.clear_session(id, &session_id, now)) {
        return Err(GraphError::not_found("The presence session does not exist."));
    }
    Ok(StatusCode::OK)
}
