//! The JSON that an action is sent.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Guid;

use super::refusal::Refusal;

/// The properties of an object, taken out by the names that the documentation gives them. `null` is absence, and
/// what nobody takes is ignored.
#[derive(Debug)]
pub(super) struct Properties(Map<String, Value>);

impl Properties {
    fn parse(body: &[u8]) -> Result<Self, Refusal> {
        if body.trim_ascii().is_empty() {
            return Err(Refusal::bad_request("Empty Payload. JSON content expected."));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(properties)) => Ok(Self(properties)),
            _ => Err(Refusal::bad_request(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of \
                 valid JSON format.",
            )),
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(mistyped(name, "Edm.String")),
        }
    }

    pub(super) fn truth(&mut self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(truth)),
            Some(_) => Err(mistyped(name, "Edm.Boolean")),
        }
    }

    pub(super) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Refusal> {
        let mistyped = || mistyped(name, "Collection(Edm.String)");
        match self.take(name) {
            None => Ok(None),
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| match item {
                    Value::String(text) => Ok(text),
                    _ => Err(mistyped()),
                })
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(mistyped()),
        }
    }

    pub(super) fn object(&mut self, name: &str, edm_type: &'static str) -> Result<Option<Self>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(properties)) => Ok(Some(Self(properties))),
            Some(_) => Err(mistyped(name, edm_type)),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }
}

fn mistyped(name: &str, edm_type: &str) -> Refusal {
    Refusal::bad_request(format!("Cannot convert the value of '{name}' to the expected type '{edm_type}'."))
}

impl<S: Send + Sync> FromRequest<S> for Properties {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        Self::parse(&json(request, state).await?)
    }
}

/// The ids that getPresencesByUserId is sent, `None` for each that is no GUID.
#[derive(Debug)]
pub(super) struct Ids(pub(super) Vec<Option<Guid>>);

/// What almost every program sends: nothing but ids, and nothing to unescape. They are hundreds, and are not copied.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainIds<'a> {
    #[serde(borrow)]
    ids: Vec<&'a str>,
}

impl Ids {
    fn parse(body: &[u8]) -> Result<Self, Refusal> {
        // An array would be taken for the fields in their order.
        if body.starts_with(b"{")
            && let Ok(PlainIds { ids }) = serde_json::from_slice(body)
        {
            return Ok(Self::new(&ids));
        }
        let ids = Properties::parse(body)?.texts("ids")?.unwrap_or_default();
        Ok(Self::new(&ids))
    }

    fn new(ids: &[impl AsRef<str>]) -> Self {
        Self(ids.iter().map(|id| Guid::parse(id.as_ref()).ok()).collect())
    }
}

impl<S: Send + Sync> FromRequest<S> for Ids {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        Self::parse(&json(request, state).await?)
    }
}

/// The body of an action without parameters: none, an empty one of any type, or an object of which nothing is taken.
/// The SDKs and the pages send all three.
#[derive(Debug)]
pub(super) struct Nothing;

impl<S: Send + Sync> FromRequest<S> for Nothing {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let body = json(request, state).await?;
        if !body.trim_ascii().is_empty() {
            Properties::parse(&body)?;
        }
        Ok(Self)
    }
}

async fn json<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refusal> {
    let json = says_json(request.headers());
    let body = Bytes::from_request(request, state).await.map_err(|_| Refusal::too_large())?;
    if !json && !body.is_empty() {
        return Err(Refusal::not_json());
    }
    Ok(body)
}

fn says_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
