//! Errors of the control interface.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::InvalidInput;

/// Returns an error response of the control interface.
pub(super) fn response(status: StatusCode, message: &str) -> Response {
    let code = if status == StatusCode::BAD_REQUEST { "InvalidInput" } else { "NotAllowed" };
    (status, Json(json!({"error": {"code": code, "message": message}}))).into_response()
}

impl IntoResponse for InvalidInput {
    fn into_response(self) -> Response {
        response(StatusCode::BAD_REQUEST, &self.to_string())
    }
}
