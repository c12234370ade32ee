//! The operations on subscriptions.

mod request;
mod resource;
mod view;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::service::Service;
use crate::state::AlreadySubscribed;

use super::body::{EmptyBody, Properties};
use super::graph_error::GraphError;
use super::request::{Subscribing, SubscriptionId};
use super::response::{self, Collection};
use super::version::Version;

use self::view::SubscriptionView;

pub(super) async fn create(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Subscribing(subscriber): Subscribing,
    mut body: Properties,
) -> Result<Response, GraphError> {
    let now = service.now();
    let subscription = request::parse_subscription(&mut body, subscriber, service.cloud, now)?;
    if !service.can_encrypt_for(&subscription) {
        return Err(GraphError::invalid_argument(
            "EncryptionCertificate",
            "must be the certificate of an RSA key, DER in base64",
        ));
    }
    validate(&service, [Some(&subscription.notification_url), subscription.lifecycle_notification_url.as_ref()])
        .await?;
    let created = response::json(&SubscriptionView::single(&subscription, version));
    let added = service.tenants().get_or_create(subscriber.tenant).subscribe(subscription, now);
    added.map_err(|AlreadySubscribed| GraphError::already_subscribed())?;
    Ok((StatusCode::CREATED, created).into_response())
}

pub(super) async fn list(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Subscribing(subscriber): Subscribing,
) -> Response {
    let now = service.now();
    let mut tenants = service.tenants();
    let state = tenants.get_or_create(subscriber.tenant);
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
) -> Result<Response, GraphError> {
    let now = service.now();
    let mut tenants = service.tenants();
    let state = tenants.get_or_create(subscriber.tenant);
    let subscription = state.subscriptions.find(subscriber, id, now).ok_or_else(GraphError::subscription_not_found)?;
    Ok(response::json(&SubscriptionView::single(subscription, version)))
}

/// Updates expiration and notification URL, the properties that can be updated according to the documentation. Other
/// properties are ignored.
pub(super) async fn update(
    State(service): State<Arc<Service>>,
    Extension(version): Extension<Version>,
    Subscribing(subscriber): Subscribing,
    SubscriptionId(id): SubscriptionId,
    mut body: Properties,
) -> Result<Response, GraphError> {
    let now = service.now();
    let update = request::parse_update(&mut body, now)?;
    validate(&service, [update.notification_url.as_ref(), None]).await?;
    let mut tenants = service.tenants();
    let state = tenants.get_or_create(subscriber.tenant);
    let updated =
        state.update_subscription(subscriber, id, update, now).ok_or_else(GraphError::subscription_not_found)?;
    Ok(response::json(&SubscriptionView::single(updated, version)))
}

pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    Subscribing(subscriber): Subscribing,
    SubscriptionId(id): SubscriptionId,
) -> Result<StatusCode, GraphError> {
    let now = service.now();
    if !service.tenants().get_or_create(subscriber.tenant).unsubscribe(subscriber, id, now) {
        return Err(GraphError::subscription_not_found());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Reauthorizes a subscription after a lifecycle notification. The expiration does not change.
pub(super) async fn reauthorize(
    State(service): State<Arc<Service>>,
    Subscribing(subscriber): Subscribing,
    SubscriptionId(id): SubscriptionId,
    EmptyBody: EmptyBody,
) -> Result<StatusCode, GraphError> {
    let now = service.now();
    service
        .tenants()
        .get_or_create(subscriber.tenant)
        .subscriptions
        .find(subscriber, id, now)
        .ok_or_else(GraphError::subscription_not_found)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Validates the endpoints, each distinct URL once.
async fn validate(service: &Service, urls: [Option<&String>; 2]) -> Result<(), GraphError> {
    let [url, lifecycle_url] = urls;
    for url in [url, lifecycle_url.filter(|lifecycle_url| Some(*lifecycle_url) != url)].into_iter().flatten() {
        if !service.validates_endpoint(url).await {
            return Err(GraphError::validation_failed());
        }
    }
    Ok(())
}
