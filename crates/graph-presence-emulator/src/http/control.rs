//! The control interface: what a workbench does to the service from outside of it.

mod clock;
mod fault;
mod input;
mod people;
mod snapshot;
mod token;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};

use super::{Service, board, guard};

pub(super) use self::input::Options;

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
        .route("/faults", get(fault::list).post(fault::inject).delete(fault::mend_all))
        .route("/faults/{id}", delete(fault::mend))
        .route("/requests", get(requests).delete(forget_requests))
        .route("/tokens", post(token::mint))
        .route("/devices/{user_code}", post(token::answer))
        .route("/snapshot", get(snapshot::take).put(snapshot::restore))
        .route("/reset", post(reset))
        .route("/board/events", get(board::events))
        .method_not_allowed_fallback(async || refuse(StatusCode::METHOD_NOT_ALLOWED, "method: is not allowed here"))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(Arc::clone(service), guard::keep));
    Router::new().nest("/_emulator", routes.nest("/board", board::routes(service)))
}

pub(super) fn refuse(status: StatusCode, message: &str) -> Response {
    let code = if status == StatusCode::BAD_REQUEST { "InvalidInput" } else { "NotAllowed" };
    (status, Json(json!({"error": {"code": code, "message": message}}))).into_response()
}

async fn about(State(service): State<Arc<Service>>) -> Json<Value> {
    let now = service.now();
    let people: usize = service.world().tenants().map(|(_, state)| state.len()).sum();
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
    Json(json!({"value": service.journal().all().collect::<Vec<_>>()}))
}

async fn forget_requests(State(service): State<Arc<Service>>) -> StatusCode {
    service.journal().clear();
    StatusCode::NO_CONTENT
}

async fn reset(State(service): State<Arc<Service>>) -> StatusCode {
    service.reset();
    StatusCode::NO_CONTENT
}
