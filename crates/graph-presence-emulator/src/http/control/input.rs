//! Extractors of the control interface.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::http::query::{self, Options};
use crate::service::Service;
use crate::{Guid, InvalidInput};

/// A JSON body. `Content-Type` is ignored, because requests from the command line often do not have it.
#[derive(Debug)]
pub(super) struct Input<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = InvalidInput;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| InvalidInput::new("failed to read the body: incomplete, or larger than 1 GiB"))?;
        let mut json = serde_json::Deserializer::from_slice(&body);
        let input = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            let name = if path == "." { "body" } else { &path };
            InvalidInput::new(format!("invalid {name}: {}", error.inner()))
        })?;
        json.end().map_err(|error| InvalidInput::new(format!("invalid body: {error}")))?;
        Ok(Self(input))
    }
}

/// The tenant in the query. Defaults to the default tenant.
#[derive(Debug)]
pub(super) struct InTenant(pub(super) Guid);

impl FromRequestParts<Arc<Service>> for InTenant {
    type Rejection = InvalidInput;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        Options::from_request_parts(parts, service)
            .await?
            .guid("tenant")
            .map(|id| Self(id.unwrap_or(service.default_tenant())))
    }
}

/// The user id in the path.
#[derive(Debug)]
pub(super) struct UserId(pub(super) Guid);

impl<S: Send + Sync> FromRequestParts<S> for UserId {
    type Rejection = InvalidInput;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(id) = path.map_err(|_| InvalidInput::new("invalid user id: expected a GUID"))?;
        query::guid("user id", &id).map(Self)
    }
}
