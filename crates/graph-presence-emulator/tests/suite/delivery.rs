//! Notifications: content, validation, retries, lifecycle.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use graph_presence_emulator::{Builder, Clock, Delivery, SteppedClock};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::clocks::JumpingClock;
use crate::endpoint::Endpoint;
use crate::tenant::{ADA, APP, BOB, GET_PRESENCES, Tenant, UNKNOWN_USER, guid};

const PATH: &str = "/v1.0/subscriptions";
const VALIDATION_FAILED: &str =
    "Subscription validation request failed. Response must exactly match validationToken query parameter.";

async fn with_delivery() -> Tenant {
    Tenant::with_builder("2026-01-01T09:00:00Z", |builder| builder.delivery(Delivery::Loopback)).await
}

fn subscription(endpoint: &Endpoint, resource: &str) -> Value {
    json!({
        "changeType": "updated",
        "notificationUrl": endpoint.url(),
        "resource": resource,
        "expirationDateTime": "2026-01-01T10:00:00Z",
        "clientState": "client state",
    })
}

async fn subscribe(tenant: &Tenant, body: &Value) -> String {
    let response = tenant.post(&tenant.bob, PATH, body).await;
    assert_eq!(response.status, 201, "{}", String::from_utf8_lossy(&response.body));
    response.json()["id"].as_str().unwrap().to_owned()
}

fn adas_presence() -> String {
    format!("communications/presences/{ADA}")
}

#[tokio::test]
async fn a_change_is_notified_in_the_documented_form() {
    let tenant = with_delivery().await;
    let mut endpoint = Endpoint::start().await;
    let both = format!("/communications/presences?$filter=id in ('{ADA}','{UNKNOWN_USER}')");
    let id = subscribe(&tenant, &subscription(&endpoint, &both)).await;
    for user in [ADA, UNKNOWN_USER] {
        tenant.emulator.sign_in(guid(user), "Busy", "InAMeeting");
        assert_eq!(
            endpoint.next().await,
            json!({
                "subscriptionId": id,
                "clientState": "client state",
                "changeType": "updated",
                "tenantId": tenant.emulator.tenant_id(),
                "resource": format!("communications/presences/{user}"),
                "subscriptionExpirationDateTime": "2026-01-01T10:00:00Z",
                "resourceData": {
                    "@odata.id": format!("users/{user}/presence"),
                    "@odata.type": "#microsoft.graph.presence",
                    "id": user,
                },
                "organizationId": tenant.emulator.tenant_id(),
            })
        );
    }
}

/// Counts the notifications of Ada's changes: a change of Bob marks the end.
#[tokio::test]
async fn only_changes_of_availability_and_activity_are_notified() {
    let tenant = with_delivery().await;
    let mut endpoint = Endpoint::start().await;
    let both = format!("/communications/presences?$filter=id in ('{ADA}','{BOB}')");
    subscribe(&tenant, &subscription(&endpoint, &both)).await;
    let mut calls = 0;
    let mut notified = async |tenant: &Tenant| {
        calls += 1;
        tenant.emulator.sign_in(guid(BOB), format!("{calls}"), "");
        let mut count = 0;
        while endpoint.next().await["resourceData"]["id"] != BOB {
            count += 1;
        }
        count
    };
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    assert_eq!(notified(&tenant).await, 1);
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    tenant.emulator.out_of_office(guid(ADA), Some("x"));
    tenant.post_action("setStatusMessage", &json!({"statusMessage": {"message": {"content": "x"}}})).await;
    tenant.post_action("setManualLocation", &json!({"workLocationType": "office"})).await;
    assert_eq!(notified(&tenant).await, 0);
    tenant.post_action("setUserPreferredPresence", &json!({"availability": "Busy", "activity": "Busy"})).await;
    assert_eq!(notified(&tenant).await, 1);
    tenant.set_session(APP, "DoNotDisturb", "Presenting", None).await;
    assert_eq!(notified(&tenant).await, 0);
    tenant.post_action("clearUserPreferredPresence", &json!({})).await;
    assert_eq!(notified(&tenant).await, 1);
    // The end of the call, and the new session.
    tenant.advance(5, 0);
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    assert_eq!(notified(&tenant).await, 2);
    // Available fades after five and after ten minutes: two changes, even if the clock jumps past both.
    tenant.advance(40, 0);
    assert_eq!(notified(&tenant).await, 2);
    tenant.emulator.remove_users([guid(ADA)]);
    assert_eq!(notified(&tenant).await, 1);
}

#[tokio::test]
async fn deleted_and_expired_subscriptions_are_not_notified() {
    let tenant = with_delivery().await;
    let (mut first, mut second) = (Endpoint::start().await, Endpoint::start().await);
    let id = subscribe(&tenant, &subscription(&first, &adas_presence())).await;
    assert_eq!(tenant.call("DELETE", &tenant.bob, &format!("{PATH}/{id}"), &json!({})).await.status, 204);
    tenant.emulator.sign_in(guid(ADA), "Busy", "Busy");
    let id = subscribe(&tenant, &subscription(&second, &adas_presence())).await;
    // The session expires a minute before the subscription does.
    tenant.set_session(APP, "DoNotDisturb", "Presenting", Some("PT59M")).await;
    assert_eq!(second.next().await["subscriptionId"], json!(id));
    tenant.advance(90, 0);
    assert_eq!(second.next().await["subscriptionId"], json!(id));
    tenant.emulator.sign_out(guid(ADA));
    let mut again = subscription(&first, &adas_presence());
    again["expirationDateTime"] = json!("2026-01-01T11:30:00Z");
    let id = subscribe(&tenant, &again).await;
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    // The first notification belongs to the newest subscription: the older ones sent nothing more.
    assert_eq!(first.next().await["subscriptionId"], json!(id));
}

#[tokio::test]
async fn notification_urls_are_validated_first() {
    let tenant = with_delivery().await;
    let endpoint = Endpoint::start().await;
    let lifecycle = Endpoint::start().await;
    let mut body = subscription(&endpoint, &adas_presence());
    body["notificationUrl"] = json!(format!("{}?query=1", endpoint.url()));
    body["lifecycleNotificationUrl"] = json!(lifecycle.url());
    let id = subscribe(&tenant, &body).await;
    assert!(endpoint.validations()[0].starts_with("query=1&validationToken="), "{:?}", endpoint.validations());
    assert_eq!((endpoint.validations().len(), lifecycle.validations().len()), (1, 1));
    let other = Endpoint::start().await;
    let path = format!("{PATH}/{id}");
    let renewal = json!({"notificationUrl": other.url()});
    assert_eq!(tenant.call("PATCH", &tenant.bob, &path, &renewal).await.status, 200);
    assert_eq!(other.validations().len(), 1);

    let invalid = Endpoint::start().await;
    for (status, kind, text) in [
        (200, "text/plain", "another"),
        (200, "text/plain", "TOKEN\n"),
        (200, "application/json", "TOKEN"),
        (202, "text/plain", "TOKEN"),
        (404, "text/plain", "TOKEN"),
    ] {
        invalid.respond_to_validation_with(status, kind, text);
        let expected = (400, "ValidationError".to_owned(), VALIDATION_FAILED.to_owned());
        let created =
            tenant.post(&tenant.ada, PATH, &subscription(&invalid, &format!("communications/presences/{BOB}"))).await;
        assert_eq!(created.error(), expected, "{status} {kind} {text}");
        let renewal = json!({"notificationUrl": invalid.url()});
        assert_eq!(tenant.call("PATCH", &tenant.bob, &path, &renewal).await.error(), expected);
    }
    let mut unreachable = subscription(&invalid, &format!("communications/presences/{BOB}"));
    unreachable["notificationUrl"] = json!("http://127.0.0.1:1/");
    assert_eq!(tenant.post(&tenant.ada, PATH, &unreachable).await.error().1, "ValidationError");
    // URLs outside of the loopback interface are not validated, and no URL is without delivery.
    unreachable["notificationUrl"] = json!("https://webhook.contoso.com/");
    assert_eq!(tenant.post(&tenant.ada, PATH, &unreachable).await.status, 201);
    let without_delivery = Tenant::new().await;
    assert_eq!(
        without_delivery.post(&without_delivery.ada, PATH, &subscription(&invalid, &adas_presence())).await.status,
        201
    );
}

#[tokio::test]
async fn failed_notifications_are_retried_with_backoff() {
    let tenant = with_delivery().await;
    let mut endpoint = Endpoint::start().await;
    let mut other = Endpoint::start().await;
    subscribe(&tenant, &subscription(&endpoint, &adas_presence())).await;
    subscribe(&tenant, &subscription(&other, &format!("communications/presences/{UNKNOWN_USER}"))).await;
    endpoint.respond_with(&[500, 404, 302, 503]);
    tenant.emulator.sign_in(guid(ADA), "Busy", "Busy");
    let first = endpoint.next().await;
    // The next notification waits for this one.
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    for seconds in [10, 20, 40, 80] {
        tenant.advance(0, seconds - 1);
        tenant.emulator.sign_in(guid(UNKNOWN_USER), format!("{seconds}"), "");
        assert_eq!(other.next().await["resourceData"]["id"], UNKNOWN_USER);
        assert!(endpoint.is_drained());
        tenant.advance(0, 1);
        assert_eq!(endpoint.next().await, first);
    }
    assert_eq!(endpoint.next().await["resource"], first["resource"]);
}

#[tokio::test]
async fn reauthorization_is_requested_once_before_expiry() {
    let tenant = with_delivery().await;
    let (mut endpoint, mut lifecycle) = (Endpoint::start().await, Endpoint::start().await);
    let mut body = subscription(&endpoint, &adas_presence());
    body["lifecycleNotificationUrl"] = json!(lifecycle.url());
    let id = subscribe(&tenant, &body).await;
    tenant.advance(45, 0);
    let expected = |expires: &str| {
        json!({
            "subscriptionId": id,
            "clientState": "client state",
            "tenantId": tenant.emulator.tenant_id(),
            "organizationId": tenant.emulator.tenant_id(),
            "subscriptionExpirationDateTime": expires,
            "lifecycleEvent": "reauthorizationRequired",
            "resource": adas_presence(),
        })
    };
    assert_eq!(lifecycle.next().await, expected("2026-01-01T10:00:00Z"));
    let renewal = json!({"expirationDateTime": "2026-01-01T10:40:00Z"});
    let path = format!("{PATH}/{id}");
    assert_eq!(tenant.call("PATCH", &tenant.bob, &path, &renewal).await.status, 200);
    assert_eq!(tenant.post(&tenant.bob, &format!("{path}/reauthorize"), &json!({})).await.status, 204);
    tenant.advance(40, 0);
    assert_eq!(lifecycle.next().await, expected("2026-01-01T10:40:00Z"));
    tenant.emulator.sign_in(guid(ADA), "Busy", "Busy");
    assert_eq!(endpoint.next().await["subscriptionExpirationDateTime"], "2026-01-01T10:40:00Z");
}

#[tokio::test]
async fn a_snapshot_contains_undelivered_notifications() {
    let tenant = with_delivery().await;
    let mut endpoint = Endpoint::start().await;
    subscribe(&tenant, &subscription(&endpoint, &adas_presence())).await;
    endpoint.respond_with(&[500]);
    tenant.emulator.sign_in(guid(ADA), "Busy", "Busy");
    let first = endpoint.next().await;
    let snapshot = tenant.emulator.snapshot();
    drop(tenant);
    let other = with_delivery().await;
    other.emulator.restore(&snapshot).unwrap();
    other.advance(0, 10);
    assert_eq!(endpoint.next().await, first);
}

#[tokio::test]
async fn a_running_clock_delivers_due_notifications() {
    let settings = |builder: Builder| {
        builder.clock(JumpingClock::starting_at("2026-01-01T09:00:00Z")).delivery(Delivery::Loopback)
    };
    let tenant = Tenant::with_builder("2026-01-01T09:00:00Z", settings).await;
    let mut endpoint = Endpoint::start().await;
    subscribe(&tenant, &subscription(&endpoint, &adas_presence())).await;
    endpoint.respond_with(&[500, 202, 503]);
    tenant.set_session(APP, "Busy", "InACall", Some("PT5M")).await;
    // The call and its end, each with one retry.
    for _ in 0..4 {
        assert_eq!(endpoint.next().await["resourceData"]["id"], ADA);
    }
}

/// Longer than a slow machine needs.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A clock that counts its reads.
#[derive(Clone)]
struct CountingClock {
    clock: SteppedClock,
    is_stepped: bool,
    reads: Arc<AtomicUsize>,
}

impl Clock for CountingClock {
    fn now(&self) -> Timestamp {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.clock.now()
    }

    fn time_until(&self, instant: Timestamp) -> Option<Duration> {
        Duration::try_from(instant.duration_since(self.now())).ok()
    }

    fn stepped(&self) -> Option<&SteppedClock> {
        self.is_stepped.then_some(&self.clock)
    }
}

async fn with_counting_clock(is_stepped: bool) -> (Tenant, Arc<AtomicUsize>) {
    let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse().unwrap());
    let clock = CountingClock { clock, is_stepped, reads: Arc::default() };
    let reads = Arc::clone(&clock.reads);
    let settings = |builder: Builder| builder.clock(clock).delivery(Delivery::Loopback);
    (Tenant::with_builder("2026-01-01T09:00:00Z", settings).await, reads)
}

/// Waits until the emulator does not read the clock during 100 requests that do not need it.
async fn wait_until_idle(tenant: &Tenant, reads: &AtomicUsize, reason: &str) {
    let idle = async {
        loop {
            let before = reads.load(Ordering::Relaxed);
            for _ in 0..100 {
                assert_eq!(tenant.send("GET", "/_emulator/board/icon.svg", &[], vec![]).await.status, 200);
            }
            if reads.load(Ordering::Relaxed) == before {
                return;
            }
        }
    };
    assert!(tokio::time::timeout(TIMEOUT, idle).await.is_ok(), "the emulator reads the clock: {reason}");
}

#[tokio::test]
async fn the_notifier_is_idle_until_a_notification_is_due() {
    for is_stepped in [true, false] {
        let (tenant, reads) = with_counting_clock(is_stepped).await;
        wait_until_idle(&tenant, &reads, "no subscription").await;
        let mut endpoint = Endpoint::start().await;
        subscribe(&tenant, &subscription(&endpoint, &adas_presence())).await;
        tenant.set_session(APP, "Busy", "InACall", Some("PT30M")).await;
        endpoint.next().await;
        wait_until_idle(&tenant, &reads, "the next change is due in half an hour").await;
        endpoint.respond_with(&[500]);
        tenant.emulator.sign_in(guid(ADA), "DoNotDisturb", "DoNotDisturb");
        endpoint.next().await;
        wait_until_idle(&tenant, &reads, "the retry is due in ten seconds").await;
    }
}

/// Reading a presence does not wake the notifier.
#[tokio::test]
async fn reading_costs_the_same_with_a_subscription() {
    let (tenant, reads) = with_counting_clock(true).await;
    let endpoint = Endpoint::start().await;
    // The smallest of several counts: a task that was delayed may add to one of them.
    let cost_of_reading = async || {
        let mut cost = usize::MAX;
        for _ in 0..5 {
            wait_until_idle(&tenant, &reads, "before reading").await;
            let before = reads.load(Ordering::Relaxed);
            assert_eq!(tenant.post(&tenant.app, GET_PRESENCES, &json!({"ids": [ADA, BOB]})).await.status, 200);
            wait_until_idle(&tenant, &reads, "after reading").await;
            cost = cost.min(reads.load(Ordering::Relaxed) - before);
        }
        cost
    };
    let without_subscription = cost_of_reading().await;
    subscribe(&tenant, &subscription(&endpoint, &adas_presence())).await;
    assert_eq!(cost_of_reading().await, without_subscription);
}

#[tokio::test]
async fn changes_are_not_queued_without_delivery() {
    let tenant = Tenant::new().await;
    let endpoint = Endpoint::start().await;
    subscribe(&tenant, &subscription(&endpoint, &adas_presence())).await;
    for step in 0..100 {
        tenant.emulator.sign_in(guid(ADA), format!("{step}"), "");
    }
    let mut reads = 0;
    while tenant.emulator.snapshot().contains("\"Presence\"") {
        tenant.ada_state().await;
        reads += 1;
        assert!(reads < 1_000, "the changes are still queued");
    }
}
