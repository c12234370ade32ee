//! Error responses of OAuth 2.0.

use std::borrow::Cow;

use axum::Json;
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

#[derive(Clone, Debug)]
pub(super) struct OAuthError {
    status: StatusCode,
    error: &'static str,
    number: u32,
    description: Cow<'static, str>,
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: String,
    error_codes: [u32; 1],
    trace_id: String,
    correlation_id: String,
}

impl OAuthError {
    fn new(error: &'static str, number: u32, description: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, number, description: description.into() }
    }

    pub(super) fn missing_parameter(parameter: &str) -> Self {
        let description = format!("The request body must contain the following parameter: '{parameter}'.");
        Self::new("invalid_request", 900_144, description)
    }

    pub(super) fn not_a_form() -> Self {
        Self::new("invalid_request", 900_144, "The request body must be a form: application/x-www-form-urlencoded.")
    }

    pub(super) fn unknown_tenant(name: &str) -> Self {
        Self::new("invalid_request", 90_002, format!("Tenant '{}' not found.", truncate(name)))
    }

    pub(super) fn unknown_application(id: &str) -> Self {
        let description = format!("Application with identifier '{}' was not found in the directory.", truncate(id));
        Self::new("unauthorized_client", 700_016, description)
    }

    pub(super) fn missing_secret() -> Self {
        let description = "'client_assertion' or 'client_secret' is required for the 'client_credentials' grant type.";
        Self { status: StatusCode::UNAUTHORIZED, ..Self::new("invalid_client", 7_000_216, description) }
    }

    pub(super) fn unsupported_grant_type(grant: &str) -> Self {
        let description = format!("The app requested an unsupported grant type '{}'.", truncate(grant));
        Self::new("unsupported_grant_type", 70_003, description)
    }

    pub(super) fn invalid_default_scope(scope: &str) -> Self {
        let description = format!(
            "The provided value for scope {} is not valid. Client credential flows must have a scope value with \
             /.default suffixed to the resource identifier (application ID URI).",
            truncate(scope)
        );
        Self::new("invalid_scope", 1_002_012, description)
    }

    pub(super) fn invalid_refresh_token() -> Self {
        Self::new("invalid_grant", 9_002_313, "The refresh token is malformed or not valid.")
    }

    pub(super) fn authorization_pending() -> Self {
        let description = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
        Self::new("authorization_pending", 70_016, description)
    }

    pub(super) fn authorization_declined() -> Self {
        Self::new("authorization_declined", 70_018, "The end user denied the authorization request.")
    }

    pub(super) fn expired_device_code() -> Self {
        Self::new("expired_token", 70_020, "The provided value for the input parameter 'device_code' has expired.")
    }

    pub(super) fn unknown_device_code() -> Self {
        let description = "The provided value for the input parameter 'device_code' is not valid.";
        Self::new("bad_verification_code", 70_019, description)
    }

    pub(super) fn too_many_device_codes() -> Self {
        let error = Self::new("temporarily_unavailable", 90_006, "Too many device codes are pending.");
        Self { status: StatusCode::SERVICE_UNAVAILABLE, ..error }
    }
}

/// Truncates a value of the request for a message.
fn truncate(text: &str) -> String {
    text.chars().take(80).collect()
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = Body {
            error: self.error,
            error_description: format!("AADSTS{}: {}", self.number, self.description),
            error_codes: [self.number],
            trace_id: Uuid::new_v4().to_string(),
            correlation_id: Uuid::new_v4().to_string(),
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
        }
        response
    }
}
