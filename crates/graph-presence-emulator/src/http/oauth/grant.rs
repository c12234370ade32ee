//! The token endpoint ("OAuth 2.0 client credentials flow", "OAuth 2.0 device authorization grant flow", refresh
//! tokens).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use jiff::SignedDuration;
use serde::Serialize;

use crate::device_code::{PollResult, RequestedTokens};
use crate::scope::Scopes;
use crate::service::Service;
use crate::{Caller, Guid};

use super::error::OAuthError;
use super::form::{Parameters, TenantId};

/// One second less than an hour, as in responses of the service.
const LIFETIME: SignedDuration = SignedDuration::from_secs(3_599);

#[derive(Serialize)]
struct Tokens {
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    expires_in: i64,
    ext_expires_in: i64,
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

pub(super) async fn token(
    State(service): State<Arc<Service>>,
    TenantId(tenant): TenantId,
    parameters: Parameters,
) -> Result<impl IntoResponse, OAuthError> {
    let (caller, tokens) = match parameters.required("grant_type")? {
        "client_credentials" => (client_credentials(&parameters, tenant)?, RequestedTokens::default()),
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => device_code(&service, &parameters)?,
        "refresh_token" => refresh_token(&service, &parameters, tenant)?,
        other => return Err(OAuthError::unsupported_grant_type(other)),
    };
    service.register_caller(&caller);
    Ok(([(CACHE_CONTROL, "no-store")], Json(issue(&service, &caller, tokens))))
}

fn issue(service: &Service, caller: &Caller, tokens: RequestedTokens) -> Tokens {
    let now = service.now();
    let expires = now.checked_add(LIFETIME).unwrap_or(now);
    let issuer = service.token_issuer();
    Tokens {
        token_type: "Bearer",
        scope: caller.user_id().map(|_| caller.scopes().names().join(" ")),
        expires_in: LIFETIME.as_secs(),
        ext_expires_in: LIFETIME.as_secs(),
        access_token: issuer.access_token(caller, now, Some(expires)),
        refresh_token: tokens.refresh_token.then(|| issuer.refresh_token(caller, now)),
        id_token: tokens.id_token.then(|| issuer.id_token(caller, now, expires)),
    }
}

/// Returns the application. Any secret is accepted.
fn client_credentials(parameters: &Parameters, tenant: Guid) -> Result<Caller, OAuthError> {
    let application = parameters.application()?;
    let scope = parameters.required("scope")?;
    if !scope.ends_with("/.default") {
        return Err(OAuthError::invalid_default_scope(scope));
    }
    if ["client_secret", "client_assertion"].iter().all(|name| parameters.find(name).is_none()) {
        return Err(OAuthError::missing_secret());
    }
    Ok(Caller::application(application).with_tenant(tenant))
}

fn device_code(service: &Service, parameters: &Parameters) -> Result<(Caller, RequestedTokens), OAuthError> {
    let application = parameters.application()?;
    // Inferred: the service accepts the older name of this parameter, as it accepts the older name of the grant type.
    let code = parameters.find("device_code").or_else(|| parameters.find("code"));
    let code = code.ok_or_else(|| OAuthError::missing_parameter("device_code"))?;
    let now = service.now();
    match service.device_codes().poll(code, application, now) {
        PollResult::Approved(caller, tokens) => Ok((caller, tokens)),
        PollResult::Pending => Err(OAuthError::authorization_pending()),
        PollResult::Declined => Err(OAuthError::authorization_declined()),
        PollResult::Expired => Err(OAuthError::expired_device_code()),
        PollResult::Unknown => Err(OAuthError::unknown_device_code()),
    }
}

/// Returns the caller of the refresh token. A requested scope can only reduce its permissions.
fn refresh_token(
    service: &Service,
    parameters: &Parameters,
    tenant: Guid,
) -> Result<(Caller, RequestedTokens), OAuthError> {
    let application = parameters.application()?;
    let token = parameters.required("refresh_token")?;
    let caller = service
        .token_issuer()
        .verify_refresh_token(token, service.now())
        .ok()
        .filter(|caller| caller.app_id() == application && caller.tenant() == tenant)
        .ok_or_else(OAuthError::invalid_refresh_token)?;
    let Some(scope) = parameters.find("scope") else {
        return Ok((caller, RequestedTokens { refresh_token: true, id_token: false }));
    };
    let scopes = delegated(scope).intersection(caller.scopes());
    Ok((caller.with_scopes(scopes.names()), RequestedTokens { refresh_token: true, ..requested_tokens(scope) }))
}

/// Parses the delegated permissions of a scope such as `https://graph.microsoft.com/Presence.Read offline_access`.
pub(super) fn delegated(scope: &str) -> Scopes {
    if scope.split_whitespace().any(|name| name.ends_with(".default")) {
        return Scopes::DELEGATED;
    }
    Scopes::from_names(scope.split_whitespace()).intersection(Scopes::DELEGATED)
}

/// Returns which tokens a scope requests in addition to the access token.
pub(super) fn requested_tokens(scope: &str) -> RequestedTokens {
    let has = |scope_name: &str| scope.split_whitespace().any(|name| name.eq_ignore_ascii_case(scope_name));
    RequestedTokens { refresh_token: has("offline_access"), id_token: has("openid") }
}
