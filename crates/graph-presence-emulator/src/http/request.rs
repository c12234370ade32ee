//! Who asks, about whom.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::{Caller, Guid};

use super::Service;
use super::refusal::Refusal;

/// Who the bearer token speaks for.
#[derive(Debug)]
pub(super) struct Identity(pub(super) Caller);

impl FromRequestParts<Arc<Service>> for Identity {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
            .map_or("", |(_, token)| token.trim());
        if token.is_empty() {
            return Err(Refusal::token_missing());
        }
        service.caller(token).map(Self).ok_or_else(Refusal::token_unknown)
    }
}

/// The person that the path names.
#[derive(Debug)]
pub(super) struct Target(pub(super) Guid);

impl<S: Send + Sync> FromRequestParts<S> for Target {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Path::<String>::from_request_parts(parts, state)
            .await
            .ok()
            .and_then(|Path(id)| Guid::parse(&id).ok())
            .map(Self)
            .ok_or_else(|| Refusal::argument("Id", "must be a GUID"))
    }
}
