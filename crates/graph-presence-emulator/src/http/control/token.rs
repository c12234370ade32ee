//! Tokens and device sign-ins in the control interface.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::device_code::Decision;
use crate::service::Service;
use crate::{Caller, Guid, InvalidInput};

use super::input::Input;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    user: Option<Guid>,
    application: Option<Guid>,
    tenant: Option<Guid>,
    scopes: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// The user who signs in; `None` declines the sign-in.
    user: Option<Guid>,
}

pub(super) async fn issue(
    State(service): State<Arc<Service>>,
    Input(request): Input<TokenRequest>,
) -> Result<Json<Value>, InvalidInput> {
    let mut caller = match (request.user, request.application) {
        (Some(user), Some(application)) => Caller::user(user).with_application(application),
        (Some(user), None) => Caller::user(user),
        (None, Some(application)) => Caller::application(application),
        (None, None) => return Err(InvalidInput::new("caller not set: provide a user, an application, or both")),
    };
    if let Some(tenant) = request.tenant {
        caller = caller.with_tenant(tenant);
    }
    if let Some(scopes) = request.scopes {
        caller = caller.with_scopes(scopes);
    }
    Ok(Json(json!({"token": service.issue_token(caller)})))
}

pub(super) async fn decide(
    State(service): State<Arc<Service>>,
    Path(user_code): Path<String>,
    Input(sign_in): Input<SignIn>,
) -> Result<StatusCode, InvalidInput> {
    service.decide_device(&user_code, sign_in.user.map_or(Decision::Declined, Decision::Approved))?;
    Ok(StatusCode::NO_CONTENT)
}
