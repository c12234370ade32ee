//! Tokens for those who have a right to them ("OAuth 2.0 client credentials flow" and its siblings).

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

use super::failure::Failure;
use super::form::{Parameters, TenantId};

/// A second less than an hour, as the service has it.
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
) -> Result<impl IntoResponse, Failure> {
    let (caller, tokens) = match parameters.required("grant_type")? {
        "client_credentials" => (client(&parameters, tenant)?, RequestedTokens::default()),
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => device(&service, &parameters)?,
        "refresh_token" => refresh(&service, &parameters, tenant)?,
        other => return Err(Failure::unknown_grant(other)),
    };
    service.meet(&caller);
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
        access_token: issuer.access(caller, now, Some(expires)),
        refresh_token: tokens.refresh.then(|| issuer.refresh(caller, now)),
        id_token: tokens.identity.then(|| issuer.identity(caller, now, expires)),
    }
}

/// Any secret is the right one: who is allowed what is not the question here.
fn client(parameters: &Parameters, tenant: Guid) -> Result<Caller, Failure> {
    let application = parameters.application()?;
    let scope = parameters.required("scope")?;
    if !scope.ends_with("/.default") {
        return Err(Failure::no_default_scope(scope));
    }
    if ["client_secret", "client_assertion"].iter().all(|name| parameters.find(name).is_none()) {
        return Err(Failure::no_secret());
    }
    Ok(Caller::application(application).of_tenant(tenant))
}

fn device(service: &Service, parameters: &Parameters) -> Result<(Caller, RequestedTokens), Failure> {
    let application = parameters.application()?;
    // Inferred: the older name of the parameter is taken as well, as the older name of the grant is.
    let code = parameters.find("device_code").or_else(|| parameters.find("code"));
    let code = code.ok_or_else(|| Failure::missing("device_code"))?;
    let now = service.now();
    match service.device_codes().poll(code, application, now) {
        PollResult::Approved(caller, tokens) => Ok((caller, tokens)),
        PollResult::Pending => Err(Failure::pending()),
        PollResult::Declined => Err(Failure::declined()),
        PollResult::Expired => Err(Failure::expired()),
        PollResult::Unknown => Err(Failure::unknown_code()),
    }
}

/// With fewer scopes than before, if so asked, and never with more.
fn refresh(service: &Service, parameters: &Parameters, tenant: Guid) -> Result<(Caller, RequestedTokens), Failure> {
    let application = parameters.application()?;
    let token = parameters.required("refresh_token")?;
    let caller = service
        .token_issuer()
        .read_refresh(token, service.now())
        .ok()
        .filter(|caller| caller.app_id() == application && caller.tenant() == tenant)
        .ok_or_else(Failure::bad_refresh_token)?;
    let Some(scope) = parameters.find("scope") else {
        return Ok((caller, RequestedTokens { refresh: true, identity: false }));
    };
    let scopes = delegated(scope).and(caller.scopes());
    Ok((caller.with_scopes(scopes.names()), RequestedTokens { refresh: true, ..requested_tokens(scope) }))
}

/// The permissions of a list such as `https://graph.microsoft.com/Presence.Read offline_access`.
pub(super) fn delegated(scope: &str) -> Scopes {
    if scope.split_whitespace().any(|name| name.ends_with(".default")) {
        return Scopes::DELEGATED;
    }
    Scopes::of(scope.split_whitespace()).and(Scopes::DELEGATED)
}

pub(super) fn requested_tokens(scope: &str) -> RequestedTokens {
    let has = |wanted: &str| scope.split_whitespace().any(|name| name.eq_ignore_ascii_case(wanted));
    RequestedTokens { refresh: has("offline_access"), identity: has("openid") }
}
