//! Reading: get on its three bindings, and getPresencesByUserId.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use foldhash::fast::RandomState;

use crate::service::Service;
use crate::{Caller, Guid, Shape};

use super::body::Ids;
use super::presence::PresenceWriter;
use super::refusal::Refusal;
use super::request::{Identity, Target};
use super::response;
use super::select::Select;
use super::version::Version;

/// The most users of one call ("cloudCommunications: getPresencesByUserId").
const MOST_IDS: usize = 650;

const COLLECTION: &str = "Collection(microsoft.graph.presence)";

pub(super) async fn of_one(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Identity(caller): Identity,
    Target(id): Target,
    select: Select,
) -> Result<Response, Refusal> {
    caller.may_read_presence_of(id)?;
    Ok(one(&service, version, &caller, id, &select))
}

pub(super) async fn by_id(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Identity(caller): Identity,
    Target(id): Target,
    select: Select,
) -> Result<Response, Refusal> {
    caller.may_read_presence_of(id)?;
    Ok(match service.communications_shape {
        Shape::Object => one(&service, version, &caller, id, &select),
        Shape::Collection => many(&service, version, &caller, &[id], &select),
    })
}

pub(super) async fn of_many(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Identity(caller): Identity,
    Ids(ids): Ids,
) -> Result<Response, Refusal> {
    if ids.is_empty() {
        return Err(Refusal::required("Ids"));
    }
    if ids.len() > MOST_IDS {
        return Err(Refusal::bad_request("Bad Request"));
    }
    let mut seen = HashSet::with_capacity_and_hasher(ids.len(), RandomState::default());
    let mut distinct = Vec::with_capacity(ids.len());
    for id in ids {
        let id = id.ok_or_else(|| Refusal::argument("Ids", "must hold GUIDs only"))?;
        if seen.insert(id) {
            distinct.push(id);
        }
    }
    caller.may_read_presences()?;
    Ok(many(&service, version, &caller, &distinct, &Select::all(service.cloud)))
}

fn one(service: &Service, version: Version, caller: &Caller, id: Guid, select: &Select) -> Response {
    let context = version.context(&format!("users('{id}')/presence{}/$entity", select.context()));
    let writer = PresenceWriter::new(select, caller.user_id());
    response::written(service.act(caller.tenant(), |state, now| writer.object(&context, state.presence(id, now))))
}

fn many(service: &Service, version: Version, caller: &Caller, ids: &[Guid], select: &Select) -> Response {
    let writer = PresenceWriter::new(select, caller.user_id());
    let context = version.context(&format!("{COLLECTION}{}", select.context()));
    let mut presences = writer.collection(&context, ids.len());
    // All of them are of one instant.
    service.act(caller.tenant(), |state, now| ids.iter().for_each(|&id| presences.add(state.presence(id, now))));
    response::written(presences.finish())
}
