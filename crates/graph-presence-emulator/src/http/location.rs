//! The actions setManualLocation, setAutomaticLocation, clearLocation and clearAutomaticLocation.
//!
//! The pages specify 200 in prose and 204 in their examples. Inferred: 204, as in the newer pages and the metadata.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::service::Service;
use crate::state::{Place, WorkLocationType};

use super::body::{EmptyBody, Properties};
use super::graph_error::GraphError;
use super::request::{Identity, Target};

pub(super) async fn set_manual(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, GraphError> {
    let place = place(&mut body)?;
    caller.may_set_location_of(id)?;
    service.with_tenant(caller.tenant(), |state, now| state.set_manual_location(id, place, now));
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn set_automatic(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    mut body: Properties,
) -> Result<StatusCode, GraphError> {
    let place = place(&mut body)?;
    caller.may_set_location_of(id)?;
    service.with_tenant(caller.tenant(), |state, now| state.set_automatic_location(id, place, now));
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn clear(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    EmptyBody: EmptyBody,
) -> Result<StatusCode, GraphError> {
    caller.may_set_location_of(id)?;
    service.with_tenant(caller.tenant(), |state, now| state.clear_location(id, now));
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn clear_automatic(
    State(service): State<Arc<Service>>,
    Identity(caller): Identity,
    Target(id): Target,
    EmptyBody: EmptyBody,
) -> Result<StatusCode, GraphError> {
    caller.may_set_location_of(id)?;
    service.with_tenant(caller.tenant(), |state, now| state.clear_automatic_location(id, now));
    Ok(StatusCode::NO_CONTENT)
}

fn place(body: &mut Properties) -> Result<Place, GraphError> {
    let kind = WorkLocationType::parse(&body.required("workLocationType")?)
        .ok_or_else(|| GraphError::invalid_argument("WorkLocationType", "must be office, remote or timeOff"))?;
    let id = body.string("placeId")?.filter(|id| !id.trim().is_empty());
    Ok(Place { kind, id })
}
