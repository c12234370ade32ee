//! Status messages: stored properties, expiry, visibility.

use serde_json::{Value, json};

use crate::tenant::{ADA, GET_PRESENCES, SET_STATUS_MESSAGE, Tenant};

async fn set_status(tenant: &Tenant, status: &Value) {
    let body = json!({ "statusMessage": status });
    let response = tenant.post(&tenant.ada, SET_STATUS_MESSAGE, &body).await;
    assert_eq!(response.status, 200, "{body}");
}

async fn seen_by(tenant: &Tenant, token: &str) -> Value {
    let path = format!("/v1.0/users/{ADA}/presence");
    tenant.get(token, &path).await.json()["statusMessage"].take()
}

#[tokio::test]
async fn only_the_user_sees_published_and_expiry_times() {
    let tenant = Tenant::starting_at("2022-10-18T16:38:01.8345678Z").await;
    set_status(
        &tenant,
        &json!({
            "message": {"content": "Hey I'm currently in a meeting.", "contentType": "text"},
            "expiryDateTime": {
                "dateTime": "2022-10-18T17:05:33.2079781",
                "timeZone": "Pacific Standard Time",
            },
        }),
    )
    .await;
    let message = json!({"content": "Hey I'm currently in a meeting.", "contentType": "text"});
    let own = json!({
        "message": message,
        "expiryDateTime": {
            "dateTime": "2022-10-18T17:05:33.2079781",
            "timeZone": "Pacific Standard Time",
        },
        "publishedDateTime": "2022-10-18T16:38:01.8345678Z",
    });
    let others = json!({ "message": message });

    assert_eq!(seen_by(&tenant, &tenant.ada).await, own);
    assert_eq!(seen_by(&tenant, &tenant.bob).await, others);
    assert_eq!(seen_by(&tenant, &tenant.app).await, others);
    let ids = json!({ "ids": [ADA] });
    for (token, seen) in [(&tenant.ada, &own), (&tenant.bob, &others)] {
        let batch = tenant.post(token, GET_PRESENCES, &ids).await.json();
        assert_eq!(batch["value"][0]["statusMessage"], *seen);
        let path = format!("/v1.0/communications/presences/{ADA}");
        assert_eq!(tenant.get(token, &path).await.json()["statusMessage"], *seen);
    }
}

#[tokio::test]
async fn a_message_expires_at_its_expiry_time() {
    let rows = [
        ("2022-10-18T17:05:33.2079781", "Pacific Standard Time", "2022-10-19T00:05:33.2079781Z"),
        ("2022-12-18T17:05:33", "Pacific Standard Time", "2022-12-19T01:05:33Z"),
        ("2022-10-18T17:05:33.2079781", "America/Los_Angeles", "2022-10-19T00:05:33.2079781Z"),
        ("2026-07-01T12:00:00.123456789", "UTC", "2026-07-01T12:00:00.123456789Z"),
        ("2026-07-01T12:00:00", "W. Europe Standard Time", "2026-07-01T10:00:00Z"),
        ("2026-07-01T12:00:00", "FLE Standard Time", "2026-07-01T09:00:00Z"),
        ("2026-07-01T12:00:00", "India Standard Time", "2026-07-01T06:30:00Z"),
        ("2026-07-01T12:00:00", "Dateline Standard Time", "2026-07-02T00:00:00Z"),
        ("2026-07-01T12:00:00", "Asia/Kathmandu", "2026-07-01T06:15:00Z"),
        ("2024-02-29T23:59:59", "Etc/GMT+12", "2024-03-01T11:59:59Z"),
    ];
    for (date_time, time_zone, end) in rows {
        let end: jiff::Timestamp = end.parse().unwrap();
        let before = end - jiff::SignedDuration::from_nanos(1);
        let tenant = Tenant::starting_at(&before.to_string()).await;
        let expiry = json!({"dateTime": date_time, "timeZone": time_zone});
        set_status(&tenant, &json!({"message": {"content": "x"}, "expiryDateTime": expiry})).await;
        let seen = seen_by(&tenant, &tenant.ada).await;
        assert_eq!(seen["expiryDateTime"], expiry, "{date_time} {time_zone}");
        tenant.clock.advance(std::time::Duration::from_nanos(1));
        let seen = seen_by(&tenant, &tenant.ada).await;
        assert_eq!(seen, Value::Null, "{date_time} {time_zone}");
    }
}

#[tokio::test]
async fn a_message_without_expiry_does_not_expire() {
    let tenant = Tenant::new().await;
    set_status(
        &tenant,
        &json!({"message": {"content": "Back at five", "contentType": "Text"}, "expiryDateTime": null}),
    )
    .await;
    tenant.advance(60 * 24 * 365 * 100, 0);
    assert_eq!(
        seen_by(&tenant, &tenant.ada).await,
        json!({
            "message": {"content": "Back at five", "contentType": "text"},
            "publishedDateTime": "2026-01-01T09:00:00Z",
        })
    );
}

#[tokio::test]
async fn a_message_is_replaced_and_cleared_by_an_empty_one() {
    let tenant = Tenant::new().await;
    assert_eq!(seen_by(&tenant, &tenant.bob).await, Value::Null);
    for content in ["first", "zweite \u{1f3d6}\u{fe0f} \"quoted\" \\ \u{0}", " "] {
        set_status(&tenant, &json!({"message": {"content": content}})).await;
        let seen = seen_by(&tenant, &tenant.bob).await;
        assert_eq!(seen["message"]["content"], content);
    }
    set_status(&tenant, &json!({"message": {"content": ""}})).await;
    assert_eq!(seen_by(&tenant, &tenant.bob).await, Value::Null);
}

#[tokio::test]
async fn an_application_sets_the_message_of_a_user_without_a_session() {
    let tenant = Tenant::new().await;
    let path = format!("/beta/users/{ADA}/presence/setStatusMessage");
    let body = json!({"statusMessage": {"message": {"content": "On call", "contentType": "TEXT"}}});
    let response = tenant.post(&tenant.app, &path, &body).await;
    assert_eq!((response.status.as_u16(), response.body.len()), (200, 0));
    let seen = seen_by(&tenant, &tenant.bob).await;
    assert_eq!(seen["message"]["content"], "On call");
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn additional_properties_of_sdks_are_ignored() {
    let tenant = Tenant::new().await;
    set_status(
        &tenant,
        &json!({
            "@odata.type": "#microsoft.graph.presenceStatusMessage",
            "message": {"@odata.type": "#microsoft.graph.itemBody", "content": "Hello", "contentType": null},
            "publishedDateTime": "2001-01-01T00:00:00Z",
        }),
    )
    .await;
    let seen = seen_by(&tenant, &tenant.ada).await;
    assert_eq!(seen["publishedDateTime"], "2026-01-01T09:00:00Z");
}
