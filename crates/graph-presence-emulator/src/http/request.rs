//! Who asks, about whom.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, RawPathParams};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::service::Service;
use crate::state::Subscriber;
use crate::{Caller, Guid};

use super::refusal::Refusal;

/// Who the bearer token speaks for.
#[derive(Debug)]
pub(super) struct Identity(pub(super) Caller);

impl FromRequestParts<Arc<Service>> for Identity {
    type Rejection = Refusal;

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
            return Err(Refusal::token_missing());
        }
        let caller = service.caller(token).map_err(Refusal::of_token)?;
        // A token is read once for each request.
        parts.extensions.insert(caller.clone());
        Ok(Self(caller))
    }
}

/// The user that the path names; under `/me`, which names none, the caller.
#[derive(Debug)]
pub(super) struct Target(pub(super) Guid);

impl FromRequestParts<Arc<Service>> for Target {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let names_nobody =
            RawPathParams::from_request_parts(parts, service).await.is_ok_and(|names| names.iter().next().is_none());
        if names_nobody {
            let Identity(caller) = Identity::from_request_parts(parts, service).await?;
            return caller
                .user_id()
                .map(Self)
                .ok_or_else(|| Refusal::bad_request("/me request is only valid with delegated authentication flow."));
        }
        path_id(parts).await.map(Self).ok_or_else(|| Refusal::argument("Id", "must be a GUID"))
    }
}

/// The subscription that the path names. What is not a GUID names none.
#[derive(Debug)]
pub(super) struct SubscriptionId(pub(super) Guid);

impl<S: Send + Sync> FromRequestParts<S> for SubscriptionId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        path_id(parts).await.map(Self).ok_or_else(Refusal::no_subscription)
    }
}

async fn path_id(parts: &mut Parts) -> Option<Guid> {
    let Path(id) = Path::<String>::from_request_parts(parts, &()).await.ok()?;
    Guid::parse(&id).ok()
}

/// A caller that may subscribe.
#[derive(Debug)]
pub(super) struct Subscribing(pub(super) Subscriber);

impl FromRequestParts<Arc<Service>> for Subscribing {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let Identity(caller) = Identity::from_request_parts(parts, service).await?;
        caller.may_subscribe().map(Self)
    }
}
