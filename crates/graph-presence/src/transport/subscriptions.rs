//! Calls of the operations on subscriptions.

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

/// The only change type that presences have.
const CHANGE_TYPE: &str = "updated";
/// The prefix of the resource of a subscription to presences.
const RESOURCE_PREFIX: &str = "communications/presences";

impl Transport {
    pub(crate) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    pub(crate) async fn list_subscriptions(&self) -> Result<Vec<Subscription>> {
        let call = self.call(Operation::ListSubscriptions);
        let first = call.client.subscriptions_subscription_list_subscription().await;
        let mut page = call.finish(first)?;
        let mut subscriptions = Vec::new();
        let mut visited = BTreeSet::new();
        loop {
            let presences = page.value.into_iter().map(Subscription::from_wire).filter(is_presence_subscription);
            subscriptions.extend(presences);
            let Some(next) = page.odata_next_link else { return Ok(subscriptions) };
            page = self.next_page(&next).await?;
            if !visited.insert(next) {
                return Err(call.decode_error(
                    "invalid @odata.nextLink: expected a new page, got the link of an earlier one".to_owned(),
                ));
            }
        }
    }

    pub(crate) async fn get_subscription(&self, id: &str) -> Result<Subscription> {
        let id = check_id(id).map_err(|error| error.with_operation(Operation::GetSubscription))?;
        let call = self.call(Operation::GetSubscription);
        let response = call.client.subscriptions_subscription_get_subscription(id, None).await;
        call.finish(response).map(Subscription::from_wire)
    }

    pub(crate) async fn create_subscription(&self, new: &NewSubscription, end: Timestamp) -> Result<Subscription> {
        let (certificate, certificate_id) = new.certificate.clone().unzip();
        let body = types::CreateSubscriptionRequest {
            change_type: CHANGE_TYPE.to_owned(),
            client_state: new.client_state.clone(),
            include_resource_data: certificate.is_some().then_some(true),
            encryption_certificate: certificate,
            encryption_certificate_id: certificate_id,
            expiration_date_time: end,
            lifecycle_notification_url: new.lifecycle_notification_url.clone(),
            notification_url: new.notification_url.clone(),
            notification_url_app_id: None,
            resource: new.resource.clone(),
        };
        let call = self.call(Operation::CreateSubscription);
        let response = call.client.subscriptions_subscription_create_subscription(&body).await;
        call.finish(response).map(Subscription::from_wire)
    }

    pub(crate) async fn renew_subscription(&self, id: &str, end: Timestamp) -> Result<Subscription> {
        let id = check_id(id).map_err(|error| error.with_operation(Operation::UpdateSubscription))?;
        let body = types::UpdateSubscriptionRequest { expiration_date_time: end };
        let call = self.call(Operation::UpdateSubscription);
        let response = call.client.subscriptions_subscription_update_subscription(id, &body).await;
        call.finish(response).map(Subscription::from_wire)
    }

    pub(crate) async fn delete_subscription(&self, id: &str) -> Result<()> {
        let id = check_id(id).map_err(|error| error.with_operation(Operation::DeleteSubscription))?;
        let call = self.call(Operation::DeleteSubscription);
        call.finish(call.client.subscriptions_subscription_delete_subscription(id).await)
    }

    pub(crate) async fn reauthorize_subscription(&self, id: &str) -> Result<()> {
        let id = check_id(id).map_err(|error| error.with_operation(Operation::ReauthorizeSubscription))?;
        let call = self.call(Operation::ReauthorizeSubscription);
        call.finish(call.client.subscriptions_subscription_reauthorize(id).await)
    }

    /// Requests the page at `link`, which must have the origin of the base URL, because the token is sent there.
    async fn next_page(&self, link: &str) -> Result<types::MicrosoftGraphSubscriptionCollectionResponse> {
        let call = self.call(Operation::ListSubscriptions);
        let base = Url::parse(&self.base).ok();
        let next = Url::parse(link).ok().filter(|next| base.is_some_and(|base| base.origin() == next.origin()));
        let Some(next) = next else {
            return Err(call.decode_error("invalid @odata.nextLink: expected the origin of the base URL".to_owned()));
        };
        call.send(self.http.get(next)).await
    }
}

/// Returns an error for an id that, as a path segment, would address a resource other than a subscription.
fn check_id(id: &str) -> Result<&str> {
    match id {
        "" | "." | ".." => Err(Error::invalid("subscription id", id, "the id that the service returned")),
        _ => Ok(id),
    }
}

fn is_presence_subscription(subscription: &Subscription) -> bool {
    let resource = subscription.resource.trim_start_matches('/');
    resource.get(..RESOURCE_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESOURCE_PREFIX))
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
