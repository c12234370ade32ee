//! The control interface, under `/_emulator`.

mod clock;
mod fault;
mod input;
mod snapshot;
mod token;
mod users;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post, put};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};

use crate::service::Service;

use super::{board, control_error, guard};

/// Large enough for a snapshot of a million users with some hundred bytes each.
const BODY_LIMIT: usize = 1 << 30;

pub(super) fn routes(service: &Arc<Service>) -> Router<Arc<Service>> {
    let routes = Router::new()
        .route("/", get(about))
        .route("/tenants", get(users::tenants).post(users::add_tenants))
        .route("/users", get(users::list).post(users::add))
        .route("/users/{id}", get(users::explain).delete(users::remove))
        .route("/users/{id}/teams", put(users::sign_in).delete(users::sign_out))
        .route("/users/{id}/calendar", put(users::calendar))
        .route("/clock", get(clock::read).put(clock::set))
        .route("/clock/advance", post(clock::advance))
        .route("/faults", get(fault::list).post(fault::inject).delete(fault::remove_all))
        .route("/faults/{id}", delete(fault::remove))
        .route("/requests", get(requests).delete(clear_requests))
        .route("/tokens", post(token::issue))
        .route("/devices/{user_code}", post(token::decide))
        .route("/snapshot", get(snapshot::take).put(snapshot::restore))
        .route("/reset", post(reset))
        .route("/board/events", get(board::events))
        .method_not_allowed_fallback(async || {
            control_error::response(StatusCode::METHOD_NOT_ALLOWED, "method not allowed for this path")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(Arc::clone(service), guard::check_host_and_origin));
    Router::new().nest("/_emulator", routes.nest("/board", board::routes(service)))
}

async fn about(State(service): State<Arc<Service>>) -> Json<Value> {
    let now = service.now();
    let users: usize = service.tenants().iter().map(|(_, state)| state.len()).sum();
    Json(json!({
        "name": "graph-presence-emulator",
        "version": env!("CARGO_PKG_VERSION"),
        "cloud": service.cloud.as_str(),
        "tenant": service.default_tenant(),
        "now": now,
        "users": users,
        "faults": service.faults().all().len(),
    }))
}

async fn requests(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(json!({"value": service.request_log().all().collect::<Vec<_>>()}))
}

async fn clear_requests(State(service): State<Arc<Service>>) -> StatusCode {
    service.request_log().clear();
    StatusCode::NO_CONTENT
}

async fn reset(State(service): State<Arc<Service>>) -> StatusCode {
    service.reset();
    StatusCode::NO_CONTENT
}
