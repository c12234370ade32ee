//! Reading: get on its three bindings, and getPresencesByUserId.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use crate::{Caller, Guid, Shape};

use super::body::Properties;
use super::refusal::Refusal;
use super::request::{Identity, Target};
use super::response::{self, Collection, PresenceView};
use super::select::Select;
use super::{Service, Version};

/// The most people of one call ("cloudCommunications: getPresencesByUserId").
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
    mut body: Properties,
) -> Result<Response, Refusal> {
    let ids = body.texts("ids")?.unwrap_or_default();
    if ids.is_empty() {
        return Err(Refusal::required("Ids"));
    }
    if ids.len() > MOST_IDS {
        return Err(Refusal::bad_request("Bad Request"));
    }
    let mut seen = HashSet::new();
    let mut distinct = Vec::new();
    for id in &ids {
        let id = Guid::parse(id).map_err(|_| Refusal::argument("Ids", "must hold GUIDs only"))?;
        if seen.insert(id) {
            distinct.push(id);
        }
    }
    caller.may_read_presences()?;
    Ok(many(&service, version, &caller, &distinct, &Select::all(service.cloud)))
}

fn one(service: &Service, version: Version, caller: &Caller, id: Guid, select: &Select) -> Response {
    let now = service.now();
    let presence = service.world().of(caller.tenant()).presence(id, now);
    let entity = format!("users('{id}')/presence{}/$entity", select.context());
    response::json(&PresenceView {
        context: Some(version.context(&entity)),
        presence: &presence,
        select,
        own: caller.person() == Some(id),
    })
}

fn many(service: &Service, version: Version, caller: &Caller, ids: &[Guid], select: &Select) -> Response {
    let now = service.now();
    let presences: Vec<_> = {
        let mut world = service.world();
        let state = world.of(caller.tenant());
        ids.iter().map(|&id| state.presence(id, now)).collect()
    };
    response::json(&Collection {
        context: version.context(&format!("{COLLECTION}{}", select.context())),
        value: presences
            .iter()
            .map(|presence| PresenceView { context: None, presence, select, own: caller.person() == Some(presence.id) })
            .collect(),
    })
}
