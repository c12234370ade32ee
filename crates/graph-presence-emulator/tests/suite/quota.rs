//! Throttling.

use std::time::Duration;

use graph_presence_emulator::{Caller, Quota};
use serde_json::json;

use crate::tenant::{ADA, APP, BOB, GET_PRESENCES, OTHER_APP, SET_STATUS_MESSAGE, Tenant, UNKNOWN_USER, guid};

const START: &str = "2026-01-01T09:00:00Z";
const PATH: &str = "/v1.0/me/presence";

async fn throttled(requests: u32, seconds: u64) -> Tenant {
    Tenant::with_builder(START, |builder| builder.quota(Quota::new(requests, Duration::from_secs(seconds)))).await
}

/// Returns the status and the value of `Retry-After`.
async fn get(tenant: &Tenant, token: &str, path: &str) -> (u16, Option<u64>) {
    let response = tenant.get(token, path).await;
    (response.status.as_u16(), response.header("retry-after").map(|seconds| seconds.parse().unwrap()))
}

#[tokio::test]
async fn the_quota_is_a_sliding_window() {
    let tenant = throttled(2, 30).await;
    for (seconds, expected) in [
        (0, (200, None)),
        (10, (200, None)),
        (5, (429, Some(15))),
        (14, (429, Some(1))),
        (1, (200, None)),
        (0, (429, Some(10))),
        (10, (200, None)),
        (30, (200, None)),
    ] {
        tenant.advance(0, seconds);
        assert_eq!(get(&tenant, &tenant.ada, PATH).await, expected, "after {seconds}");
    }
}

#[tokio::test]
async fn retry_after_is_rounded_up_to_a_second() {
    let tenant = throttled(1, 30).await;
    get(&tenant, &tenant.ada, PATH).await;
    tenant.clock.advance(Duration::from_millis(29_999));
    assert_eq!(get(&tenant, &tenant.ada, PATH).await, (429, Some(1)));
    tenant.clock.advance(Duration::from_millis(1));
    assert_eq!(get(&tenant, &tenant.ada, PATH).await, (200, None));
}

#[tokio::test]
async fn each_application_and_tenant_has_a_quota() {
    let tenant = throttled(1, 30).await;
    assert_eq!(get(&tenant, &tenant.ada, PATH).await.0, 200);
    // The same application on behalf of another user.
    assert_eq!(get(&tenant, &tenant.bob, PATH).await.0, 429);
    let path = format!("/beta/users/{ADA}/presence");
    let fabrikam = guid("b6f3a2c1-5d04-4e8f-9a57-0c1d2e3f4a5b");
    for caller in [
        Caller::application(guid(APP)),
        Caller::user(guid(BOB)).with_application(guid(OTHER_APP)),
        Caller::user(guid(BOB)).with_tenant(fabrikam),
    ] {
        let token = tenant.emulator.token(caller);
        assert_eq!(get(&tenant, &token, &path).await.0, 200);
        assert_eq!(get(&tenant, &token, &path).await.0, 429);
    }
}

#[tokio::test]
async fn only_presence_requests_count_toward_the_quota() {
    let tenant = throttled(4, 30).await;
    let ids: Vec<_> = (0..650).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    for _ in 0..9 {
        assert_eq!(tenant.get(&tenant.app, "/v1.0/subscriptions").await.status, 403);
        assert_eq!(tenant.get("unknown", PATH).await.status, 401);
    }
    assert_eq!(tenant.post(&tenant.app, GET_PRESENCES, &json!({ "ids": ids })).await.status, 200);
    assert_eq!(tenant.get(&tenant.app, &format!("/beta/users/{UNKNOWN_USER}/presence")).await.status, 200);
    assert_eq!(tenant.post(&tenant.app, SET_STATUS_MESSAGE, &json!({})).await.status, 400);
    assert_eq!(tenant.get(&tenant.app, PATH).await.status, 400);
    let expected = (429, "TooManyRequests".to_owned(), "Please retry again later.".to_owned());
    assert_eq!(tenant.post(&tenant.app, SET_STATUS_MESSAGE, &json!({})).await.error(), expected);
    assert_eq!(tenant.post(&tenant.app, GET_PRESENCES, &json!({ "ids": ids })).await.error(), expected);
}

#[tokio::test]
async fn the_default_quota_is_1500_requests_in_30_seconds() {
    let tenant = Tenant::with_builder(START, |builder| builder.quota(Quota::default())).await;
    for _ in 0..1_500 {
        assert_eq!(get(&tenant, &tenant.ada, PATH).await, (200, None));
    }
    assert_eq!(get(&tenant, &tenant.ada, PATH).await, (429, Some(30)));
    tenant.advance(0, 30);
    assert_eq!(get(&tenant, &tenant.ada, PATH).await, (200, None));
}
