//! Holds whose requests fail: backoff, `Retry-After`, the circuit breaker, and independence of users.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::hold::{HoldHandle, HoldStatus};
use graph_presence::http::{Request, Response};
use graph_presence::{AccessToken, Client, Clock, HttpClient, HttpFuture, SessionId, SessionState, UserId, token_fn};

use crate::in_process::{PausedClock, Service, builder, paused_runtime, response};
use crate::server::{APPLICATION, TOKEN, ada, users};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

pub(crate) fn hold_user(client: &Client, user: UserId) -> HoldHandle {
    client.user(user).hold(SessionState::InACall).start().unwrap()
}

pub(crate) fn hold_users(client: &Client, count: usize) -> Vec<HoldHandle> {
    users(count).into_iter().map(|user| hold_user(client, user)).collect()
}

pub(crate) fn is_held(hold: &HoldHandle) -> bool {
    matches!(hold.status(), HoldStatus::Held { .. })
}

fn user(request: &Request<Bytes>) -> usize {
    request.uri().path().get(36..48).unwrap().parse().unwrap()
}

/// Returns a service whose status and delay depend on the number of the request, and the activity that was set last.
pub(crate) fn session_service(
    status: impl Fn(usize) -> u16 + Send + Sync + 'static,
    delay: impl Fn(usize) -> Duration + Send + Sync + 'static,
) -> (Service, Arc<Mutex<String>>) {
    let activity: Arc<Mutex<String>> = Arc::default();
    let (session, number) = (activity.clone(), AtomicUsize::new(0));
    let service = Service::new(move |request: Request<Bytes>| {
        let number = number.fetch_add(1, Ordering::SeqCst);
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        let (status, delay, session) = (status(number), delay(number), session.clone());
        async move {
            tokio::time::sleep(delay).await;
            if status == 200 {
                *session.lock().unwrap() = body["activity"].as_str().unwrap_or_default().to_owned();
            }
            response(status, "")
        }
    });
    (service, activity)
}

#[tokio::test(start_paused = true)]
async fn new_hold_is_sent_immediately() {
    let clock = PausedClock::start();
    let (service, _) = session_service(|_| 200, |_| Duration::ZERO);
    let client = builder(service, &clock).build().unwrap();
    let _others = hold_users(&client, 3);
    tokio::time::sleep(MINUTE).await;
    let start = clock.elapsed();
    hold_user(&client, ada()).until_held().await.unwrap();
    assert!(clock.elapsed() - start < SECOND, "{:?}", clock.elapsed() - start);
}

#[tokio::test(start_paused = true)]
async fn panic_of_the_http_client_is_a_transient_error() {
    struct PanickingClient(AtomicUsize);

    impl HttpClient for PanickingClient {
        fn send(&self, _: Request<Bytes>) -> HttpFuture<'_> {
            assert!(self.0.fetch_add(1, Ordering::SeqCst) != 12, "bug in the HTTP client");
            Box::pin(async { Ok(response(200, "")) })
        }
    }

    let clock = PausedClock::start();
    let client = builder(PanickingClient(0.into()), &clock).build().unwrap();
    let holds = hold_users(&client, 10);
    tokio::time::sleep(HOUR).await;
    assert!(holds.iter().all(is_held));
}

#[tokio::test(start_paused = true)]
async fn state_is_held_with_any_jitter() {
    for jitter in [0, 1, u32::MAX] {
        let clock = PausedClock::start();
        let client =
            builder(session_service(|_| 200, |_| Duration::ZERO).0, &clock).jitter(move || jitter).build().unwrap();
        let hold = hold_user(&client, ada());
        tokio::time::sleep(10 * MINUTE).await;
        assert!(is_held(&hold), "{jitter}: {hold:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn token_source_that_hangs_times_out_and_is_retried() {
    let clock = PausedClock::start();
    let calls = AtomicUsize::new(0);
    let token = token_fn(move || {
        let hangs = calls.fetch_add(1, Ordering::SeqCst) == 1;
        async move {
            if hangs {
                std::future::pending::<()>().await;
            }
            Ok(AccessToken::new(TOKEN))
        }
    });
    let client = Client::builder(token)
        .http_client(session_service(|_| 200, |_| Duration::ZERO).0)
        .session_id(SessionId::parse(APPLICATION).unwrap())
        .clock(clock.clone())
        .build()
        .unwrap();
    let hold = hold_user(&client, ada());
    tokio::time::sleep(HOUR).await;
    let HoldStatus::Held { at, .. } = hold.status() else { panic!("{hold:?}") };
    assert!(clock.now().duration_since(at).as_secs() < 300, "{at}");
    hold.release().await.unwrap();
}

/// Returns the longest time within an hour between two renewals of a user whose requests do not fail.
fn longest_gap(
    holds: usize,
    fails: impl Fn(usize) -> bool + Send + Sync + 'static,
    retry_after: Option<&'static str>,
    delay: Duration,
) -> Duration {
    let runtime = paused_runtime();
    runtime.block_on(async {
        let clock = PausedClock::start();
        let gaps = Arc::new(Mutex::new(vec![(Duration::ZERO, Duration::ZERO); holds]));
        let (service_gaps, time) = (gaps.clone(), clock.clone());
        let service = Service::new(move |request: Request<Bytes>| {
            let (user, now) = (user(&request), time.elapsed());
            let fails = fails(user);
            let (last, longest) = &mut service_gaps.lock().unwrap()[user];
            *longest = if fails { Duration::ZERO } else { (now - *last).max(*longest) };
            *last = now;
            let mut response = Response::builder().status(if fails { 503 } else { 200 });
            if let Some(after) = retry_after.filter(|_| fails) {
                response = response.header("Retry-After", after);
            }
            let delay = if fails { delay } else { Duration::ZERO };
            async move {
                tokio::time::sleep(delay).await;
                response.body(Bytes::new()).unwrap()
            }
        });
        let client = builder(service, &clock).build().unwrap();
        let start = |user| client.user(user).hold(SessionState::Available).start().unwrap();
        let _holds: Vec<_> = users(holds).into_iter().map(start).collect();
        tokio::time::sleep(HOUR).await;
        let longest = gaps.lock().unwrap().iter().map(|(_, longest)| *longest).max();
        longest.unwrap()
    })
}

#[test]
fn failing_users_do_not_delay_other_users() {
    let cases = [
        (100, 100, None, Duration::ZERO),
        (100, 10, None, Duration::ZERO),
        (1000, 20, None, Duration::ZERO),
        (100, 100, Some("60"), Duration::ZERO),
        (100, 100, Some("3600"), Duration::ZERO),
        (100, 100, Some("18446744073709551615"), Duration::ZERO),
        (100, 10, None, 40 * SECOND),
        (1000, 50, None, 40 * SECOND),
    ];
    for (holds, every, retry_after, delay) in cases {
        let gap = longest_gap(holds, move |user| user % every == 3, retry_after, delay);
        assert!(gap < 5 * MINUTE, "one of {every} of {holds}, {retry_after:?}, {delay:?}: {gap:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_delays_all_holds() {
    let clock = PausedClock::start();
    let (log, time) = (Arc::new(Mutex::new(Vec::new())), clock.clone());
    let service_log = log.clone();
    let service = Service::new(move |_| {
        let now = time.elapsed();
        service_log.lock().unwrap().push(now);
        let throttles = (4 * MINUTE..5 * MINUTE).contains(&now);
        let response = Response::builder().status(if throttles { 429 } else { 200 }).header("Retry-After", "70");
        async { response.body(Bytes::new()).unwrap() }
    });
    let client = builder(service, &clock).build().unwrap();
    let holds = hold_users(&client, 5);
    tokio::time::sleep(8 * MINUTE).await;
    let during = log.lock().unwrap().iter().filter(|at| (4 * MINUTE..5 * MINUTE).contains(*at)).count();
    assert_eq!(during, 1, "{:?}", log.lock().unwrap());
    assert!(holds.iter().all(is_held));
}

#[tokio::test(start_paused = true)]
async fn retry_after_of_zero_still_backs_off() {
    let clock = PausedClock::start();
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let service = Service::new(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        let response = Response::builder().status(503).header("Retry-After", "0");
        async { response.body(Bytes::new()).unwrap() }
    });
    let client = builder(service, &clock).build().unwrap();
    let _hold = hold_user(&client, ada());
    tokio::time::sleep(30 * MINUTE).await;
    let sent = sent.load(Ordering::SeqCst);
    assert!((90..400).contains(&sent), "{sent} in half an hour");
}

#[tokio::test(start_paused = true)]
async fn longest_retry_after_is_used() {
    let clock = PausedClock::start();
    let (log, time) = (Arc::new(Mutex::new(Vec::new())), clock.clone());
    let service_log = log.clone();
    let service = Service::new(move |_| {
        let mut requests = service_log.lock().unwrap();
        requests.push(time.elapsed());
        let (status, wait, delay) = match requests.len() {
            1 => (429, "60", SECOND),
            2 => (429, "2", 2 * SECOND),
            _ => (200, "0", Duration::ZERO),
        };
        async move {
            tokio::time::sleep(delay).await;
            Response::builder().status(status).header("Retry-After", wait).body(Bytes::new()).unwrap()
        }
    });
    let client = builder(service, &clock).build().unwrap();
    let holds = hold_users(&client, 2);
    tokio::time::sleep(2 * MINUTE).await;
    assert!(holds.iter().all(is_held));
    let log = log.lock().unwrap();
    assert!(log.iter().skip(2).all(|at| *at >= 61 * SECOND), "{log:?}");
}

#[tokio::test(start_paused = true)]
async fn concurrent_failures_open_the_circuit_breaker_once() {
    let clock = PausedClock::start();
    let (number, time) = (AtomicUsize::new(0), clock.clone());
    let service = Service::new(move |_| {
        let number = u32::try_from(number.fetch_add(1, Ordering::SeqCst)).unwrap();
        let is_down = time.elapsed() < SECOND;
        async move {
            tokio::time::sleep(number.min(100) * Duration::from_millis(10)).await;
            response(if is_down { 503 } else { 200 }, "")
        }
    });
    let client = builder(service, &clock).jitter(|| u32::MAX / 10 * 9).build().unwrap();
    let holds = hold_users(&client, 60);
    tokio::time::sleep(5 * SECOND).await;
    assert!(holds.iter().all(is_held), "{holds:?}");
}

#[tokio::test(start_paused = true)]
async fn zero_jitter_still_backs_off() {
    let clock = PausedClock::start();
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let service = Service::new(move |_| {
        let is_over_limit = counter.fetch_add(1, Ordering::SeqCst) > 1000;
        async move { if is_over_limit { std::future::pending().await } else { response(503, "") } }
    });
    let client = builder(service, &clock).jitter(|| 0).build().unwrap();
    let _hold = hold_user(&client, ada());
    tokio::time::sleep(MINUTE).await;
    let sent = sent.load(Ordering::SeqCst);
    assert!((500..=601).contains(&sent), "{sent} in a minute");
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_limited() {
    for (status, wait) in [(503, "86400"), (429, "86400"), (503, "18446744073709551615")] {
        let clock = PausedClock::start();
        let number = AtomicUsize::new(0);
        let service = Service::new(move |_| {
            let status = if number.fetch_add(1, Ordering::SeqCst) == 0 { status } else { 200 };
            let response = Response::builder().status(status).header("Retry-After", wait);
            async { response.body(Bytes::new()).unwrap() }
        });
        let client = builder(service, &clock).build().unwrap();
        let hold = hold_user(&client, ada());
        tokio::time::sleep(6 * MINUTE).await;
        assert!(is_held(&hold), "{status}, {wait}: {hold:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn few_requests_are_sent_during_an_outage() {
    for count in [10, 3000] {
        let clock = PausedClock::start();
        let (sent, time) = (Arc::new(AtomicUsize::new(0)), clock.clone());
        let counter = sent.clone();
        let service = Service::new(move |_| {
            let is_down = time.elapsed() > 10 * MINUTE;
            counter.fetch_add(usize::from(is_down), Ordering::SeqCst);
            async move { response(if is_down { 503 } else { 200 }, "") }
        });
        let client = builder(service, &clock).build().unwrap();
        let _holds = hold_users(&client, count);
        tokio::time::sleep(10 * MINUTE + HOUR).await;
        let sent = sent.load(Ordering::SeqCst);
        assert!((120..1000).contains(&sent), "{count}: {sent} requests in an hour");
    }
}

#[tokio::test(start_paused = true)]
async fn holds_are_not_reported_as_held_after_their_sessions_expired() {
    let clock = PausedClock::start();
    let time = clock.clone();
    let service = Service::new(move |_| {
        let is_down = time.elapsed() > 10 * MINUTE;
        async move { response(if is_down { 503 } else { 200 }, "") }
    });
    let client = builder(service, &clock).build().unwrap();
    let holds = hold_users(&client, 2000);
    tokio::time::sleep(20 * MINUTE).await;
    assert_eq!(holds.iter().filter(|hold| is_held(hold)).count(), 0);
}

#[tokio::test(start_paused = true)]
async fn changes_are_sent_before_starts() {
    let clock = PausedClock::start();
    let client = builder(session_service(|_| 200, |_| Duration::ZERO).0, &clock).build().unwrap();
    let first = hold_user(&client, ada());
    first.until_held().await.unwrap();
    let _holds = hold_users(&client, 5000);
    tokio::time::sleep(SECOND).await;
    let start = clock.elapsed();
    first.change(SessionState::Presenting);
    first.until_held().await.unwrap();
    let duration = clock.elapsed() - start;
    assert!(duration < 3 * SECOND, "{duration:?}");
}
