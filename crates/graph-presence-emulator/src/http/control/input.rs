//! What the control interface is sent, checked.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::http::query::{self, Options};
use crate::service::Service;
use crate::{Guid, InvalidInput};

/// A JSON body of any declared type: a request that is typed manually declares none.
#[derive(Debug)]
pub(super) struct Input<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = InvalidInput;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| InvalidInput::of_field("body", "must be complete and have at most a gibibyte"))?;
        let mut json = serde_json::Deserializer::from_slice(&body);
        let input = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            InvalidInput::of_field(if path == "." { "body" } else { &path }, &error.inner().to_string())
        })?;
        json.end().map_err(|error| InvalidInput::of_field("body", &error.to_string()))?;
        Ok(Self(input))
    }
}

/// The tenant that the query names; the emulator's own if it names none.
#[derive(Debug)]
pub(super) struct InTenant(pub(super) Guid);

impl FromRequestParts<Arc<Service>> for InTenant {
    type Rejection = InvalidInput;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        Options::from_request_parts(parts, service).await?.guid("tenant").map(|id| Self(id.unwrap_or(service.home())))
    }
}

/// The id in the path.
#[derive(Debug)]
pub(super) struct Id(pub(super) Guid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = InvalidInput;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(id) = path.map_err(|_| InvalidInput::of_field("id", "must be a GUID"))?;
        query::guid("id", &id).map(Self)
    }
}
