//! What the control interface is sent, checked.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use crate::http::Service;
use crate::{Guid, InvalidInput};

use super::refuse;

impl IntoResponse for InvalidInput {
    fn into_response(self) -> Response {
        refuse(StatusCode::BAD_REQUEST, &self.to_string())
    }
}

/// A JSON body of any declared type: whoever types a request by hand says none.
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

/// The query: what is asked for by name.
#[derive(Debug)]
pub(in crate::http) struct Options(HashMap<String, String>);

impl Options {
    pub(in crate::http) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(in crate::http) fn number(&self, name: &str, default: usize) -> Result<usize, InvalidInput> {
        self.text(name)
            .map_or(Ok(default), |text| text.parse().map_err(|_| InvalidInput::new(name, text, "must be a number")))
    }

    pub(in crate::http) fn guid(&self, name: &str, default: Guid) -> Result<Guid, InvalidInput> {
        self.text(name).map_or(Ok(default), |text| guid(name, text))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Options {
    type Rejection = InvalidInput;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Query(options) = Query::try_from_uri(&parts.uri)
            .map_err(|_| InvalidInput::of_field("query", "must be UTF-8, with each name once"))?;
        Ok(Self(options))
    }
}

/// The tenant that the query names; the emulator's own if it names none.
#[derive(Debug)]
pub(super) struct InTenant(pub(super) Guid);

impl FromRequestParts<Arc<Service>> for InTenant {
    type Rejection = InvalidInput;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        Options::from_request_parts(parts, service).await?.guid("tenant", service.home()).map(Self)
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
        guid("id", &id).map(Self)
    }
}

fn guid(field: &str, text: &str) -> Result<Guid, InvalidInput> {
    Guid::parse(text).map_err(|_| InvalidInput::new(field, text, "must be a GUID"))
}
