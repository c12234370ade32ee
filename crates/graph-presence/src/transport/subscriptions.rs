//! The calls about subscriptions.

use std::collections::BTreeSet;

use graph_presence_raw::types;
use jiff::Timestamp;
use url::Url;

use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::subscription::new::NewSubscription;
use crate::subscription::resource::Subscription;
use crate::transport::Transport;
use crate::transport::wire::FromWire;

/// The only kind of change that presences have.
const UPDATED: &str = "updated";
/// How the resource of a subscription to presences begins.
const PRESENCES: &str = "communications/presences";

impl Transport {
    pub(crate) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    pub(crate) async fn list_subscriptions(&self) -> Result<Vec<Subscription>> {
        let call = self.call(Operation::ListSubscriptions);
        let first = call.client.subscriptions_subscription_list_subscription().await;
        let mut page = call.finish(first)?;
        let mut subscriptions = Vec::new();
        let mut followed = BTreeSet::new();
        loop {
            let presences = page.value.into_iter().map(Subscription::from_wire).filter(is_of_presences);
            subscriptions.extend(presences);
            let Some(next) = page.odata_next_link else { return Ok(subscriptions) };
            page = self.next_page(&next).await?;
            if !followed.insert(next) {
                return Err(call.unreadable("a next page that was read before".to_owned()));
            }
        }
    }

    pub(crate) async fn get_subscription(&self, id: &str) -> Result<Subscription> {
        let id = segment(id).map_err(|error| error.during(Operation::GetSubscription))?;
        let call = self.call(Operation::GetSubscription);
        let response = call.client.subscriptions_subscription_get_subscription(id, None).await;
        call.finish(response).map(Subscription::from_wire)
    }

    pub(crate) async fn create_subscription(&self, wanted: &NewSubscription, end: Timestamp) -> Result<Subscription> {
        let (certificate, certificate_id) = wanted.certificate.clone().unzip();
        let body = types::CreateSubscriptionRequest {
            change_type: UPDATED.to_owned(),
            client_state: wanted.client_state.clone(),
            include_resource_data: certificate.is_some().then_some(true),
            encryption_certificate: certificate,
            encryption_certificate_id: certificate_id,
            expiration_date_time: end,
            lifecycle_notification_url: wanted.lifecycle_notification_url.clone(),
            notification_url: wanted.notification_url.clone(),
            notification_url_app_id: None,
            resource: wanted.resource.clone(),
        };
        let call = self.call(Operation::CreateSubscription);
        let response = call.client.subscriptions_subscription_create_subscription(&body).await;
        call.finish(response).map(Subscription::from_wire)
    }

    pub(crate) async fn renew_subscription(&self, id: &str, end: Timestamp) -> Result<Subscription> {
        let id = segment(id).map_err(|error| error.during(Operation::UpdateSubscription))?;
        let body = types::UpdateSubscriptionRequest { expiration_date_time: end };
        let call = self.call(Operation::UpdateSubscription);
        let response = call.client.subscriptions_subscription_update_subscription(id, &body).await;
        call.finish(response).map(Subscription::from_wire)
    }

    pub(crate) async fn delete_subscription(&self, id: &str) -> Result<()> {
        let id = segment(id).map_err(|error| error.during(Operation::DeleteSubscription))?;
        let call = self.call(Operation::DeleteSubscription);
        call.finish(call.client.subscriptions_subscription_delete_subscription(id).await)
    }

    pub(crate) async fn reauthorize_subscription(&self, id: &str) -> Result<()> {
        let id = segment(id).map_err(|error| error.during(Operation::ReauthorizeSubscription))?;
        let call = self.call(Operation::ReauthorizeSubscription);
        call.finish(call.client.subscriptions_subscription_reauthorize(id).await)
    }

    /// Follows a link of a response if it has the same origin, because the token is sent along.
    async fn next_page(&self, link: &str) -> Result<types::MicrosoftGraphSubscriptionCollectionResponse> {
        let call = self.call(Operation::ListSubscriptions);
        let here = Url::parse(&self.base).ok();
        let next = Url::parse(link).ok().filter(|next| here.is_some_and(|here| here.origin() == next.origin()));
        let Some(next) = next else {
            return Err(call.unreadable("a next page that is at another place".to_owned()));
        };
        call.read(self.http.get(next)).await
    }
}

/// Nothing, and what leads up a path, would reach something else than a subscription.
fn segment(id: &str) -> Result<&str> {
    match id {
        "" | "." | ".." => Err(Error::invalid("subscription id", id, "the id that the service gave it")),
        _ => Ok(id),
    }
}

fn is_of_presences(subscription: &Subscription) -> bool {
    let resource = subscription.resource.trim_start_matches('/');
    resource.get(..PRESENCES.len()).is_some_and(|start| start.eq_ignore_ascii_case(PRESENCES))
}

impl FromWire<types::MicrosoftGraphSubscription> for Subscription {
    fn from_wire(response: types::MicrosoftGraphSubscription) -> Self {
        Self {
            id: response.id.unwrap_or_default(),
            resource: response.resource.unwrap_or_default(),
            expires_at: response.expiration_date_time,
            notification_url: response.notification_url,
            lifecycle_notification_url: response.lifecycle_notification_url,
            client_state: response.client_state,
            includes_resource_data: response.include_resource_data.unwrap_or_default(),
        }
    }
}
