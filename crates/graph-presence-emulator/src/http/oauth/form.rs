//! The parameters of OAuth 2.0 requests.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Form, FromRequest, FromRequestParts, Path, Request};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::Guid;
use crate::service::Service;

use super::error::OAuthError;

/// The path segments that do not specify a tenant. The tenant depends on the account that signs in.
const ANY_TENANT: [&str; 2] = ["common", "organizations"];

/// The tenant in the path.
#[derive(Debug)]
pub(super) struct TenantId(pub(super) Guid);

impl FromRequestParts<Arc<Service>> for TenantId {
    type Rejection = OAuthError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, &()).await;
        let name = path.ok().and_then(|Path(mut names)| names.remove("tenant")).unwrap_or_default();
        if ANY_TENANT.contains(&name.as_str()) {
            return Ok(Self(service.default_tenant()));
        }
        Guid::parse(&name)
            .ok()
            .filter(|id| service.tenants().contains(*id))
            .map(Self)
            .ok_or_else(|| OAuthError::unknown_tenant(&name))
    }
}

/// The form parameters of a request, including the client credentials of its `Authorization` header.
#[derive(Debug)]
pub(super) struct Parameters(HashMap<String, String>);

impl Parameters {
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.find(name).ok_or_else(|| OAuthError::missing_parameter(name))
    }

    /// Returns the client id. Any GUID is accepted.
    pub(super) fn application(&self) -> Result<Guid, OAuthError> {
        let id = self.required("client_id")?;
        Guid::parse(id).map_err(|_| OAuthError::unknown_application(id))
    }
}

impl FromRequest<Arc<Service>> for Parameters {
    type Rejection = OAuthError;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let credentials = credentials(request.headers());
        let Form(mut parameters) = Form::<HashMap<String, String>>::from_request(request, service)
            .await
            .map_err(|_| OAuthError::not_a_form())?;
        if let Some((id, secret)) = credentials {
            parameters.insert("client_id".to_owned(), id);
            parameters.insert("client_secret".to_owned(), secret);
        }
        Ok(Self(parameters))
    }
}

/// Returns the id and the secret of a client that sends them as `Basic` credentials. They are not percent-decoded:
/// neither contains characters that require encoding.
fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    decoded.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}
