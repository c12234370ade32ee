//! Subscriptions in responses.

use serde::Serialize;

use crate::http::version::Version;
use crate::state::Subscription;

/// The default of `latestSupportedTlsVersion`.
const TLS_VERSION: &str = "v1_2";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubscriptionView<'a> {
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    context: Option<String>,
    id: String,
    resource: &'a str,
    application_id: String,
    change_type: &'static str,
    client_state: Option<&'a str>,
    notification_url: &'a str,
    notification_query_options: Option<&'a str>,
    lifecycle_notification_url: Option<&'a str>,
    expiration_date_time: String,
    creator_id: String,
    include_resource_data: Option<bool>,
    latest_supported_tls_version: &'a str,
    /// Always `null`: the certificate is not part of responses.
    encryption_certificate: Option<&'a str>,
    encryption_certificate_id: Option<&'a str>,
    notification_url_app_id: Option<&'a str>,
}

impl<'a> SubscriptionView<'a> {
    pub(super) fn listed(subscription: &'a Subscription) -> Self {
        Self {
            context: None,
            id: subscription.id.to_string(),
            resource: &subscription.resource,
            application_id: subscription.subscriber.application.to_string(),
            change_type: "updated",
            client_state: subscription.client_state.as_deref(),
            notification_url: &subscription.notification_url,
            notification_query_options: None,
            lifecycle_notification_url: subscription.lifecycle_notification_url.as_deref(),
            expiration_date_time: subscription.expires.to_string(),
            creator_id: subscription.subscriber.user.to_string(),
            include_resource_data: subscription.include_resource_data,
            latest_supported_tls_version: subscription.latest_supported_tls_version.as_deref().unwrap_or(TLS_VERSION),
            encryption_certificate: None,
            encryption_certificate_id: subscription.encryption_certificate_id.as_deref(),
            notification_url_app_id: None,
        }
    }

    pub(super) fn single(subscription: &'a Subscription, version: Version) -> Self {
        Self { context: Some(version.context("subscriptions/$entity")), ..Self::listed(subscription) }
    }
}
