//! The client-side rate limit.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::{Clock, Quota};
use httpmock::{HttpMockResponse, MockServer};

use crate::in_process::{self, PausedClock, Service, response};
use crate::server::{always, builder, status};
use crate::virtual_clock::VirtualClock;

/// Records when each request arrives, by the client's clock.
async fn arrivals(server: &MockServer, clock: &VirtualClock, code: u16) -> Arc<Mutex<Vec<Duration>>> {
    let arrivals: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let (log, clock) = (arrivals.clone(), clock.clone());
    server
        .mock_async(|when, then| {
            when.any_request();
            then.respond_with(move |_| {
                log.lock().unwrap().push(clock.elapsed());
                if code == 200 { HttpMockResponse::builder().status(200).body("{}").build() } else { status(code) }
            });
        })
        .await;
    arrivals
}

/// Returns the maximum number of requests in any window of this length.
pub(crate) fn max_in_window(window: Duration, arrivals: &[Duration]) -> usize {
    let count = |start: &Duration| arrivals.iter().filter(|at| **at >= *start && **at < *start + window).count();
    arrivals.iter().map(count).max().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn clones_share_the_quota_in_every_window() {
    let clock = PausedClock::start();
    let arrivals: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let (log, now) = (arrivals.clone(), clock.clone());
    let service = Service::new(move |_| {
        log.lock().unwrap().push(Clock::elapsed(&now));
        async { response(200, "{}") }
    });
    let window = Duration::from_secs(3);
    let client = in_process::builder(service, &clock).quota(Quota::new(50, window).unwrap()).build().unwrap();
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    client.me().get_presence().send().await.unwrap();
                }
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    let arrivals = arrivals.lock().unwrap();
    assert_eq!(arrivals.len(), 200);
    let max = max_in_window(window, &arrivals);
    assert!((45..=50).contains(&max), "{max} in a window");
    let last = arrivals.iter().max().unwrap();
    assert!(*last < Duration::from_secs(15), "the last request was sent after {last:?}");
}

#[tokio::test]
async fn retries_count_against_the_quota() {
    let server = MockServer::start_async().await;
    let clock = VirtualClock::default();
    let arrivals = arrivals(&server, &clock, 503).await;
    let window = Duration::from_secs(3);
    let client = builder(server.base_url())
        .clock(clock.clone())
        .jitter(|| 0)
        .quota(Quota::new(10, window).unwrap())
        .build()
        .unwrap();
    for _ in 0..10 {
        client.me().get_presence().send().await.unwrap_err();
    }
    let arrivals = arrivals.lock().unwrap();
    assert_eq!(arrivals.len(), 40);
    assert!(max_in_window(window, &arrivals) <= 10);
}

#[tokio::test]
async fn no_waits_without_a_quota() {
    let server = MockServer::start_async().await;
    let clock = VirtualClock::default();
    arrivals(&server, &clock, 200).await;
    let client = builder(server.base_url()).clock(clock.clone()).quota(None).build().unwrap();
    for _ in 0..400 {
        client.me().get_presence().send().await.unwrap();
    }
    assert_eq!(clock.waits(), [0_u128; 0]);
}

#[tokio::test]
async fn cancelled_wait_does_not_use_quota() {
    let server = MockServer::start_async().await;
    let clock = VirtualClock::default();
    let arrivals = arrivals(&server, &clock, 200).await;
    let quota = Quota::new(6, Duration::from_secs(4)).unwrap();
    let client = builder(server.base_url()).clock(clock.clone()).quota(quota).build().unwrap();
    client.me().get_presence().send().await.unwrap();
    for _ in 0..100 {
        // The call waits for the rate limit, and is dropped.
        assert!(client.me().get_presence().send().now_or_never().is_none());
    }
    client.me().get_presence().send().await.unwrap();
    assert_eq!(arrivals.lock().unwrap().len(), 2);
    assert_eq!(clock.waits(), [1000]);
}

#[tokio::test(start_paused = true)]
async fn call_that_is_not_polled_does_not_block_others() {
    let clock = PausedClock::start();
    let service = Service::new(|_| async { response(200, "{}") });
    let client =
        in_process::builder(service, &clock).quota(Quota::new(2, Duration::from_secs(4)).unwrap()).build().unwrap();
    client.me().get_presence().send().await.unwrap();
    let mut unpolled = Box::pin(client.me().get_presence().send());
    assert!((&mut unpolled).now_or_never().is_none());
    let next = client.me().get_presence().send();
    tokio::time::timeout(Duration::from_mins(1), next).await.expect("the next call is not blocked").unwrap();
    unpolled.await.unwrap();
}

#[tokio::test]
async fn requests_are_sent_with_any_quota() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).body("{}")).await;
    let sizes = [2, 3, u32::MAX];
    let periods = [Duration::from_millis(1), Duration::from_secs(30), Duration::from_hours(365 * 24)];
    for requests in sizes {
        for period in periods {
            let quota = Quota::new(requests, period).unwrap();
            let client = builder(server.base_url()).quota(quota).build().unwrap();
            client.me().get_presence().send().await.unwrap();
        }
    }
}

#[test]
fn quota_out_of_range_is_rejected() {
    let second = Duration::from_secs(1);
    let cases = [
        (0, second, "quota requests out of range: 0 (allowed: at least 2)"),
        (1, second, "quota requests out of range: 1 (allowed: at least 2)"),
        (2, Duration::ZERO, "quota period out of range: 0ns (allowed: 1ms to 365 days)"),
        (2, Duration::from_micros(999), "quota period out of range: 999µs (allowed: 1ms to 365 days)"),
        (2, Duration::from_secs(31_536_001), "quota period out of range: 31536001s (allowed: 1ms to 365 days)"),
    ];
    for (requests, period, message) in cases {
        let error = Quota::new(requests, period).unwrap_err();
        assert!(error.is_invalid_input());
        assert_eq!(error.to_string(), message);
    }
}
