//! What an OAuth client sends.

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

use super::failure::Failure;

/// The tenants of a path that name no tenant: the account that signs in decides which it is.
const ANY_TENANT: [&str; 2] = ["common", "organizations"];

/// The tenant that the path names.
#[derive(Debug)]
pub(super) struct TenantId(pub(super) Guid);

impl FromRequestParts<Arc<Service>> for TenantId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, &()).await;
        let name = path.ok().and_then(|Path(mut names)| names.remove("tenant")).unwrap_or_default();
        if ANY_TENANT.contains(&name.as_str()) {
            return Ok(Self(service.home()));
        }
        Guid::parse(&name)
            .ok()
            .filter(|id| service.tenants().has(*id))
            .map(Self)
            .ok_or_else(|| Failure::unknown_tenant(&name))
    }
}

/// The parameters of a request, those of its `Authorization` included.
#[derive(Debug)]
pub(super) struct Parameters(HashMap<String, String>);

impl Parameters {
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &'static str) -> Result<&str, Failure> {
        self.find(name).ok_or_else(|| Failure::missing(name))
    }

    /// The application; any that has the id of one.
    pub(super) fn application(&self) -> Result<Guid, Failure> {
        let id = self.required("client_id")?;
        Guid::parse(id).map_err(|_| Failure::unknown_application(id))
    }
}

impl FromRequest<Arc<Service>> for Parameters {
    type Rejection = Failure;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let credentials = credentials(request.headers());
        let Form(mut parameters) =
            Form::<HashMap<String, String>>::from_request(request, service).await.map_err(|_| Failure::no_form())?;
        if let Some((id, secret)) = credentials {
            parameters.insert("client_id".to_owned(), id);
            parameters.insert("client_secret".to_owned(), secret);
        }
        Ok(Self(parameters))
    }
}

/// Id and secret of a client that sends them as `Basic` credentials. Neither has letters that would be encoded.
fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    decoded.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}
