//! Request bodies in JSON.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Guid;

use super::graph_error::GraphError;

/// The properties of a JSON object, which are removed by name. `null` counts as absent. Unknown properties are ignored.
#[derive(Debug)]
pub(super) struct Properties(Map<String, Value>);

impl Properties {
    fn parse(body: &[u8]) -> Result<Self, GraphError> {
        if body.trim_ascii().is_empty() {
            return Err(GraphError::bad_request("Empty Payload. JSON content expected."));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(properties)) => Ok(Self(properties)),
            _ => Err(GraphError::bad_request(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of \
                 valid JSON format.",
            )),
        }
    }

    pub(super) fn string(&mut self, name: &str) -> Result<Option<String>, GraphError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(type_mismatch(name, "Edm.String")),
        }
    }

    pub(super) fn boolean(&mut self, name: &str) -> Result<Option<bool>, GraphError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(boolean)) => Ok(Some(boolean)),
            Some(_) => Err(type_mismatch(name, "Edm.Boolean")),
        }
    }

    pub(super) fn strings(&mut self, name: &str) -> Result<Option<Vec<String>>, GraphError> {
        let type_mismatch = || type_mismatch(name, "Collection(Edm.String)");
        match self.take(name) {
            None => Ok(None),
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| match item {
                    Value::String(text) => Ok(text),
                    _ => Err(type_mismatch()),
                })
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(type_mismatch()),
        }
    }

    pub(super) fn object(&mut self, name: &str, edm_type: &'static str) -> Result<Option<Self>, GraphError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(properties)) => Ok(Some(Self(properties))),
            Some(_) => Err(type_mismatch(name, edm_type)),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }
}

fn type_mismatch(name: &str, edm_type: &str) -> GraphError {
    GraphError::bad_request(format!("Cannot convert the value of '{name}' to the expected type '{edm_type}'."))
}

impl<S: Send + Sync> FromRequest<S> for Properties {
    type Rejection = GraphError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        Self::parse(&read_json(request, state).await?)
    }
}

/// The ids in a request to getPresencesByUserId. An id that is not a GUID is `None`.
#[derive(Debug)]
pub(super) struct Ids(pub(super) Vec<Option<Guid>>);

/// The common case: an object with only `ids`, none of which is escaped. Parsing it does not copy the hundreds of ids.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainIds<'a> {
    #[serde(borrow)]
    ids: Vec<&'a str>,
}

impl Ids {
    fn parse(body: &[u8]) -> Result<Self, GraphError> {
        // serde also deserializes a struct from an array of its fields.
        if body.starts_with(b"{")
            && let Ok(PlainIds { ids }) = serde_json::from_slice(body)
        {
            return Ok(Self::new(&ids));
        }
        let ids = Properties::parse(body)?.strings("ids")?.unwrap_or_default();
        Ok(Self::new(&ids))
    }

    fn new(ids: &[impl AsRef<str>]) -> Self {
        Self(ids.iter().map(|id| Guid::parse(id.as_ref()).ok()).collect())
    }
}

impl<S: Send + Sync> FromRequest<S> for Ids {
    type Rejection = GraphError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        Self::parse(&read_json(request, state).await?)
    }
}

/// The body of an action without parameters: no body, an empty body of any type, or an object, whose properties are
/// ignored. The SDKs and the examples of the documentation contain all three.
#[derive(Debug)]
pub(super) struct EmptyBody;

impl<S: Send + Sync> FromRequest<S> for EmptyBody {
    type Rejection = GraphError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let body = read_json(request, state).await?;
        if !body.trim_ascii().is_empty() {
            Properties::parse(&body)?;
        }
        Ok(Self)
    }
}

async fn read_json<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, GraphError> {
    let is_json = has_json_content_type(request.headers());
    let body = Bytes::from_request(request, state).await.map_err(|_| GraphError::payload_too_large())?;
    if !is_json && !body.is_empty() {
        return Err(GraphError::unsupported_media_type());
    }
    Ok(body)
}

fn has_json_content_type(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
