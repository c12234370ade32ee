//! The bodies of change notifications.

use serde_json::{Value, json};

use crate::service::Service;
use crate::state::{Change, ChangeKind};

/// Returns the body of a notification.
pub(crate) fn body(service: &Service, change: &Change) -> Value {
    if cfg!(feature = "rich") && change.certificate.is_some() {
        return json!({"value": [payload(change)], "validationTokens": [service.validation_token(change)]});
    }
    json!({"value": [payload(change)]})
}

/// Encrypts the resource data for the subscriber: id, availability and activity of the user.
#[cfg(feature = "rich")]
fn encrypted(change: &Change) -> Option<Value> {
    let ChangeKind::Presence { user, pair } = &change.kind else {
        return None;
    };
    let content = json!({
        "@odata.id": format!("users/{user}/presence"),
        "@odata.type": "#microsoft.graph.presence",
        "id": user,
        "availability": pair.availability(),
        "activity": pair.activity(),
    });
    let recipient = crate::encrypted_content::Recipient::parse(change.certificate.as_deref()?)?;
    recipient.encrypt(&content.to_string(), change.certificate_id.as_deref())
}

/// Returns the notification, with the same properties as the documentation's example, which is not valid JSON because
/// of an extra comma.
fn payload(change: &Change) -> Value {
    let mut payload = json!({
        "subscriptionId": change.subscription,
        "clientState": change.client_state,
        "tenantId": change.tenant,
        "organizationId": change.tenant,
        "subscriptionExpirationDateTime": change.expires,
    });
    let details = match &change.kind {
        ChangeKind::Presence { user, .. } => json!({
            "changeType": "updated",
            "resource": format!("communications/presences/{user}"),
            "resourceData": {
                "@odata.id": format!("users/{user}/presence"),
                "@odata.type": "#microsoft.graph.presence",
                "id": user,
            },
        }),
        ChangeKind::ReauthorizationRequired => json!({
            "lifecycleEvent": "reauthorizationRequired",
            "resource": change.resource,
        }),
    };
    if let (Value::Object(payload), Value::Object(details)) = (&mut payload, details) {
        payload.extend(details);
        #[cfg(feature = "rich")]
        if let Some(content) = encrypted(change) {
            payload.insert("encryptedContent".to_owned(), content);
        }
    }
    payload
}
