//! The control interface: control of the service from outside of it.

mod clock;
mod fault;
mod input;
mod people;
mod snapshot;
mod token;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post, put};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};

use crate::service::Service;

use super::{board, control_error, guard};

/// A snapshot of a million people has some hundred bytes for each.
const BODY_LIMIT: usize = 1 << 30;

pub(super) fn routes(service: &Arc<Service>) -> Router<Arc<Service>> {
    let routes = Router::new()
        .route("/", get(about))
        .route("/tenants", get(people::tenants).post(people::add_tenants))
        .route("/people", get(people::list).post(people::add))
        .route("/people/{id}", get(people::explain).delete(people::forget))
        .route("/people/{id}/teams", put(people::sign_in).delete(people::sign_out))
        .route("/people/{id}/calendar", put(people::calendar))
        .route("/clock", get(clock::read).put(clock::set))
        .route("/clock/advance", post(clock::advance))
        .route("/faults", get(fault::list).post(fault::inject).delete(fault::remove_all))
        .route("/faults/{id}", delete(fault::remove))
        .route("/requests", get(requests).delete(forget_requests))
        .route("/tokens", post(token::issue))
        .route("/devices/{user_code}", post(token::decide))
        .route("/snapshot", get(snapshot::take).put(snapshot::restore))
        .route("/reset", post(reset))
        .route("/board/events", get(board::events))
        .method_not_allowed_fallback(async || {
            control_error::response(StatusCode::METHOD_NOT_ALLOWED, "method: is not allowed here")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(Arc::clone(service), guard::keep));
    Router::new().nest("/_emulator", routes.nest("/board", board::routes(service)))
}

async fn about(State(service): State<Arc<Service>>) -> Json<Value> {
    let now = service.now();
    let people: usize = service.tenants().iter().map(|(_, state)| state.len()).sum();
    Json(json!({
        "name": "graph-presence-emulator",
        "version": env!("CARGO_PKG_VERSION"),
        "cloud": service.cloud.as_str(),
        "tenant": service.home(),
        "now": now,
        "people": people,
        "faults": service.faults().all().len(),
    }))
}

async fn requests(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(json!({"value": service.request_log().all().collect::<Vec<_>>()}))
}

async fn forget_requests(State(service): State<Arc<Service>>) -> StatusCode {
    service.request_log().clear();
    StatusCode::NO_CONTENT
}

async fn reset(State(service): State<Arc<Service>>) -> StatusCode {
    service.reset();
    StatusCode::NO_CONTENT
}
