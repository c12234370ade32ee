//! Subscriptions: to create, read, renew and delete them. Nothing is delivered.

mod draft;
mod resource;
mod view;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::state::AlreadySubscribed;

use super::body::{Nothing, Properties};
use super::refusal::Refusal;
use super::request::{Subscribing, SubscriptionId};
use super::response::{self, Collection};
use super::{Service, Version};

use self::view::SubscriptionView;

pub(super) async fn create(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Subscribing(subscriber): Subscribing,
    mut body: Properties,
) -> Result<Response, Refusal> {
    let now = service.now();
    let subscription = draft::subscription(&mut body, subscriber, service.cloud, now)?;
    let created = response::json(&SubscriptionView::alone(&subscription, version));
    service
        .world()
        .of(subscriber.tenant)
        .subscriptions
        .add(subscription, now)
        .map_err(|AlreadySubscribed| Refusal::already_subscribed())?;
    Ok((StatusCode::CREATED, created).into_response())
}

pub(super) async fn list(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Subscribing(subscriber): Subscribing,
) -> Response {
    let now = service.now();
    let mut world = service.world();
    let state = world.of(subscriber.tenant);
    response::json(&Collection {
        context: version.context("subscriptions"),
        value: state.subscriptions.of(subscriber, now).map(SubscriptionView::listed).collect(),
    })
}

pub(super) async fn get(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Subscribing(subscriber): Subscribing,
    SubscriptionId(id): SubscriptionId,
) -> Result<Response, Refusal> {
    let now = service.now();
    let mut world = service.world();
    let state = world.of(subscriber.tenant);
    let subscription = state.subscriptions.find(subscriber, id, now).ok_or_else(Refusal::no_subscription)?;
    Ok(response::json(&SubscriptionView::alone(subscription, version)))
}

/// Changes what the documentation says can be changed: when it ends and where it notifies. The rest is ignored.
pub(super) async fn renew(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Subscribing(subscriber): Subscribing,
    SubscriptionId(id): SubscriptionId,
    mut body: Properties,
) -> Result<Response, Refusal> {
    let now = service.now();
    let renewal = draft::renewal(&mut body, now)?;
    let mut world = service.world();
    let state = world.of(subscriber.tenant);
    let renewed = state.subscriptions.renew(subscriber, id, renewal, now).ok_or_else(Refusal::no_subscription)?;
    Ok(response::json(&SubscriptionView::alone(renewed, version)))
}

pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    Subscribing(subscriber): Subscribing,
    SubscriptionId(id): SubscriptionId,
) -> Result<StatusCode, Refusal> {
    let now = service.now();
    if !service.world().of(subscriber.tenant).subscriptions.remove(subscriber, id, now) {
        return Err(Refusal::no_subscription());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Answers the challenge of a lifecycle notification. No such challenge is sent, so that nothing changes.
pub(super) async fn reauthorize(
    State(service): State<Arc<Service>>,
    Subscribing(subscriber): Subscribing,
    SubscriptionId(id): SubscriptionId,
    Nothing: Nothing,
) -> Result<StatusCode, Refusal> {
    let now = service.now();
    service
        .world()
        .of(subscriber.tenant)
        .subscriptions
        .find(subscriber, id, now)
        .ok_or_else(Refusal::no_subscription)?;
    Ok(StatusCode::NO_CONTENT)
}
