//! Subscriptions: to create, read, renew and delete them.

mod draft;
mod resource;
mod view;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::service::Service;
use crate::state::AlreadySubscribed;

use super::body::{Nothing, Properties};
use super::refusal::Refusal;
use super::request::{Subscribing, SubscriptionId};
use super::response::{self, Collection};
use super::version::Version;

use self::view::SubscriptionView;

pub(super) async fn create(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Subscribing(subscriber): Subscribing,
    mut body: Properties,
) -> Result<Response, Refusal> {
    let now = service.now();
    let subscription = draft::subscription(&mut body, subscriber, service.cloud, now)?;
    if !service.can_encrypt_for(&subscription) {
        return Err(Refusal::argument("EncryptionCertificate", "must be the certificate of an RSA key, DER in base64"));
    }
    validate(&service, [Some(&subscription.notification_url), subscription.lifecycle_notification_url.as_ref()])
        .await?;
    let created = response::json(&SubscriptionView::alone(&subscription, version));
    let added = service.tenants().of(subscriber.tenant).subscribe(subscription, now);
    added.map_err(|AlreadySubscribed| Refusal::already_subscribed())?;
    Ok((StatusCode::CREATED, created).into_response())
}

pub(super) async fn list(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Subscribing(subscriber): Subscribing,
) -> Response {
    let now = service.now();
    let mut tenants = service.tenants();
    let state = tenants.of(subscriber.tenant);
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
    let mut tenants = service.tenants();
    let state = tenants.of(subscriber.tenant);
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
    validate(&service, [renewal.notification_url.as_ref(), None]).await?;
    let mut tenants = service.tenants();
    let state = tenants.of(subscriber.tenant);
    let renewed = state.renew(subscriber, id, renewal, now).ok_or_else(Refusal::no_subscription)?;
    Ok(response::json(&SubscriptionView::alone(renewed, version)))
}

pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    Subscribing(subscriber): Subscribing,
    SubscriptionId(id): SubscriptionId,
) -> Result<StatusCode, Refusal> {
    let now = service.now();
    if !service.tenants().of(subscriber.tenant).unsubscribe(subscriber, id, now) {
        return Err(Refusal::no_subscription());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Answers the challenge of a lifecycle notification: the subscription goes on until it ends.
pub(super) async fn reauthorize(
    State(service): State<Arc<Service>>,
    Subscribing(subscriber): Subscribing,
    SubscriptionId(id): SubscriptionId,
    Nothing: Nothing,
) -> Result<StatusCode, Refusal> {
    let now = service.now();
    service
        .tenants()
        .of(subscriber.tenant)
        .subscriptions
        .find(subscriber, id, now)
        .ok_or_else(Refusal::no_subscription)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the endpoints to validate themselves, the same one once.
async fn validate(service: &Service, urls: [Option<&String>; 2]) -> Result<(), Refusal> {
    let [url, lifecycle_url] = urls;
    for url in [url, lifecycle_url.filter(|lifecycle_url| Some(*lifecycle_url) != url)].into_iter().flatten() {
        if !service.validates(url).await {
            return Err(Refusal::not_validated());
        }
    }
    Ok(())
}
