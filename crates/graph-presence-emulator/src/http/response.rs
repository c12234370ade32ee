//! Successful responses.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

const JSON: HeaderValue = HeaderValue::from_static(
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
);

/// Serializes a value into a response.
pub(super) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => from_json(body),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Creates a response from serialized JSON.
pub(super) fn from_json(json: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, JSON)], json).into_response()
}

/// The body of a collection.
#[derive(Serialize)]
pub(super) struct Collection<T> {
    #[serde(rename = "@odata.context")]
    pub(super) context: String,
    pub(super) value: Vec<T>,
}
