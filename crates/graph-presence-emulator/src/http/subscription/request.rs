//! The bodies of requests that create or update subscriptions ("subscription resource type").

use axum::http::Uri;
use jiff::{SignedDuration, Timestamp};

use crate::http::body::Properties;
use crate::http::graph_error::GraphError;
use crate::http::parameter::field;
use crate::state::{Subscriber, Subscription, SubscriptionUpdate};
use crate::{Cloud, Guid, loopback};

use super::resource;

/// The maximum length of `clientState` in characters.
const MAX_CLIENT_STATE_LENGTH: usize = 128;
/// Shorter lifetimes are extended to this.
const MIN_LIFETIME: SignedDuration = SignedDuration::from_mins(45);
/// The maximum lifetime of a subscription to presence ("Get change notifications for presence updates in Microsoft
/// Teams").
const MAX_LIFETIME: SignedDuration = SignedDuration::from_mins(60);

pub(super) fn parse_subscription(
    body: &mut Properties,
    subscriber: Subscriber,
    cloud: Cloud,
    now: Timestamp,
) -> Result<Subscription, GraphError> {
    if !body.required("changeType")?.eq_ignore_ascii_case("updated") {
        return Err(GraphError::invalid_argument("ChangeType", "must be updated"));
    }
    let notification_url =
        endpoint(body, "notificationUrl")?.ok_or_else(|| GraphError::missing_argument("NotificationUrl"))?;
    let lifecycle_notification_url = endpoint(body, "lifecycleNotificationUrl")?;
    let resource = body.required("resource")?;
    let users = resource::users(&resource, cloud)?;
    let expires = expires(body, now)?.ok_or_else(|| GraphError::missing_argument("ExpirationDateTime"))?;
    let client_state = body.string("clientState")?;
    if client_state.as_ref().is_some_and(|state| state.chars().count() > MAX_CLIENT_STATE_LENGTH) {
        return Err(GraphError::invalid_argument("ClientState", "must have at most 128 characters"));
    }
    let include_resource_data = body.boolean("includeResourceData")?;
    let (encryption_certificate, encryption_certificate_id) = if include_resource_data == Some(true) {
        let certificate = body.required("encryptionCertificate")?;
        (Some(certificate), Some(body.required("encryptionCertificateId")?))
    } else {
        (None, body.string("encryptionCertificateId")?)
    };
    Ok(Subscription {
        id: Guid::random(),
        subscriber,
        resource,
        users,
        notification_url,
        lifecycle_notification_url,
        client_state,
        include_resource_data,
        encryption_certificate,
        encryption_certificate_id,
        latest_supported_tls_version: body.string("latestSupportedTlsVersion")?,
        expires,
        reauthorization_requested: false,
    })
}

pub(super) fn parse_update(body: &mut Properties, now: Timestamp) -> Result<SubscriptionUpdate, GraphError> {
    let update =
        SubscriptionUpdate { expires: expires(body, now)?, notification_url: endpoint(body, "notificationUrl")? };
    if update.expires.is_none() && update.notification_url.is_none() {
        return Err(GraphError::missing_argument("ExpirationDateTime"));
    }
    Ok(update)
}

fn expires(body: &mut Properties, now: Timestamp) -> Result<Option<Timestamp>, GraphError> {
    let invalid = |problem| Err(GraphError::invalid_argument("ExpirationDateTime", problem));
    let Some(text) = body.string("expirationDateTime")? else {
        return Ok(None);
    };
    let Ok(requested) = text.parse::<Timestamp>() else {
        return invalid("must be a date and a time with an offset");
    };
    let ahead = requested.duration_since(now);
    if !ahead.is_positive() {
        return invalid("must be in the future");
    }
    if ahead > MAX_LIFETIME {
        return invalid("must be at most 60 minutes ahead");
    }
    Ok(Some(now.checked_add(MIN_LIFETIME).map_or(requested, |earliest| requested.max(earliest))))
}

/// Parses a notification URL. The service requires HTTPS; the emulator also allows HTTP to this machine, because tests
/// usually do not have a certificate.
fn endpoint(body: &mut Properties, name: &str) -> Result<Option<String>, GraphError> {
    let Some(url) = body.string(name)? else {
        return Ok(None);
    };
    let is_allowed = url.parse::<Uri>().is_ok_and(|url| match (url.scheme_str(), url.host()) {
        (Some("https"), Some(host)) => !host.is_empty(),
        (Some("http"), Some(host)) => loopback::is_loopback(host),
        _ => false,
    });
    if !is_allowed {
        return Err(GraphError::invalid_argument(&field(name), "must be an https URL"));
    }
    Ok(Some(url))
}
