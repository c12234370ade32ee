//! Snapshots in the control interface.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::InvalidInput;
use crate::service::Service;

pub(super) async fn take(State(service): State<Arc<Service>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], service.snapshot())
}

pub(super) async fn restore(State(service): State<Arc<Service>>, snapshot: String) -> Result<StatusCode, InvalidInput> {
    service.restore(&snapshot)?;
    Ok(StatusCode::NO_CONTENT)
}
