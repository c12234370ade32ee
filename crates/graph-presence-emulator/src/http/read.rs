//! The operations getPresence, for its three paths, and getPresencesByUserId.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use foldhash::fast::RandomState;

use crate::service::Service;
use crate::{Caller, Guid, Shape};

use super::body::Ids;
use super::graph_error::GraphError;
use super::presence::PresenceWriter;
use super::request::{Identity, Target};
use super::response;
use super::select::Select;
use super::version::Version;

/// The maximum number of ids in a request ("cloudCommunications: getPresencesByUserId").
const MAX_IDS: usize = 650;

const COLLECTION: &str = "Collection(microsoft.graph.presence)";

pub(super) async fn get(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Identity(caller): Identity,
    Target(id): Target,
    select: Select,
) -> Result<Response, GraphError> {
    caller.may_read_presence_of(id)?;
    Ok(single_response(&service, version, &caller, id, &select))
}

pub(super) async fn get_by_communications_id(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Identity(caller): Identity,
    Target(id): Target,
    select: Select,
) -> Result<Response, GraphError> {
    caller.may_read_presence_of(id)?;
    Ok(match service.communications_shape {
        Shape::Object => single_response(&service, version, &caller, id, &select),
        Shape::Collection => collection_response(&service, version, &caller, &[id], &select),
    })
}

pub(super) async fn get_many(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Identity(caller): Identity,
    Ids(ids): Ids,
) -> Result<Response, GraphError> {
    if ids.is_empty() {
        return Err(GraphError::missing_argument("Ids"));
    }
    if ids.len() > MAX_IDS {
        return Err(GraphError::bad_request("Bad Request"));
    }
    let mut known = HashSet::with_capacity_and_hasher(ids.len(), RandomState::default());
    let mut distinct = Vec::with_capacity(ids.len());
    for id in ids {
        let id = id.ok_or_else(|| GraphError::invalid_argument("Ids", "must hold GUIDs only"))?;
        if known.insert(id) {
            distinct.push(id);
        }
    }
    caller.may_read_presences()?;
    Ok(collection_response(&service, version, &caller, &distinct, &Select::all(service.cloud)))
}

fn single_response(service: &Service, version: Version, caller: &Caller, id: Guid, select: &Select) -> Response {
    let context = version.context(&format!("users('{id}')/presence{}/$entity", select.context()));
    let writer = PresenceWriter::new(select, caller.user_id());
    response::from_json(
        service.with_tenant(caller.tenant(), |state, now| writer.object(&context, state.presence(id, now))),
    )
}

fn collection_response(
    service: &Service,
    version: Version,
    caller: &Caller,
    ids: &[Guid],
    select: &Select,
) -> Response {
    let writer = PresenceWriter::new(select, caller.user_id());
    let context = version.context(&format!("{COLLECTION}{}", select.context()));
    let mut presences = writer.collection(&context, ids.len());
    // Under one lock, so that all presences are of the same instant.
    service
        .with_tenant(caller.tenant(), |state, now| ids.iter().for_each(|&id| presences.add(state.presence(id, now))));
    response::from_json(presences.finish())
}
