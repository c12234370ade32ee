//! What a subscriber asks for ("subscription resource type").

use axum::http::Uri;
use jiff::{SignedDuration, Timestamp};

use crate::http::body::Properties;
use crate::http::parameter::field;
use crate::http::refusal::Refusal;
use crate::state::{Renewal, Subscriber, Subscription};
use crate::{Cloud, Guid, loopback};

use super::resource;

/// The longest `clientState`, in characters.
const LONGEST_STATE: usize = 128;
/// What ends earlier is made to last this long.
const SHORTEST: SignedDuration = SignedDuration::from_mins(45);
/// The longest that presence may be subscribed to ("Get change notifications for presence updates in Microsoft Teams").
const LONGEST: SignedDuration = SignedDuration::from_mins(60);

pub(super) fn subscription(
    body: &mut Properties,
    subscriber: Subscriber,
    cloud: Cloud,
    now: Timestamp,
) -> Result<Subscription, Refusal> {
    if !body.required("changeType")?.eq_ignore_ascii_case("updated") {
        return Err(Refusal::argument("ChangeType", "must be updated"));
    }
    let notification_url = endpoint(body, "notificationUrl")?.ok_or_else(|| Refusal::required("NotificationUrl"))?;
    let lifecycle_notification_url = endpoint(body, "lifecycleNotificationUrl")?;
    let resource = body.required("resource")?;
    let users = resource::users(&resource, cloud)?;
    let expires = expires(body, now)?.ok_or_else(|| Refusal::required("ExpirationDateTime"))?;
    let client_state = body.text("clientState")?;
    if client_state.as_ref().is_some_and(|state| state.chars().count() > LONGEST_STATE) {
        return Err(Refusal::argument("ClientState", "must have at most 128 characters"));
    }
    let include_resource_data = body.truth("includeResourceData")?;
    let (encryption_certificate, encryption_certificate_id) = if include_resource_data == Some(true) {
        let certificate = body.required("encryptionCertificate")?;
        (Some(certificate), Some(body.required("encryptionCertificateId")?))
    } else {
        (None, body.text("encryptionCertificateId")?)
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
        latest_supported_tls_version: body.text("latestSupportedTlsVersion")?,
        expires,
        is_warned: false,
    })
}

pub(super) fn renewal(body: &mut Properties, now: Timestamp) -> Result<Renewal, Refusal> {
    let renewal = Renewal { expires: expires(body, now)?, notification_url: endpoint(body, "notificationUrl")? };
    if renewal.expires.is_none() && renewal.notification_url.is_none() {
        return Err(Refusal::required("ExpirationDateTime"));
    }
    Ok(renewal)
}

fn expires(body: &mut Properties, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let refuse = |problem| Err(Refusal::argument("ExpirationDateTime", problem));
    let Some(text) = body.text("expirationDateTime")? else {
        return Ok(None);
    };
    let Ok(asked) = text.parse::<Timestamp>() else {
        return refuse("must be a date and a time with an offset");
    };
    let ahead = asked.duration_since(now);
    if !ahead.is_positive() {
        return refuse("must be in the future");
    }
    if ahead > LONGEST {
        return refuse("must be at most 60 minutes ahead");
    }
    Ok(Some(now.checked_add(SHORTEST).map_or(asked, |soonest| asked.max(soonest))))
}

/// The service calls back over HTTPS only. The emulator also calls this machine, where a test has no certificate.
fn endpoint(body: &mut Properties, name: &str) -> Result<Option<String>, Refusal> {
    let Some(url) = body.text(name)? else {
        return Ok(None);
    };
    let is_allowed = url.parse::<Uri>().is_ok_and(|url| match (url.scheme_str(), url.host()) {
        (Some("https"), Some(host)) => !host.is_empty(),
        (Some("http"), Some(host)) => loopback::is_loopback(host),
        _ => false,
    });
    if !is_allowed {
        return Err(Refusal::argument(&field(name), "must be an https URL"));
    }
    Ok(Some(url))
}
