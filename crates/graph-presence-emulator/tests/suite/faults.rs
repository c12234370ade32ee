//! Fault injection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use graph_presence_emulator::{Fault, FaultRule, Operation, RetryAfter};
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, BOB, GET_PRESENCES, Response, SET_PRESENCE, Tenant, guid};

const PATH: &str = "/v1.0/me/presence";

async fn with_fault(fault: Fault) -> Tenant {
    let tenant = Tenant::new().await;
    tenant.emulator.inject(FaultRule::new(fault)).unwrap();
    tenant
}

/// Sends one request of Ada. Returns the raw response, and whether the connection was reset.
fn raw(tenant: &Tenant) -> (String, bool) {
    let mut stream = TcpStream::connect(tenant.emulator.url().strip_prefix("http://").unwrap()).unwrap();
    let request =
        format!("GET {PATH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {}\r\n\r\n", tenant.ada);
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let reset = stream.read_to_end(&mut bytes).is_err();
    (String::from_utf8(bytes).unwrap(), reset)
}

/// Returns the `Content-Length` and the received body of a raw response.
fn body(response: &str) -> (usize, &str) {
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    (length.parse().unwrap(), body)
}

fn status_and_retry_after(response: &Response) -> (u16, Option<&str>) {
    (response.status.as_u16(), response.header("retry-after"))
}

#[tokio::test]
async fn an_injected_status_replaces_the_response() {
    for (status, code) in [(500, "InternalServerError"), (503, "ServiceUnavailable"), (502, "ServiceError")] {
        let tenant = with_fault(Fault::Status { status }).await;
        let session = json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"});
        let response = tenant.post(&tenant.app, SET_PRESENCE, &session).await;
        assert_eq!(response.error(), (status, code.to_owned(), "An error has occurred.".to_owned()));
        assert!(response.header("request-id").is_some());
        tenant.emulator.remove_all_faults();
        assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
    }
}

#[tokio::test]
async fn throttling_may_contain_retry_after() {
    for (retry_after, expected) in [
        (None, None),
        (Some(RetryAfter::Seconds(7)), Some("7")),
        (Some(RetryAfter::Date(90)), Some("Thu, 01 Jan 2026 09:01:30 GMT")),
    ] {
        let tenant = with_fault(Fault::Throttled { retry_after }).await;
        let response = tenant.get(&tenant.ada, PATH).await;
        assert_eq!(status_and_retry_after(&response), (429, expected));
        assert_eq!(response.error().1, "TooManyRequests");
    }
}

#[tokio::test]
async fn a_gateway_error_is_an_html_page() {
    let tenant = with_fault(Fault::Gateway { status: 502 }).await;
    let response = tenant.get(&tenant.ada, PATH).await;
    assert_eq!((response.status.as_u16(), response.header("content-type")), (502, Some("text/html")));
    assert!(response.body.starts_with(b"<html>"));
}

#[tokio::test]
async fn a_reset_drops_the_response_after_the_request_took_effect() {
    let tenant = with_fault(Fault::Reset).await;
    assert_eq!(raw(&tenant), (String::new(), true));
    let session = json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"});
    let sent = reqwest::Client::new()
        .post(format!("{}{SET_PRESENCE}", tenant.emulator.url()))
        .bearer_auth(&tenant.app)
        .json(&session)
        .send()
        .await;
    assert!(sent.is_err());
    tenant.emulator.remove_all_faults();
    assert_eq!(tenant.ada_state().await, ["Busy", "InACall"]);
}

#[tokio::test]
async fn truncated_bodies_and_wrong_lengths() {
    let complete = raw(&Tenant::new().await).0;
    let (length, _) = body(&complete);

    let (truncated, reset) = raw(&with_fault(Fault::Truncation).await);
    let (announced, received) = body(&truncated);
    assert_eq!((announced, received.len(), reset), (length, length / 2, false));

    let (wrong, reset) = raw(&with_fault(Fault::WrongLength).await);
    let (announced, received) = body(&wrong);
    assert_eq!((announced, received.len(), reset), (length / 2, length / 2, false));
}

#[tokio::test]
async fn a_slow_response_is_complete() {
    let complete = raw(&Tenant::new().await).0;
    let tenant = with_fault(Fault::SlowBody { milliseconds: 1 }).await;
    tenant.emulator.inject(FaultRule::new(Fault::Latency { milliseconds: 20 })).unwrap();
    let started = Instant::now();
    let (slow, _) = raw(&tenant);
    assert_eq!(body(&slow), body(&complete));
    // One millisecond per byte, and the latency.
    let minimum = u64::try_from(body(&complete).0).unwrap() + 20;
    assert!(started.elapsed() >= Duration::from_millis(minimum), "{:?}", started.elapsed());
}

#[tokio::test]
async fn clock_skew_changes_all_dates() {
    let tenant = with_fault(Fault::Skew { seconds: -3_600 }).await;
    let response = tenant.get("unknown", PATH).await;
    assert_eq!(response.header("date"), Some("Thu, 01 Jan 2026 08:00:00 GMT"));
    assert_eq!(response.json()["error"]["innerError"]["date"], "2026-01-01T08:00:00");
}

#[tokio::test]
async fn rules_apply_to_matching_requests() {
    let fault = || FaultRule::new(Fault::Status { status: 503 });
    let of_bob = format!("/beta/users/{BOB}/presence");
    let by_id = format!("/v1.0/communications/presences/{ADA}");
    // The rule, and whether it applies to five requests of Ada: /me twice, herself by id, Bob, getPresencesByUserId.
    for (rule, expected) in [
        (fault(), [true; 5]),
        (fault().operation(Operation::GetPresence), [true, true, true, true, false]),
        (fault().operation(Operation::SetPresence), [false; 5]),
        (fault().user(guid(ADA)), [true, true, true, false, false]),
        (fault().user(guid(BOB)), [false, false, false, true, false]),
        (fault().times(2), [true, true, false, false, false]),
        (fault().probability(0.0), [false; 5]),
    ] {
        let tenant = Tenant::new().await;
        let id = tenant.emulator.inject(rule.clone()).unwrap();
        let mut seen = Vec::new();
        for path in [PATH, PATH, &by_id, &of_bob] {
            seen.push(tenant.get(&tenant.ada, path).await.status == 503);
        }
        seen.push(tenant.post(&tenant.ada, GET_PRESENCES, &json!({"ids": [ADA]})).await.status == 503);
        assert_eq!(seen, expected, "{rule:?}");
        tenant.emulator.remove_fault(id).unwrap();
        let error = tenant.emulator.remove_fault(id).unwrap_err();
        assert_eq!(error.to_string(), format!("fault not found: {id}"));
        assert_eq!(tenant.get(&tenant.ada, PATH).await.status, 200);
    }
}

/// Returns which of 40 requests a fault is injected into.
async fn pattern(probability: f64, seed: u64) -> Vec<bool> {
    let tenant = Tenant::new().await;
    tenant.emulator.inject(FaultRule::new(Fault::Status { status: 500 }).probability(probability).seed(seed)).unwrap();
    let mut pattern = Vec::new();
    for _ in 0..40 {
        pattern.push(tenant.get(&tenant.ada, PATH).await.status == 500);
    }
    pattern
}

#[tokio::test]
async fn a_seed_selects_the_same_requests_each_time() {
    let first = pattern(0.5, 7).await;
    assert_eq!(pattern(0.5, 7).await, first);
    assert_ne!(pattern(0.5, 8).await, first);
    let injected = first.iter().filter(|injected| **injected).count();
    assert!((8..=32).contains(&injected), "{injected}");
}

#[tokio::test]
async fn invalid_rules_are_rejected() {
    let tenant = Tenant::new().await;
    let reset = || FaultRule::new(Fault::Reset);
    for (rule, expected) in [
        (reset().probability(1.5), "probability out of range: 1.5 (allowed: 0 to 1)"),
        (reset().probability(f64::NAN), "probability out of range: NaN (allowed: 0 to 1)"),
        (reset().times(0), "times out of range: 0 (allowed: 1 or more)"),
        (FaultRule::new(Fault::Status { status: 200 }), "status out of range: 200 (allowed: 400 to 599)"),
        (FaultRule::new(Fault::Gateway { status: 600 }), "status out of range: 600 (allowed: 400 to 599)"),
        (
            FaultRule::new(Fault::Latency { milliseconds: 600_001 }),
            "milliseconds out of range: 600001 (allowed: 0 to 600000)",
        ),
        (
            FaultRule::new(Fault::SlowBody { milliseconds: 10_001 }),
            "milliseconds out of range: 10001 (allowed: 0 to 10000)",
        ),
        (FaultRule::new(Fault::Skew { seconds: 86_401 }), "seconds out of range: 86401 (allowed: -86400 to 86400)"),
    ] {
        let message = tenant.emulator.inject(rule).unwrap_err().to_string();
        assert_eq!(message, expected);
    }
    assert_eq!(tenant.get(&tenant.ada, PATH).await.status, 200);
}

#[test]
fn operations_have_the_same_name_in_json_and_text() {
    for (operation, name) in [
        (Operation::GetPresence, "getPresence"),
        (Operation::GetPresencesByUserId, "getPresencesByUserId"),
        (Operation::SetPresence, "setPresence"),
        (Operation::ClearPresence, "clearPresence"),
        (Operation::SetUserPreferredPresence, "setUserPreferredPresence"),
        (Operation::ClearUserPreferredPresence, "clearUserPreferredPresence"),
        (Operation::SetStatusMessage, "setStatusMessage"),
        (Operation::SetManualLocation, "setManualLocation"),
        (Operation::SetAutomaticLocation, "setAutomaticLocation"),
        (Operation::ClearLocation, "clearLocation"),
        (Operation::ClearAutomaticLocation, "clearAutomaticLocation"),
        (Operation::CreateSubscription, "createSubscription"),
        (Operation::ListSubscriptions, "listSubscriptions"),
        (Operation::GetSubscription, "getSubscription"),
        (Operation::UpdateSubscription, "updateSubscription"),
        (Operation::DeleteSubscription, "deleteSubscription"),
        (Operation::ReauthorizeSubscription, "reauthorizeSubscription"),
        (Operation::Token, "token"),
        (Operation::DeviceCode, "devicecode"),
        (Operation::Unmatched, "none"),
    ] {
        let rule = FaultRule::new(Fault::Reset).operation(operation);
        let json = json!({"fault": {"kind": "reset"}, "operation": name, "probability": 1.0, "seed": 0});
        assert_eq!(serde_json::to_value(&rule).unwrap(), json);
        assert_eq!(serde_json::from_value::<FaultRule>(json).unwrap(), rule);
        assert_eq!((operation.to_string().as_str(), name.parse()), (name, Ok(operation)));
    }
    let error = "getMood".parse::<Operation>().unwrap_err().to_string();
    assert!(
        error.starts_with("invalid operation \"getMood\": expected one of getPresence, getPresencesByUserId, "),
        "{error}"
    );
}

#[tokio::test]
async fn requests_are_logged_by_their_operation() {
    let tenant = Tenant::new().await;
    for (method, path, operation) in [
        ("GET", "/v1.0/me/presence", "getPresence"),
        ("HEAD", "/beta/users/x/presence", "getPresence"),
        ("GET", "/v1.0/communications/presences/x", "getPresence"),
        ("DELETE", "/v1.0/me/presence", "none"),
        ("POST", "/v1.0/communications/getPresencesByUserId", "getPresencesByUserId"),
        ("POST", "/v1.0/me/presence/setPresence", "setPresence"),
        ("POST", "/v1.0/users/x/presence/clearPresence", "clearPresence"),
        ("POST", "/beta/communications/presences/x/setUserPreferredPresence", "setUserPreferredPresence"),
        ("POST", "/v1.0/me/presence/clearUserPreferredPresence", "clearUserPreferredPresence"),
        ("POST", "/v1.0/me/presence/setStatusMessage", "setStatusMessage"),
        ("POST", "/v1.0/me/presence/setManualLocation", "setManualLocation"),
        ("POST", "/v1.0/me/presence/setAutomaticLocation", "setAutomaticLocation"),
        ("POST", "/v1.0/me/presence/clearLocation", "clearLocation"),
        ("POST", "/v1.0/me/presence/clearAutomaticLocation", "clearAutomaticLocation"),
        // Paths whose last segment is the name of an operation that is not an action on a presence.
        ("POST", "/v1.0/me/presence/getPresence", "none"),
        ("POST", "/v1.0/me/presence/token", "none"),
        ("POST", "/v1.0/me/presence/setPresence/x", "none"),
        ("POST", "/v1.0/subscriptions", "createSubscription"),
        ("GET", "/v1.0/subscriptions", "listSubscriptions"),
        ("GET", "/v1.0/subscriptions/x", "getSubscription"),
        ("PATCH", "/v1.0/subscriptions/x", "updateSubscription"),
        ("DELETE", "/v1.0/subscriptions/x", "deleteSubscription"),
        ("POST", "/v1.0/subscriptions/x/reauthorize", "reauthorizeSubscription"),
        ("PUT", "/v1.0/subscriptions/x", "none"),
        ("POST", "/common/oauth2/v2.0/token", "token"),
        ("POST", "/common/oauth2/v2.0/devicecode", "devicecode"),
        ("POST", "/common/oauth2/v2.0/authorize", "none"),
        ("GET", "/v3.0/me/presence", "none"),
    ] {
        tenant.emulator.clear_requests();
        tenant.send(method, path, &[], vec![]).await;
        let log = tenant.control("GET", "/requests", Value::Null).await.json();
        let logged = &log["value"][0];
        assert_eq!(json!([logged["method"], logged["path"], logged["operation"]]), json!([method, path, operation]));
    }
}

#[tokio::test]
async fn the_request_log_is_bounded_and_contains_no_secrets() {
    let tenant = with_fault(Fault::Skew { seconds: 1 }).await;
    let response = tenant.get(&tenant.ada, &format!("{PATH}?$select=id")).await;
    tenant.get("unknown", &format!("/{}", "x".repeat(300))).await;
    let log = tenant.emulator.requests();
    let [first, second] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!(
        serde_json::to_value(first).unwrap(),
        json!({
            "number": 1,
            "at": "2026-01-01T09:00:00Z",
            "method": "GET",
            "path": PATH,
            "operation": "getPresence",
            "status": 200,
            "requestId": response.header("request-id").unwrap(),
            "tenant": tenant.emulator.tenant_id().to_string(),
            "application": first.application,
            "user": ADA,
            "faults": ["skew"],
        })
    );
    assert_eq!((second.path.len(), second.status, second.operation), (200, 404, Operation::Unmatched));
    assert_eq!((&second.tenant, &second.application, &second.user), (&None, &None, &None));
    for _ in 0..1_000 {
        tenant.get("unknown", PATH).await;
    }
    let numbers: Vec<_> = tenant.emulator.requests().iter().map(|request| request.number).collect();
    assert_eq!(numbers, (3..=1_002).collect::<Vec<_>>());
    tenant.emulator.clear_requests();
    assert!(tenant.emulator.requests().is_empty());
}
