//! Notifications: what subscribers are told, when, and how often it is tried.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use graph_presence_emulator::{Builder, Clock, Delivery, SteppedClock};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::clocks::Leaping;
use crate::endpoint::Endpoint;
use crate::tenant::{ADA, APP, BOB, MANY, NOBODY, Tenant, guid};

const PATH: &str = "/v1.0/subscriptions";
const REFUSED: &str =
    "Subscription validation request failed. Response must exactly match validationToken query parameter.";

async fn delivering() -> Tenant {
    Tenant::built("2026-01-01T09:00:00Z", |builder| builder.delivery(Delivery::Loopback)).await
}

fn to(endpoint: &Endpoint, resource: &str) -> Value {
    json!({
        "changeType": "updated",
        "notificationUrl": endpoint.url(),
        "resource": resource,
        "expirationDateTime": "2026-01-01T10:00:00Z",
        "clientState": "known to both",
    })
}

async fn subscribe(tenant: &Tenant, body: &Value) -> String {
    let answer = tenant.post(&tenant.bob, PATH, body).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn ada() -> String {
    format!("communications/presences/{ADA}")
}

#[tokio::test]
async fn a_change_is_told_as_the_documentation_has_it() {
    let tenant = delivering().await;
    let mut endpoint = Endpoint::start().await;
    let both = format!("/communications/presences?$filter=id in ('{ADA}','{NOBODY}')");
    let id = subscribe(&tenant, &to(&endpoint, &both)).await;
    for user in [ADA, NOBODY] {
        tenant.emulator.sign_in(guid(user), "Busy", "InAMeeting");
        assert_eq!(
            endpoint.next().await,
            json!({
                "subscriptionId": id,
                "clientState": "known to both",
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

/// Each change of availability or activity, and nothing else: the last notification of a row is Bob's.
#[tokio::test]
async fn what_is_told_and_what_is_not() {
    let tenant = delivering().await;
    let mut endpoint = Endpoint::start().await;
    let both = format!("/communications/presences?$filter=id in ('{ADA}','{BOB}')");
    subscribe(&tenant, &to(&endpoint, &both)).await;
    let mut turn = 0;
    let mut told = async |tenant: &Tenant| {
        turn += 1;
        tenant.emulator.sign_in(guid(BOB), format!("{turn}"), "");
        let mut count = 0;
        while endpoint.next().await["resourceData"]["id"] != BOB {
            count += 1;
        }
        count
    };
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    assert_eq!(told(&tenant).await, 1);
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    tenant.emulator.out_of_office(guid(ADA), Some("x"));
    tenant.act("setStatusMessage", &json!({"statusMessage": {"message": {"content": "x"}}})).await;
    tenant.act("setManualLocation", &json!({"workLocationType": "office"})).await;
    assert_eq!(told(&tenant).await, 0);
    tenant.act("setUserPreferredPresence", &json!({"availability": "Busy", "activity": "Busy"})).await;
    assert_eq!(told(&tenant).await, 1);
    tenant.set(APP, "DoNotDisturb", "Presenting", None).await;
    assert_eq!(told(&tenant).await, 0);
    tenant.act("clearUserPreferredPresence", &json!({})).await;
    assert_eq!(told(&tenant).await, 1);
    // The call, its end, and a new one.
    tenant.advance(5, 0);
    tenant.set(APP, "Available", "Available", Some("PT1H")).await;
    assert_eq!(told(&tenant).await, 2);
    // Five minutes, and ten; they are two however far time jumps.
    tenant.advance(40, 0);
    assert_eq!(told(&tenant).await, 2);
    tenant.emulator.remove_users([guid(ADA)]);
    assert_eq!(told(&tenant).await, 1);
}

#[tokio::test]
async fn nothing_is_told_after_the_end() {
    let tenant = delivering().await;
    let (mut first, mut second) = (Endpoint::start().await, Endpoint::start().await);
    let id = subscribe(&tenant, &to(&first, &ada())).await;
    assert_eq!(tenant.call("DELETE", &tenant.bob, &format!("{PATH}/{id}"), &json!({})).await.status, 204);
    tenant.emulator.sign_in(guid(ADA), "Busy", "Busy");
    let id = subscribe(&tenant, &to(&second, &ada())).await;
    // A minute before the end the call is over, and at the end the session is.
    tenant.set(APP, "DoNotDisturb", "Presenting", Some("PT59M")).await;
    assert_eq!(second.next().await["subscriptionId"], json!(id));
    tenant.advance(90, 0);
    assert_eq!(second.next().await["subscriptionId"], json!(id));
    tenant.emulator.sign_out(guid(ADA));
    let mut again = to(&first, &ada());
    again["expirationDateTime"] = json!("2026-01-01T11:30:00Z");
    let id = subscribe(&tenant, &again).await;
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    // What comes first is of the newest subscription: the older ones have said nothing more.
    assert_eq!(first.next().await["subscriptionId"], json!(id));
}

#[tokio::test]
async fn endpoints_validate_themselves_first() {
    let tenant = delivering().await;
    let endpoint = Endpoint::start().await;
    let lifecycle = Endpoint::start().await;
    let mut body = to(&endpoint, &ada());
    body["notificationUrl"] = json!(format!("{}?kept=1", endpoint.url()));
    body["lifecycleNotificationUrl"] = json!(lifecycle.url());
    let id = subscribe(&tenant, &body).await;
    assert!(endpoint.validated()[0].starts_with("kept=1&validationToken="), "{:?}", endpoint.validated());
    assert_eq!((endpoint.validated().len(), lifecycle.validated().len()), (1, 1));
    let other = Endpoint::start().await;
    let path = format!("{PATH}/{id}");
    let renewal = json!({"notificationUrl": other.url()});
    assert_eq!(tenant.call("PATCH", &tenant.bob, &path, &renewal).await.status, 200);
    assert_eq!(other.validated().len(), 1);

    let refused = Endpoint::start().await;
    for (status, kind, text) in [
        (200, "text/plain", "another"),
        (200, "text/plain", "TOKEN\n"),
        (200, "application/json", "TOKEN"),
        (202, "text/plain", "TOKEN"),
        (404, "text/plain", "TOKEN"),
    ] {
        refused.answer_validation(status, kind, text);
        let expected = (400, "ValidationError".to_owned(), REFUSED.to_owned());
        let created = tenant.post(&tenant.ada, PATH, &to(&refused, &format!("communications/presences/{BOB}"))).await;
        assert_eq!(created.error(), expected, "{status} {kind} {text}");
        let renewal = json!({"notificationUrl": refused.url()});
        assert_eq!(tenant.call("PATCH", &tenant.bob, &path, &renewal).await.error(), expected);
    }
    let mut nobody = to(&refused, &format!("communications/presences/{BOB}"));
    nobody["notificationUrl"] = json!("http://127.0.0.1:1/");
    assert_eq!(tenant.post(&tenant.ada, PATH, &nobody).await.error().1, "ValidationError");
    // What is not on this machine is left alone, and so is everything when nothing is delivered.
    nobody["notificationUrl"] = json!("https://webhook.contoso.com/");
    assert_eq!(tenant.post(&tenant.ada, PATH, &nobody).await.status, 201);
    let quiet = Tenant::new().await;
    assert_eq!(quiet.post(&quiet.ada, PATH, &to(&refused, &ada())).await.status, 201);
}

#[tokio::test]
async fn what_fails_is_tried_again_and_later_each_time() {
    let tenant = delivering().await;
    let mut endpoint = Endpoint::start().await;
    let mut other = Endpoint::start().await;
    subscribe(&tenant, &to(&endpoint, &ada())).await;
    subscribe(&tenant, &to(&other, &format!("communications/presences/{NOBODY}"))).await;
    endpoint.answer(&[500, 404, 302, 503]);
    tenant.emulator.sign_in(guid(ADA), "Busy", "Busy");
    let first = endpoint.next().await;
    // The next waits for this one.
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    for seconds in [10, 20, 40, 80] {
        tenant.advance(0, seconds - 1);
        tenant.emulator.sign_in(guid(NOBODY), format!("{seconds}"), "");
        assert_eq!(other.next().await["resourceData"]["id"], NOBODY);
        assert!(endpoint.is_silent());
        tenant.advance(0, 1);
        assert_eq!(endpoint.next().await, first);
    }
    assert_eq!(endpoint.next().await["resource"], first["resource"]);
}

#[tokio::test]
async fn a_subscriber_is_asked_to_renew_once_before_the_end() {
    let tenant = delivering().await;
    let (mut endpoint, mut lifecycle) = (Endpoint::start().await, Endpoint::start().await);
    let mut body = to(&endpoint, &ada());
    body["lifecycleNotificationUrl"] = json!(lifecycle.url());
    let id = subscribe(&tenant, &body).await;
    tenant.advance(45, 0);
    let expected = |expires: &str| {
        json!({
            "subscriptionId": id,
            "clientState": "known to both",
            "tenantId": tenant.emulator.tenant_id(),
            "organizationId": tenant.emulator.tenant_id(),
            "subscriptionExpirationDateTime": expires,
            "lifecycleEvent": "reauthorizationRequired",
            "resource": ada(),
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
async fn what_could_not_be_delivered_is_in_a_snapshot() {
    let tenant = delivering().await;
    let mut endpoint = Endpoint::start().await;
    subscribe(&tenant, &to(&endpoint, &ada())).await;
    endpoint.answer(&[500]);
    tenant.emulator.sign_in(guid(ADA), "Busy", "Busy");
    let first = endpoint.next().await;
    let snapshot = tenant.emulator.snapshot();
    drop(tenant);
    let other = delivering().await;
    other.emulator.restore(&snapshot).unwrap();
    other.advance(0, 10);
    assert_eq!(endpoint.next().await, first);
}

#[tokio::test]
async fn time_that_runs_brings_what_is_due_by_itself() {
    let settings = |builder: Builder| builder.clock(Leaping::at("2026-01-01T09:00:00Z")).delivery(Delivery::Loopback);
    let tenant = Tenant::built("2026-01-01T09:00:00Z", settings).await;
    let mut endpoint = Endpoint::start().await;
    subscribe(&tenant, &to(&endpoint, &ada())).await;
    endpoint.answer(&[500, 202, 503]);
    tenant.set(APP, "Busy", "InACall", Some("PT5M")).await;
    // The call and its end, each a second time.
    for _ in 0..4 {
        assert_eq!(endpoint.next().await["resourceData"]["id"], ADA);
    }
}

/// Counts how often anybody asks what time it is.
#[derive(Clone)]
struct Counting {
    clock: SteppedClock,
    is_stepped: bool,
    looks: Arc<AtomicUsize>,
}

impl Clock for Counting {
    fn now(&self) -> Timestamp {
        self.looks.fetch_add(1, Ordering::Relaxed);
        self.clock.now()
    }

    fn time_until(&self, instant: Timestamp) -> Option<Duration> {
        Duration::try_from(instant.duration_since(self.now())).ok()
    }

    fn stepped(&self) -> Option<&SteppedClock> {
        self.is_stepped.then_some(&self.clock)
    }
}

async fn counting(is_stepped: bool) -> (Tenant, Arc<AtomicUsize>) {
    let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse().unwrap());
    let clock = Counting { clock, is_stepped, looks: Arc::default() };
    let looks = Arc::clone(&clock.looks);
    let settings = |builder: Builder| builder.clock(clock).delivery(Delivery::Loopback);
    (Tenant::built("2026-01-01T09:00:00Z", settings).await, looks)
}

/// Whether there comes a while in which nobody looks at the clock, though the emulator has all the time it wants.
async fn comes_to_rest(tenant: &Tenant, looks: &AtomicUsize) -> bool {
    for _ in 0..20 {
        let before = looks.load(Ordering::Relaxed);
        for _ in 0..100 {
            assert_eq!(tenant.send("GET", "/_emulator/board/icon.svg", &[], vec![]).await.status, 200);
        }
        if looks.load(Ordering::Relaxed) == before {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn who_has_nothing_to_tell_sleeps() {
    for is_stepped in [true, false] {
        let (tenant, looks) = counting(is_stepped).await;
        assert!(comes_to_rest(&tenant, &looks).await, "nobody is subscribed");
        let mut endpoint = Endpoint::start().await;
        subscribe(&tenant, &to(&endpoint, &ada())).await;
        tenant.set(APP, "Busy", "InACall", Some("PT30M")).await;
        endpoint.next().await;
        assert!(comes_to_rest(&tenant, &looks).await, "all is told, and more is due in half an hour");
        endpoint.answer(&[500]);
        tenant.emulator.sign_in(guid(ADA), "DoNotDisturb", "DoNotDisturb");
        endpoint.next().await;
        assert!(comes_to_rest(&tenant, &looks).await, "what failed is tried again in ten seconds");
    }
}

/// What is looked at is not changed, and nobody is woken for it.
#[tokio::test]
async fn who_reads_gives_nothing_to_tell() {
    let (tenant, looks) = counting(true).await;
    let endpoint = Endpoint::start().await;
    let cost_of_reading = async || {
        assert!(comes_to_rest(&tenant, &looks).await);
        let before = looks.load(Ordering::Relaxed);
        assert_eq!(tenant.post(&tenant.app, MANY, &json!({"ids": [ADA, BOB]})).await.status, 200);
        assert!(comes_to_rest(&tenant, &looks).await);
        looks.load(Ordering::Relaxed) - before
    };
    let alone = cost_of_reading().await;
    subscribe(&tenant, &to(&endpoint, &ada())).await;
    assert_eq!(cost_of_reading().await, alone);
}

#[tokio::test]
async fn what_is_not_delivered_is_not_kept() {
    let tenant = Tenant::new().await;
    let endpoint = Endpoint::start().await;
    subscribe(&tenant, &to(&endpoint, &ada())).await;
    for turn in 0..100 {
        tenant.emulator.sign_in(guid(ADA), format!("{turn}"), "");
    }
    let mut tries = 0;
    while tenant.emulator.snapshot().contains("\"Changed\"") {
        tenant.ada().await;
        tries += 1;
        assert!(tries < 1_000, "the notices wait for somebody");
    }
}
