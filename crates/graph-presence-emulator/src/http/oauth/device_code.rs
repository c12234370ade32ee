//! The device authorization endpoint ("OAuth 2.0 device authorization grant flow").

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;

use crate::device_code::{DeviceCodeRequest, LIFETIME};
use crate::service::Service;

use super::error::OAuthError;
use super::form::{Parameters, TenantId};
use super::{discovery, grant};

/// The polling interval in seconds. It is not enforced.
const INTERVAL: u32 = 5;

#[derive(Serialize)]
pub(super) struct DeviceCode {
    user_code: String,
    device_code: String,
    verification_uri: String,
    expires_in: i64,
    interval: u32,
    message: String,
}

pub(super) async fn issue(
    State(service): State<Arc<Service>>,
    TenantId(tenant): TenantId,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Json<DeviceCode>, OAuthError> {
    let application = parameters.application()?;
    let scope = parameters.required("scope")?;
    let request = DeviceCodeRequest {
        application,
        tenant,
        scopes: grant::delegated(scope),
        tokens: grant::requested_tokens(scope),
    };
    let now = service.now();
    let codes = service.device_codes().add(request, now).ok_or_else(OAuthError::too_many_device_codes)?;
    let verification_uri = format!("{}/_emulator/devices", discovery::base(&headers));
    Ok(Json(DeviceCode {
        message: format!(
            "To sign in, post a user's id to {verification_uri}/{} to authenticate: {{\"user\": \"...\"}}.",
            codes.user
        ),
        user_code: codes.user,
        device_code: codes.device,
        verification_uri,
        expires_in: LIFETIME.as_secs(),
        interval: INTERVAL,
    }))
}
