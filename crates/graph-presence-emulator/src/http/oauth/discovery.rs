//! The OpenID Connect metadata ("OpenID Connect on the Microsoft identity platform").

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::HOST;
use axum::http::{HeaderMap, HeaderName};
use serde_json::{Value, json};

use crate::Guid;
use crate::service::Service;

use super::form::TenantId;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

pub(super) async fn configuration(
    State(service): State<Arc<Service>>,
    TenantId(tenant): TenantId,
    headers: HeaderMap,
) -> Json<Value> {
    let base = base(&headers);
    let endpoint = |name: &str| format!("{base}/{tenant}/oauth2/v2.0/{name}");
    Json(json!({
        "token_endpoint": endpoint("token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "device_authorization_endpoint": endpoint("devicecode"),
        "authorization_endpoint": endpoint("authorize"),
        "jwks_uri": format!("{base}/{tenant}/discovery/v2.0/keys"),
        "issuer": issuer(tenant),
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": [
            "client_credentials",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["HS256"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "oid", "tid"],
        "request_uri_parameter_supported": false,
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
        "msgraph_host": service.cloud.graph(),
    }))
}

/// Returns an empty list, because tokens are signed with a secret.
pub(super) async fn keys(TenantId(_): TenantId) -> Json<Value> {
    Json(json!({"keys": []}))
}

fn issuer(tenant: Guid) -> String {
    format!("https://login.microsoftonline.com/{tenant}/v2.0")
}

/// Returns the base URL of the emulator as in the client's request. A proxy that terminates TLS sets
/// `X-Forwarded-Proto`.
pub(super) fn base(headers: &HeaderMap) -> String {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_https = text(FORWARDED_PROTO).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
    let scheme = if is_https { "https" } else { "http" };
    format!("{scheme}://{}", text(HOST).unwrap_or("localhost"))
}
