//! Retries: which errors are retried, and after which wait.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::{Expiration, RetryPolicy, SessionState};
use httpmock::{HttpMockResponse, MockServer};

use crate::server::{ada, builder, client, in_turn, status};
use crate::virtual_clock::VirtualClock;

fn throttled(retry_after: &str) -> HttpMockResponse {
    HttpMockResponse::builder().status(429).header("retry-after", retry_after).build()
}

#[tokio::test]
async fn transient_errors_are_retried() {
    for code in [408, 429, 500, 502, 503, 504] {
        let server = MockServer::start_async().await;
        let mock = in_turn(&server, vec![status(code), status(code), status(code), status(200)]).await;
        client(&server).user(ada()).set_presence(SessionState::Away).send().await.unwrap();
        mock.assert_calls_async(4).await;
    }
}

#[tokio::test]
async fn transient_error_is_attempted_four_times() {
    let server = MockServer::start_async().await;
    let mock = in_turn(&server, vec![status(503)]).await;
    let error = client(&server).user(ada()).set_presence(SessionState::Away).send().await.unwrap_err();
    mock.assert_calls_async(4).await;
    assert_eq!(error.attempts(), 4);
    assert_eq!(
        error.to_string(),
        "set presence: request failed with 503 Service Unavailable; gave up after 4 attempts"
    );
}

#[tokio::test]
async fn permanent_errors_are_not_retried() {
    for code in [400, 403, 404, 409, 413, 415, 501, 307] {
        let server = MockServer::start_async().await;
        let mock = in_turn(&server, vec![status(code)]).await;
        let error = client(&server).user(ada()).set_presence(SessionState::Away).send().await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (code, 1));
        mock.assert_calls_async(1).await;
    }
}

#[tokio::test]
async fn retry_after_extends_the_backoff() {
    let cases: [(Vec<HttpMockResponse>, &[u128]); 5] = [
        (vec![status(503), status(503), status(503), status(200)], &[250, 500, 1000]),
        (vec![throttled("7"), status(200)], &[7250]),
        (vec![throttled(" 0 "), status(200)], &[250]),
        (vec![throttled("Fri, 20 Nov 2026 12:00:09 GMT"), status(200)], &[9250]),
        (vec![throttled("Fri, 20 Nov 2026 11:00:00 GMT"), throttled("soon"), status(200)], &[250, 500]),
    ];
    for (responses, waits) in cases {
        let server = MockServer::start_async().await;
        in_turn(&server, responses).await;
        let clock = VirtualClock::default();
        let client = builder(server.base_url()).clock(clock.clone()).build().unwrap();
        client.user(ada()).set_presence(SessionState::Away).send().await.unwrap();
        assert_eq!(clock.waits(), waits);
    }
}

#[tokio::test]
async fn retry_after_beyond_the_deadline_fails_immediately() {
    let server = MockServer::start_async().await;
    let mock = in_turn(&server, vec![throttled("61"), status(200)]).await;
    let clock = VirtualClock::default();
    let client = builder(server.base_url()).clock(clock.clone()).build().unwrap();
    let error = client.user(ada()).set_presence(SessionState::Away).send().await.unwrap_err();
    assert_eq!(clock.waits(), [0_u128; 0]);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(61)));
    assert_eq!(
        error.to_string(),
        "set presence: request failed with 429 Too Many Requests; retry deadline exceeded after 1 attempt"
    );
    mock.assert_calls_async(1).await;
}

#[tokio::test]
async fn retry_policy_sets_the_number_of_attempts() {
    let server = MockServer::start_async().await;
    let mock = in_turn(&server, vec![status(503)]).await;
    for (policy, attempts) in [(RetryPolicy::none(), 1), (RetryPolicy::default().max_attempts(7), 7)] {
        let client = builder(server.base_url()).retry(policy).build().unwrap();
        let error = client.me().get_presence().send().await.unwrap_err();
        assert_eq!(error.attempts(), attempts);
    }
    mock.assert_calls_async(8).await;
}

#[tokio::test]
async fn retried_requests_are_identical() {
    let server = MockServer::start_async().await;
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = requests.clone();
    server
        .mock_async(|when, then| {
            when.any_request();
            then.respond_with(move |request| {
                let mut headers: Vec<_> =
                    request.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
                headers.sort();
                let mut log = log.lock().unwrap();
                log.push(format!("{} {} {headers:?} {:?}", request.method(), request.uri(), request.body_vec()));
                status(if log.len() < 3 { 504 } else { 200 })
            });
        })
        .await;
    let call = client(&server).user(ada()).set_presence(SessionState::InACall).expires_after(Expiration::MAX);
    call.send().await.unwrap();
    let requests = requests.lock().unwrap();
    let [first, second, third] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(first.contains("content-type") && first.contains("setPresence"), "{first}");
    assert_eq!((first, first), (second, third));
}

#[tokio::test]
async fn clones_share_the_retry_budget() {
    let server = MockServer::start_async().await;
    let mock = in_turn(&server, vec![status(503)]).await;
    let client = builder(server.base_url()).quota(None).build().unwrap();
    let mut last = None;
    for _ in 0..60 {
        last = client.clone().me().get_presence().send().await.err();
    }
    // The budget is 100 retries: 33 calls with 4 attempts, one with 2, and the others with 1.
    mock.assert_calls_async(60 + 100).await;
    assert_eq!(
        last.unwrap().to_string(),
        "get presence: request failed with 503 Service Unavailable; retry budget exhausted after 1 attempt"
    );
}

#[tokio::test]
async fn extreme_retry_policies_are_supported() {
    let max = Duration::MAX;
    let default = RetryPolicy::default();
    let cases = [
        (default.max_attempts(2).initial_backoff(Duration::ZERO), 2),
        (default.max_attempts(3).initial_backoff(Duration::ZERO).max_backoff(Duration::ZERO), 3),
        (default.deadline(Duration::ZERO).initial_backoff(Duration::ZERO), 4),
        (default.deadline(Duration::ZERO), 1),
        (default.initial_backoff(max).max_backoff(max), 1),
        (default.max_attempts(u32::MAX).max_backoff(max), 8),
        (default.deadline(max).max_attempts(40).max_backoff(Duration::from_secs(1)), 40),
    ];
    let server = MockServer::start_async().await;
    in_turn(&server, vec![status(503)]).await;
    for (policy, attempts) in cases {
        let client = builder(server.base_url()).retry(policy).build().unwrap();
        let error = client.me().get_presence().send().await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "{policy:?}");
    }
}

#[tokio::test]
async fn requests_are_retried_with_any_jitter() {
    for jitter in [0, 1, u32::MAX] {
        let server = MockServer::start_async().await;
        in_turn(&server, vec![status(503), status(200)]).await;
        let client = builder(server.base_url()).jitter(move || jitter).build().unwrap();
        client.user(ada()).set_presence(SessionState::Away).send().await.unwrap();
    }
}
