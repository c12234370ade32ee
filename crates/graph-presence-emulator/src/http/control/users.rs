//! Users and tenants: who there is, and what Teams and the calendar say of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::directory;
use crate::http::query::Options;
use crate::service::Service;
use crate::state::{Explanation, OutOfOffice, Pair, Place, TenantState};
use crate::{Guid, InvalidInput, WorkLocationType};

use super::input::{Id, InTenant, Input};

/// How many users are listed unless more are asked for.
const PAGE: usize = 100;
/// The most that are listed at a time.
const LARGEST_PAGE: usize = 1_000;

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
    teams: Option<Said>,
    calendar: Option<Calendar>,
}

/// What a Teams client says: any words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    availability: String,
    activity: String,
}

/// All that a calendar says at one time; what it does not say is not so.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Calendar {
    #[serde(default)]
    in_meeting: bool,
    out_of_office: Option<AutomaticReply>,
    work_location: Option<Scheduled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AutomaticReply {
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Scheduled {
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
        tenants.of(id);
    }
    StatusCode::NO_CONTENT
}

/// All of them at one instant: nobody sees some of them only.
pub(super) async fn add(State(service): State<Arc<Service>>, Input(new): Input<NewUsers>) -> StatusCode {
    service.act(new.tenant.unwrap_or(service.home()), |state, now| {
        for user in new.users {
            state.add_user(user.id, now);
            if let Some(said) = user.teams {
                state.sign_in(user.id, said.pair(), now);
            }
            if let Some(calendar) = user.calendar {
                calendar.write(state, user.id, now);
            }
        }
    });
    StatusCode::NO_CONTENT
}

/// In the order of their ids.
pub(super) async fn list(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    options: Options,
) -> Result<Json<Value>, InvalidInput> {
    let skip = options.number("skip", 0)?;
    let top = options.number("top", PAGE)?;
    if top > LARGEST_PAGE {
        return Err(InvalidInput::new("top", top, "must be at most 1000"));
    }
    let now = service.now();
    let found = directory::find(&service, tenant, options.text("search").unwrap_or_default(), (skip, top), now);
    let tenants = service.tenants();
    let state = tenants.get(tenant);
    let value: Vec<_> = found
        .ids
        .into_iter()
        .filter_map(|id| {
            let pair = state?.pair(id, now)?;
            Some(json!({"id": id, "availability": pair.availability(), "activity": pair.activity()}))
        })
        .collect();
    Ok(Json(json!({"count": found.count, "value": value})))
}

pub(super) async fn explain(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    Id(id): Id,
) -> Result<Json<Explanation>, InvalidInput> {
    let now = service.now();
    service.tenants().get(tenant).and_then(|state| state.explain(id, now)).map(Json).ok_or_else(|| unknown(id))
}

pub(super) async fn remove(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    Id(id): Id,
) -> Result<StatusCode, InvalidInput> {
    if !service.act(tenant, |state, now| state.remove_user(id, now)) {
        return Err(unknown(id));
    }
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn sign_in(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    Id(id): Id,
    Input(said): Input<Said>,
) -> StatusCode {
    service.act(tenant, |state, now| state.sign_in(id, said.pair(), now));
    StatusCode::NO_CONTENT
}

pub(super) async fn sign_out(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    Id(id): Id,
) -> StatusCode {
    service.act(tenant, |state, now| state.sign_out(id, now));
    StatusCode::NO_CONTENT
}

pub(super) async fn calendar(
    State(service): State<Arc<Service>>,
    InTenant(tenant): InTenant,
    Id(id): Id,
    Input(calendar): Input<Calendar>,
) -> StatusCode {
    service.act(tenant, |state, now| calendar.write(state, id, now));
    StatusCode::NO_CONTENT
}

impl Said {
    fn pair(self) -> Pair {
        Pair::new(self.availability, self.activity)
    }
}

impl Calendar {
    fn write(self, state: &mut TenantState, id: Guid, now: jiff::Timestamp) {
        let out_of_office = self
            .out_of_office
            .map_or_else(OutOfOffice::default, |reply| OutOfOffice { is_out: true, message: reply.message });
        let place = self.work_location.map(|said| Place { kind: said.work_location_type, id: said.place_id });
        state.set_in_meeting(id, self.in_meeting, now);
        state.set_out_of_office(id, out_of_office, now);
        state.set_scheduled_location(id, place, now);
    }
}

fn unknown(id: Guid) -> InvalidInput {
    InvalidInput::new("id", id, "must be that of a user who is known in the tenant")
}
