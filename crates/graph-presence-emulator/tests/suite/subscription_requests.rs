//! Subscription requests that are rejected, with the code and message of the error.

use serde_json::{Value, json};

use crate::tenant::{ADA, BOB, Tenant};

const PATH: &str = "/v1.0/subscriptions";
const INVALID: &str = "InvalidArgument";
const BAD: &str = "BadRequest";
const FILTER: &str = "Invalid filter clause";

fn subscription() -> Value {
    json!({
        "changeType": "updated",
        "notificationUrl": "https://webhook.contoso.com/api",
        "resource": format!("communications/presences/{BOB}"),
        "expirationDateTime": "2026-01-01T10:00:00Z",
    })
}

fn required(field: &str) -> String {
    format!("[{field}]: The {field} field is required.")
}

fn mistyped(name: &str, kind: &str) -> String {
    format!("Cannot convert the value of '{name}' to the expected type '{kind}'.")
}

/// Each row replaces one property of a valid subscription. All responses have status 400.
#[tokio::test]
async fn invalid_properties_are_rejected() {
    let change_type = "[ChangeType]: The ChangeType field must be updated.";
    let url = "[NotificationUrl]: The NotificationUrl field must be an https URL.";
    let lifecycle_url = "[LifecycleNotificationUrl]: The LifecycleNotificationUrl field must be an https URL.";
    let date_time = "[ExpirationDateTime]: The ExpirationDateTime field must be a date and a time with an offset.";
    let past = "[ExpirationDateTime]: The ExpirationDateTime field must be in the future.";
    let far = "[ExpirationDateTime]: The ExpirationDateTime field must be at most 60 minutes ahead.";
    let state = "[ClientState]: The ClientState field must have at most 128 characters.";
    let rows: Vec<(&str, Value, &str, String)> = vec![
        ("changeType", Value::Null, INVALID, required("ChangeType")),
        ("changeType", json!("created"), INVALID, change_type.into()),
        ("changeType", json!("created,updated"), INVALID, change_type.into()),
        ("changeType", json!(["updated"]), BAD, mistyped("changeType", "Edm.String")),
        ("notificationUrl", Value::Null, INVALID, required("NotificationUrl")),
        ("notificationUrl", json!(""), INVALID, url.into()),
        ("notificationUrl", json!("http://webhook.contoso.com/api"), INVALID, url.into()),
        ("notificationUrl", json!("http://localhost.contoso.com/"), INVALID, url.into()),
        ("notificationUrl", json!("http://10.0.0.1/"), INVALID, url.into()),
        ("notificationUrl", json!("http://[fe80::1]/"), INVALID, url.into()),
        ("notificationUrl", json!("http://127.0.0.1@contoso.com/"), INVALID, url.into()),
        ("notificationUrl", json!("https://"), INVALID, url.into()),
        ("notificationUrl", json!("https:///api"), INVALID, url.into()),
        ("notificationUrl", json!("ftp://127.0.0.1/"), INVALID, url.into()),
        ("notificationUrl", json!("webhook.contoso.com/api"), INVALID, url.into()),
        ("notificationUrl", json!("/api"), INVALID, url.into()),
        ("lifecycleNotificationUrl", json!("http://contoso.com/"), INVALID, lifecycle_url.into()),
        ("resource", Value::Null, INVALID, required("Resource")),
        ("expirationDateTime", Value::Null, INVALID, required("ExpirationDateTime")),
        ("expirationDateTime", json!(""), INVALID, date_time.into()),
        ("expirationDateTime", json!("PT1H"), INVALID, date_time.into()),
        ("expirationDateTime", json!("2026-01-01T10:00:00"), INVALID, date_time.into()),
        ("expirationDateTime", json!(1_767_261_600), BAD, mistyped("expirationDateTime", "Edm.String")),
        ("expirationDateTime", json!("2026-01-01T09:00:00Z"), INVALID, past.into()),
        ("expirationDateTime", json!("2016-11-20T18:23:45.9356913Z"), INVALID, past.into()),
        ("expirationDateTime", json!("2026-01-01T10:00:00.0000001Z"), INVALID, far.into()),
        ("expirationDateTime", json!("9999-12-30T00:00:00Z"), INVALID, far.into()),
        ("clientState", json!("c".repeat(129)), INVALID, state.into()),
        ("clientState", json!("\u{1f511}".repeat(129)), INVALID, state.into()),
        ("includeResourceData", json!("true"), BAD, mistyped("includeResourceData", "Edm.Boolean")),
        ("includeResourceData", json!(true), INVALID, required("EncryptionCertificate")),
    ];
    let tenant = Tenant::new().await;
    for (name, value, code, message) in rows {
        let mut body = subscription();
        body[name] = value;
        let response = tenant.post(&tenant.ada, PATH, &body).await;
        assert_eq!(response.error(), (400, code.to_owned(), message), "{body:.300}");
    }
    let mut body = subscription();
    body["includeResourceData"] = json!(true);
    body["encryptionCertificate"] = json!("TUlJQw==");
    let response = tenant.post(&tenant.ada, PATH, &body).await;
    assert_eq!(response.error(), (400, INVALID.to_owned(), required("EncryptionCertificateId")));
    assert_eq!(tenant.get(&tenant.ada, PATH).await.json()["value"], json!([]));
}

#[tokio::test]
async fn loopback_notification_urls_may_be_http() {
    for url in [
        "http://127.0.0.1:40123/api?x=1",
        "http://127.1.2.3/",
        "http://[::1]:8080/",
        "http://localhost:3000",
        "HTTP://LOCALHOST/",
        "https://127.0.0.1/",
        "HTTPS://webhook.contoso.com",
    ] {
        let tenant = Tenant::new().await;
        let mut body = subscription();
        body["notificationUrl"] = json!(url);
        body["lifecycleNotificationUrl"] = json!(url);
        let response = tenant.post(&tenant.ada, PATH, &body).await;
        assert_eq!(response.status, 201, "{url}");
        assert_eq!(response.json()["notificationUrl"], url);
    }
}

#[tokio::test]
async fn invalid_resources_are_rejected() {
    let unsupported = "[Resource]: The Resource field must be presences.";
    let not_guid = "[Resource]: The Resource field must name users by their GUIDs.";
    let too_many = "[Resource]: The Resource field must name at most 650 users.";
    let ids: Vec<_> = (0..651).map(|n| format!("'00000000-0000-0000-0000-{n:012}'")).collect();
    let filtered = |list: &str| format!("/communications/presences?$filter=id in ({list})");
    let rows = [
        ("me/messages".to_owned(), INVALID, unsupported),
        (format!("users/{ADA}/presence"), INVALID, unsupported),
        ("communications/presences".to_owned(), INVALID, unsupported),
        ("communications/presences?$select=id".to_owned(), INVALID, unsupported),
        (format!("communications/presencesx/{ADA}"), INVALID, unsupported),
        (format!("//communications/presences/{ADA}"), INVALID, unsupported),
        (format!("https://graph.microsoft.com/v1.0/communications/presences/{ADA}"), INVALID, unsupported),
        ("communications/presences/".to_owned(), INVALID, not_guid),
        ("communications/presences/{id}".to_owned(), INVALID, not_guid),
        (format!("communications/presences/{ADA}/"), INVALID, not_guid),
        (format!("communications/presences/'{ADA}'"), INVALID, not_guid),
        (filtered("'ada@contoso.com'"), INVALID, not_guid),
        (filtered(ADA), BAD, FILTER),
        (filtered(&format!("'{BOB}', {ADA}")), BAD, FILTER),
        (filtered(&format!("\"{ADA}\"")), BAD, FILTER),
        (filtered(&format!("'{ADA}',")), BAD, FILTER),
        (filtered("'"), BAD, FILTER),
        (filtered(""), BAD, FILTER),
        (format!("{} and true", filtered(&format!("'{ADA}'"))), BAD, FILTER),
        (format!("/communications/presences?$filter=id eq '{ADA}'"), BAD, FILTER),
        (format!("/communications/presences?$filter=id in '{ADA}'"), BAD, FILTER),
        (format!("/communications/presences?$filter=activity in ('{ADA}')"), BAD, FILTER),
        ("/communications/presences?$filter=".to_owned(), BAD, FILTER),
        (filtered(&ids.join(",")), INVALID, too_many),
    ];
    let tenant = Tenant::new().await;
    for (resource, code, message) in rows {
        let mut body = subscription();
        body["resource"] = json!(resource);
        let response = tenant.post(&tenant.ada, PATH, &body).await;
        assert_eq!(response.error(), (400, code.to_owned(), message.to_owned()), "{resource:.200}");
    }
}

#[tokio::test]
async fn a_rejected_renewal_changes_nothing() {
    let tenant = Tenant::new().await;
    let created = tenant.post(&tenant.ada, PATH, &subscription()).await.json();
    let path = format!("{PATH}/{}", created["id"].as_str().unwrap());
    let far = "[ExpirationDateTime]: The ExpirationDateTime field must be at most 60 minutes ahead.";
    let url = "[NotificationUrl]: The NotificationUrl field must be an https URL.";
    for (body, message) in [
        (json!({}), required("ExpirationDateTime")),
        (json!({"resource": "communications/presences"}), required("ExpirationDateTime")),
        (json!({"expirationDateTime": "2026-01-01T10:00:01Z"}), far.to_owned()),
        (
            json!({"expirationDateTime": "2026-01-01T09:50:00Z", "notificationUrl": "http://contoso.com/"}),
            url.to_owned(),
        ),
    ] {
        let response = tenant.call("PATCH", &tenant.ada, &path, &body).await;
        assert_eq!(response.error(), (400, INVALID.to_owned(), message), "{body}");
    }
    assert_eq!(tenant.get(&tenant.ada, &path).await.json(), created);
}

#[tokio::test]
async fn application_permissions_cannot_subscribe() {
    let tenant = Tenant::new().await;
    let id = tenant.post(&tenant.ada, PATH, &subscription()).await.json()["id"].as_str().unwrap().to_owned();
    for version in ["v1.0", "beta"] {
        let path = format!("/{version}/subscriptions");
        for (method, path) in [
            ("POST", path.clone()),
            ("GET", path.clone()),
            ("GET", format!("{path}/{id}")),
            ("PATCH", format!("{path}/{id}")),
            ("DELETE", format!("{path}/{id}")),
            ("POST", format!("{path}/{id}/reauthorize")),
        ] {
            let response = tenant.call(method, &tenant.app, &path, &subscription()).await;
            let message = "Application permissions are not supported for presence subscriptions.";
            assert_eq!(response.error(), (403, "Forbidden".to_owned(), message.to_owned()), "{method} {path}");
        }
    }
    assert_eq!(tenant.get(&tenant.ada, &format!("{PATH}/{id}")).await.status, 200);
}
