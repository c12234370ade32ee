//! Users and tenants in the control interface.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::query::Options;
use crate::http::user_search;
use crate::service::Service;
use crate::state::{Explanation, OutOfOffice, Pair, Place, TenantState};
use crate::{Guid, InvalidInput, WorkLocationType};

use super::input::{InTenant, Input, UserId};

/// The number of listed users unless the query specifies another.
const DEFAULT_PAGE_SIZE: usize = 100;
const MAX_PAGE_SIZE: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTenants {
    tenants: Vec<Guid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUsers {
    tenant: Option<Guid>,
    users: Vec<NewUser>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    id: Guid,
    teams: Option<TeamsPresence>,
    calendar: Option<Calendar>,
}

/// The presence that a Teams client sets. Any values are accepted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TeamsPresence {
    availability: String,
    activity: String,
}

/// The complete current state of a calendar. Absent properties are cleared.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Calendar {
    #[serde(default)]
    in_meeting: bool,
    out_of_office: Option<AutomaticReply>,
    work_location: Option<ScheduledLocation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AutomaticReply {
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ScheduledLocation {
    work_location_type: WorkLocationType,
    place_id: Option<String>,
}

pub(super) async fn tenants(State(service): State<Arc<Service>>) -> Json<Value> {
    let mut tenants: Vec<_> = service.tenants().iter().map(|(id, state)| (id, state.len())).collect();
    tenants.sort_unstable();
    let tenants: Vec<_> = tenants.into_iter().map(|(id, users)| json!({"id": id, "users": users})).collect();
    Json(json!({ "value": tenants }))
}

pub(super) async fn add_tenants(State(service): State<Arc<Service>>, Input(new): Input<NewTenants>) -> StatusCode {
    let mut tenants = service.tenants();
    for id in new.tenants {
        tenants.get_or_create(id);
    }
    StatusCode::NO_CONTENT
}

/// Adds all users under one lock, so that they become visible together.
pub(super) async fn add(State(service): State<Arc<Service>>, Input(new): Input<NewUsers>) -> StatusCode {
    service.with_tenant(new.tenant.unwrap_or(service.default_tenant()), |state, now| {
        for user in new.users {
            state.add_user(user.id, now);
            if let Some(teams) = user.teams {
                state.sign_in(user.id, teams.pair(), now);
            }
            if let Some(calendar) = user.calendar {
                calendar.apply(state, user.id, now);
            }
        }
    });
    StatusCode::NO_CONTENT
}

/// Lists users, ordered by id.
pub(super) async fn list(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    options: Options,
) -> Result<Json<Value>, InvalidInput> {
    let skip = options.number("skip", 0)?;
    let top = options.number("top", DEFAULT_PAGE_SIZE)?;
    if top > MAX_PAGE_SIZE {
        return Err(InvalidInput::out_of_range("top", top, "0 to 1000"));
    }
    let now = service.now();
    let page = user_search::search(&service, tenant, options.text("search").unwrap_or_default(), (skip, top), now);
    let tenants = service.tenants();
    let state = tenants.get(tenant);
    let value: Vec<_> = page
        .ids
        .into_iter()
        .filter_map(|id| {
            let pair = state?.pair(id, now)?;
            Some(json!({"id": id, "availability": pair.availability(), "activity": pair.activity()}))
        })
        .collect();
    Ok(Json(json!({"count": page.count, "value": value})))
}

pub(super) async fn explain(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    UserId(id): UserId,
) -> Result<Json<Explanation>, InvalidInput> {
    let now = service.now();
    service.tenants().get(tenant).and_then(|state| state.explain(id, now)).map(Json).ok_or_else(|| not_found(id))
}

pub(super) async fn remove(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    UserId(id): UserId,
) -> Result<StatusCode, InvalidInput> {
    if !service.with_tenant(tenant, |state, now| state.remove_user(id, now)) {
        return Err(not_found(id));
    }
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn sign_in(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    UserId(id): UserId,
    Input(teams): Input<TeamsPresence>,
) -> StatusCode {
    service.with_tenant(tenant, |state, now| state.sign_in(id, teams.pair(), now));
    StatusCode::NO_CONTENT
}

pub(super) async fn sign_out(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    UserId(id): UserId,
) -> StatusCode {
    service.with_tenant(tenant, |state, now| state.sign_out(id, now));
    StatusCode::NO_CONTENT
}

pub(super) async fn calendar(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    UserId(id): UserId,
    Input(calendar): Input<Calendar>,
) -> StatusCode {
    service.with_tenant(tenant, |state, now| calendar.apply(state, id, now));
    StatusCode::NO_CONTENT
}

impl TeamsPresence {
    fn pair(self) -> Pair {
        Pair::new(self.availability, self.activity)
    }
}

impl Calendar {
    fn apply(self, state: &mut TenantState, id: Guid, now: jiff::Timestamp) {
        let out_of_office = self
            .out_of_office
            .map_or_else(OutOfOffice::default, |reply| OutOfOffice { is_out: true, message: reply.message });
        let place = self.work_location.map(|place| Place { kind: place.work_location_type, id: place.place_id });
        state.set_in_meeting(id, self.in_meeting, now);
        state.set_out_of_office(id, out_of_office, now);
        state.set_scheduled_location(id, place, now);
    }
}

fn not_found(id: Guid) -> InvalidInput {
    InvalidInput::new(format!("user not found in the tenant: {id}"))
}
