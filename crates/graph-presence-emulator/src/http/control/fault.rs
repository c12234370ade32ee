//! Fault rules in the control interface.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::service::Service;
use crate::{FaultRule, InvalidInput};

use super::input::Input;

pub(super) async fn list(State(service): State<Arc<Service>>) -> Json<Value> {
    let faults = service.faults();
    let faults: Vec<_> = faults
        .all()
        .iter()
        .map(|fault| json!({"id": fault.id, "rule": fault.rule, "injected": fault.injected}))
        .collect();
    Json(json!({ "value": faults }))
}

pub(super) async fn inject(
    State(service): State<Arc<Service>>,
    Input(rule): Input<FaultRule>,
) -> Result<(StatusCode, Json<Value>), InvalidInput> {
    let id = service.inject(rule)?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}

pub(super) async fn remove(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
) -> Result<StatusCode, InvalidInput> {
    let id = id.parse().map_err(|_| InvalidInput::value("fault id", &id, "a number"))?;
    service.remove_fault(id)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove_all(State(service): State<Arc<Service>>) -> StatusCode {
    service.faults().clear();
    StatusCode::NO_CONTENT
}
