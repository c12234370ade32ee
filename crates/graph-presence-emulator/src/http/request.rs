//! Extractors for the caller and the target of a request.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, RawPathParams};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::service::Service;
use crate::state::Subscriber;
use crate::{Caller, Guid};

use super::graph_error::GraphError;

/// The caller that the bearer token identifies.
#[derive(Debug)]
pub(super) struct Identity(pub(super) Caller);

impl FromRequestParts<Arc<Service>> for Identity {
    type Rejection = GraphError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        if let Some(caller) = parts.extensions.get::<Caller>() {
            return Ok(Self(caller.clone()));
        }
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
            .map_or("", |(_, token)| token.trim());
        if token.is_empty() {
            return Err(GraphError::missing_token());
        }
        let caller = service.caller(token).map_err(GraphError::invalid_token)?;
        // Stored, so that the token is verified once per request.
        parts.extensions.insert(caller.clone());
        Ok(Self(caller))
    }
}

/// The user in the path; under `/me`, the signed-in user.
#[derive(Debug)]
pub(super) struct Target(pub(super) Guid);

impl FromRequestParts<Arc<Service>> for Target {
    type Rejection = GraphError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let is_me = RawPathParams::from_request_parts(parts, service)
            .await
            .is_ok_and(|parameters| parameters.iter().next().is_none());
        if is_me {
            let Identity(caller) = Identity::from_request_parts(parts, service).await?;
            return caller.user_id().map(Self).ok_or_else(|| {
                GraphError::bad_request("/me request is only valid with delegated authentication flow.")
            });
        }
        path_id(parts).await.map(Self).ok_or_else(|| GraphError::invalid_argument("Id", "must be a GUID"))
    }
}

/// The subscription in the path. An id that is not a GUID is not found.
#[derive(Debug)]
pub(super) struct SubscriptionId(pub(super) Guid);

impl<S: Send + Sync> FromRequestParts<S> for SubscriptionId {
    type Rejection = GraphError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        path_id(parts).await.map(Self).ok_or_else(GraphError::subscription_not_found)
    }
}

async fn path_id(parts: &mut Parts) -> Option<Guid> {
    let Path(id) = Path::<String>::from_request_parts(parts, &()).await.ok()?;
    Guid::parse(&id).ok()
}

/// A caller who is authorized to subscribe.
#[derive(Debug)]
pub(super) struct Subscribing(pub(super) Subscriber);

impl FromRequestParts<Arc<Service>> for Subscribing {
    type Rejection = GraphError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let Identity(caller) = Identity::from_request_parts(parts, service).await?;
        caller.may_subscribe().map(Self)
    }
}
