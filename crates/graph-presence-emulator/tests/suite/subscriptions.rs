//! Subscriptions: responses, ownership, expiry.

use graph_presence_emulator::Caller;
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, BOB, OTHER_APP, Tenant, UNKNOWN_USER, guid};

const PATH: &str = "/v1.0/subscriptions";

fn subscription(resource: &str, expires: &str) -> Value {
    json!({
        "changeType": "updated",
        "notificationUrl": "https://webhook.contoso.com/api?tenant=1",
        "resource": resource,
        "expirationDateTime": expires,
    })
}

fn to(user: &str) -> Value {
    subscription(&format!("communications/presences/{user}"), "2026-01-01T10:00:00Z")
}

/// Returns a token of the user, obtained by the application.
fn token(tenant: &Tenant, application: &str, user: &str) -> String {
    tenant.emulator.token(Caller::user(guid(user)).with_application(guid(application)))
}

async fn subscribe(tenant: &Tenant, token: &str, body: &Value) -> String {
    let response = tenant.post(token, PATH, body).await;
    assert_eq!(response.status, 201, "{body:.200}");
    response.json()["id"].as_str().unwrap().to_owned()
}

async fn ids(tenant: &Tenant, token: &str) -> Vec<String> {
    let list = tenant.get(token, PATH).await.json();
    list["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|subscription| subscription["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn create_get_list_and_update_return_the_same_subscription() {
    for version in ["v1.0", "beta"] {
        let tenant = Tenant::new().await;
        let ada = token(&tenant, APP, ADA);
        let path = format!("/{version}/subscriptions");
        let mut body = to(BOB);
        body["lifecycleNotificationUrl"] = json!("https://webhook.contoso.com/lifecycle");
        body["includeResourceData"] = json!(true);
        body["encryptionCertificate"] = json!("TUlJQw==");
        body["encryptionCertificateId"] = json!("2026");
        body["clientState"] = json!("c".repeat(128));
        body["latestSupportedTlsVersion"] = json!("v1_3");
        let created = tenant.post(&ada, &path, &body).await;
        assert_eq!(created.status, 201);
        assert!(created.header("content-type").unwrap().starts_with("application/json;"));
        let id = created.json()["id"].as_str().unwrap().to_owned();
        let mut expected = json!({
            "id": guid(&id).to_string(),
            "resource": format!("communications/presences/{BOB}"),
            "applicationId": APP,
            "changeType": "updated",
            "clientState": "c".repeat(128),
            "notificationUrl": "https://webhook.contoso.com/api?tenant=1",
            "notificationQueryOptions": null,
            "lifecycleNotificationUrl": "https://webhook.contoso.com/lifecycle",
            "expirationDateTime": "2026-01-01T10:00:00Z",
            "creatorId": ADA,
            "includeResourceData": true,
            "latestSupportedTlsVersion": "v1_3",
            "encryptionCertificate": null,
            "encryptionCertificateId": "2026",
            "notificationUrlAppId": null,
        });
        let context = format!("https://graph.microsoft.com/{version}/$metadata#subscriptions");
        assert_eq!(tenant.get(&ada, &path).await.json(), json!({"@odata.context": context, "value": [expected]}));
        expected["@odata.context"] = json!(format!("{context}/$entity"));
        assert_eq!(created.json(), expected);
        assert_eq!(tenant.get(&ada, &format!("{path}/{id}")).await.json(), expected);

        tenant.advance(30, 0);
        expected["expirationDateTime"] = json!("2026-01-01T10:30:00Z");
        expected["notificationUrl"] = json!("https://elsewhere.contoso.com/");
        let renewal = json!({
            "expirationDateTime": "2026-01-01T11:30:00+01:00",
            "notificationUrl": "https://elsewhere.contoso.com/",
            "resource": "ignored",
        });
        let renewed = tenant.call("PATCH", &ada, &format!("{path}/{id}"), &renewal).await;
        assert_eq!(renewed.status, 200);
        assert_eq!(renewed.json(), expected);
        assert_eq!(tenant.get(&ada, &format!("{path}/{id}")).await.json(), expected);
    }
}

#[tokio::test]
async fn omitted_properties_are_null_or_the_default() {
    let tenant = Tenant::new().await;
    let created = tenant.post(&tenant.ada, PATH, &to(BOB)).await.json();
    for name in ["clientState", "lifecycleNotificationUrl", "includeResourceData", "encryptionCertificateId"] {
        assert_eq!(created[name], Value::Null, "{name}");
    }
    assert_eq!(created["latestSupportedTlsVersion"], "v1_2");
    let application = guid(created["applicationId"].as_str().unwrap());
    let other_tenant = Tenant::new().await;
    let created = other_tenant.post(&other_tenant.bob, PATH, &to(BOB)).await.json();
    assert_eq!(guid(created["applicationId"].as_str().unwrap()), application);
}

#[tokio::test]
async fn supported_resources_are_accepted() {
    let many: Vec<_> = (0..650).map(|n| format!("'00000000-0000-0000-0000-{n:012}'")).collect();
    let tenant = Tenant::new().await;
    for resource in [
        format!("communications/presences/{ADA}"),
        format!("/communications/presences/{}", BOB.to_uppercase()),
        format!("communications/presences?$filter=id in ('{ADA}')"),
        format!("/communications/presences?$filter=id in ('{ADA}','{BOB}')"),
        format!("communications/presences?$filter=id  in('{ADA}' , '{BOB}', '{ADA}' ) "),
        format!("/communications/presences?$filter=id in ({})", many.join(",")),
    ] {
        let response = tenant.post(&tenant.ada, PATH, &subscription(&resource, "2026-01-01T10:00:00Z")).await;
        assert_eq!(response.status, 201, "{resource:.200}");
        let created = response.json();
        assert_eq!(created["resource"], resource.as_str());
        let path = format!("{PATH}/{}", created["id"].as_str().unwrap());
        assert_eq!(tenant.call("DELETE", &tenant.ada, &path, &json!({})).await.status, 204);
    }
}

/// Each row is a second subscription, after the application has subscribed to Ada and Bob.
#[tokio::test]
async fn a_second_subscription_to_a_user_is_rejected() {
    let both = format!("/communications/presences?$filter=id in ('{ADA}', '{BOB}')");
    let single = |user: &str| format!("communications/presences/{user}");
    let others = format!("communications/presences?$filter=id in ('{UNKNOWN_USER}','{BOB}')");
    let rows = [
        (APP, ADA, both.clone(), 409),
        (APP, ADA, single(ADA), 409),
        (APP, ADA, single(&BOB.to_uppercase()), 409),
        (APP, ADA, others.clone(), 409),
        (APP, BOB, single(ADA), 409),
        (APP, ADA, single(UNKNOWN_USER), 201),
        (OTHER_APP, ADA, both.clone(), 201),
        (OTHER_APP, BOB, others, 201),
    ];
    for (application, user, resource, status) in rows {
        let tenant = Tenant::new().await;
        subscribe(&tenant, &token(&tenant, APP, ADA), &subscription(&both, "2026-01-01T10:00:00Z")).await;
        let second = token(&tenant, application, user);
        let response = tenant.post(&second, PATH, &subscription(&resource, "2026-01-01T10:00:00Z")).await;
        assert_eq!(response.status, status, "{application} {resource}");
        if status == 409 {
            let message = "A subscription already exists. It must be deleted before another can be made.";
            assert_eq!(response.error(), (409, "ExtensionError".to_owned(), message.to_owned()));
        }
    }
}

#[tokio::test]
async fn a_user_can_be_subscribed_to_again_after_deletion_or_expiry() {
    let tenant = Tenant::new().await;
    let first = subscribe(&tenant, &tenant.ada, &to(BOB)).await;
    assert_eq!(tenant.call("DELETE", &tenant.ada, &format!("{PATH}/{first}"), &json!({})).await.status, 204);
    subscribe(&tenant, &tenant.ada, &to(BOB)).await;
    tenant.advance(59, 59);
    let again = subscription(&format!("communications/presences/{BOB}"), "2026-01-01T10:59:00Z");
    assert_eq!(tenant.post(&tenant.ada, PATH, &again).await.status, 409);
    tenant.advance(0, 1);
    subscribe(&tenant, &tenant.ada, &again).await;
}

#[tokio::test]
async fn a_subscription_expires_on_time() {
    // The requested and the granted expiration, which is at least 45 minutes away.
    let rows = [
        ("2026-01-01T10:00:00.0000000Z", "2026-01-01T10:00:00Z", 60 * 60),
        ("2026-01-01T10:00:00+00:00", "2026-01-01T10:00:00Z", 60 * 60),
        ("2026-01-01T01:50:00-08:00", "2026-01-01T09:50:00Z", 50 * 60),
        ("2026-01-01T09:45:01.5Z", "2026-01-01T09:45:01.5Z", 45 * 60 + 2),
        ("2026-01-01T09:44:59Z", "2026-01-01T09:45:00Z", 45 * 60),
        ("2026-01-01T09:00:01Z", "2026-01-01T09:45:00Z", 45 * 60),
    ];
    for (requested, granted, seconds) in rows {
        let tenant = Tenant::new().await;
        let body = subscription(&format!("communications/presences/{BOB}"), requested);
        let created = tenant.post(&tenant.ada, PATH, &body).await.json();
        assert_eq!(created["expirationDateTime"], granted, "{requested}");
        let id = created["id"].as_str().unwrap();
        let path = format!("{PATH}/{id}");
        tenant.advance(0, seconds - 1);
        assert_eq!(tenant.get(&tenant.ada, &path).await.status, 200, "{requested}");
        assert_eq!(ids(&tenant, &tenant.ada).await, [id]);
        tenant.advance(0, 1);
        assert_not_found(&tenant, &tenant.ada, id).await;
        assert!(ids(&tenant, &tenant.ada).await.is_empty(), "{requested}");
    }
}

#[tokio::test]
async fn a_renewal_counts_from_the_time_of_the_renewal() {
    let tenant = Tenant::new().await;
    let id = subscribe(&tenant, &tenant.ada, &to(BOB)).await;
    let path = format!("{PATH}/{id}");
    for expires in ["2026-01-01T10:59:00Z", "2026-01-01T11:58:00Z", "2026-01-01T12:57:00Z"] {
        tenant.advance(59, 0);
        let response = tenant.call("PATCH", &tenant.ada, &path, &json!({ "expirationDateTime": expires })).await;
        assert_eq!(response.json()["expirationDateTime"], expires);
    }
    tenant.advance(59, 59);
    assert_eq!(tenant.get(&tenant.ada, &path).await.status, 200);
}

/// Asserts that every operation on the subscription responds with 404.
async fn assert_not_found(tenant: &Tenant, token: &str, id: &str) {
    let renewal = json!({"notificationUrl": "https://webhook.contoso.com/"});
    for (method, path, body) in [
        ("GET", format!("{PATH}/{id}"), &json!({})),
        ("PATCH", format!("{PATH}/{id}"), &renewal),
        ("POST", format!("{PATH}/{id}/reauthorize"), &json!({})),
        ("DELETE", format!("/beta/subscriptions/{id}"), &json!({})),
    ] {
        let response = tenant.call(method, token, &path, body).await;
        let message = "The subscription does not exist or has expired.";
        assert_eq!(response.error(), (404, "NotFound".to_owned(), message.to_owned()), "{method} {path}");
    }
}

#[tokio::test]
async fn a_subscription_belongs_to_its_user_and_application() {
    let tenant = Tenant::new().await;
    let ada = token(&tenant, APP, ADA);
    let first = subscribe(&tenant, &ada, &to(BOB)).await;
    let second = subscribe(&tenant, &ada, &to(UNKNOWN_USER)).await;
    for other in [token(&tenant, APP, BOB), token(&tenant, OTHER_APP, ADA)] {
        assert_not_found(&tenant, &other, &first).await;
        assert!(ids(&tenant, &other).await.is_empty());
    }
    assert_eq!(ids(&tenant, &ada).await, [first.as_str(), &second]);
    for id in [UNKNOWN_USER, "none", "%20", "%FF"] {
        assert_not_found(&tenant, &ada, id).await;
    }
    let response = tenant.call("DELETE", &ada, &format!("{PATH}/{first}"), &json!({})).await;
    assert_eq!((response.status.as_u16(), response.body.len()), (204, 0));
    assert_not_found(&tenant, &ada, &first).await;
    assert_eq!(ids(&tenant, &ada).await, [second]);
}

#[tokio::test]
async fn reauthorizing_without_a_body_changes_nothing() {
    let tenant = Tenant::new().await;
    let id = subscribe(&tenant, &tenant.ada, &to(BOB)).await;
    let path = format!("{PATH}/{id}");
    let before = tenant.get(&tenant.ada, &path).await.json();
    let authorization = format!("Bearer {}", tenant.ada);
    let response =
        tenant.send("POST", &format!("{path}/reauthorize"), &[("authorization", &authorization)], vec![]).await;
    assert_eq!((response.status.as_u16(), response.body.len()), (204, 0));
    assert_eq!(tenant.get(&tenant.ada, &path).await.json(), before);
}

#[tokio::test]
async fn subscribing_does_not_make_an_unknown_user_known() {
    let tenant = Tenant::new().await;
    subscribe(&tenant, &tenant.ada, &to(UNKNOWN_USER)).await;
    let seen = tenant.get(&tenant.ada, &format!("/v1.0/users/{UNKNOWN_USER}/presence")).await.json();
    assert_eq!(seen["availability"], "PresenceUnknown");
}
