//! Errors in the format of Microsoft Graph. `trace` writes their response bodies.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::token_issuer::InvalidToken;

/// An error of the service.
#[derive(Clone, Debug)]
pub(super) struct GraphError {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: Cow<'static, str>,
}

impl GraphError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// Creates an error for an invalid property. `field` is its name as in errors of the service: `SessionId`.
    pub(super) fn invalid_argument(field: &str, problem: &str) -> Self {
        let message = format!("[{field}]: The {field} field {problem}.");
        Self::new(StatusCode::BAD_REQUEST, "InvalidArgument", message)
    }

    pub(super) fn missing_argument(field: &str) -> Self {
        Self::invalid_argument(field, "is required")
    }

    pub(super) fn missing_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", "Access token is empty.")
    }

    pub(super) fn invalid_token(error: InvalidToken) -> Self {
        let message = match error {
            InvalidToken::Unknown => "Access token validation failure.",
            InvalidToken::Expired => "Lifetime validation failed, the token is expired.",
        };
        Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
    }

    pub(super) fn unauthorized(message: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", message)
    }

    pub(super) fn forbidden(message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message)
    }

    /// Creates the error of a missing permission. The message is empty, because the service does not report which
    /// permission is missing.
    pub(super) fn missing_scope() -> Self {
        Self::forbidden("")
    }

    pub(super) fn not_found(message: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", message)
    }

    pub(super) fn path_not_found() -> Self {
        Self::not_found("Resource not found for the path of the request.")
    }

    pub(super) fn subscription_not_found() -> Self {
        Self::not_found("The subscription does not exist or has expired.")
    }

    pub(super) fn validation_failed() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "ValidationError",
            "Subscription validation request failed. Response must exactly match validationToken query parameter.",
        )
    }

    pub(super) fn already_subscribed() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "ExtensionError",
            "A subscription already exists. It must be deleted before another can be made.",
        )
    }

    /// Creates an injected error.
    pub(super) fn injected(status: StatusCode) -> Self {
        let code = match status.as_u16() {
            401 => "InvalidAuthenticationToken",
            403 => "Forbidden",
            404 => "NotFound",
            409 => "ExtensionError",
            500 => "InternalServerError",
            503 => "ServiceUnavailable",
            504 => "GatewayTimeout",
            _ if status.is_server_error() => "ServiceError",
            _ => "BadRequest",
        };
        Self::new(status, code, "An error has occurred.")
    }

    pub(super) fn too_many_requests() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "Please retry again later.")
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "Specified HTTP method is not allowed for the request target.",
        )
    }

    pub(super) fn payload_too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "The request body is too large.")
    }

    pub(super) fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "Entity only allows writes with a JSON Content-Type header.",
        )
    }
}

impl IntoResponse for GraphError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
