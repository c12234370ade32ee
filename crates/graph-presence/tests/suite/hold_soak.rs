//! Long-running holds in virtual time: hours of service failures, and ten thousand holds.

use std::fmt::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::hold::HoldStatus;
use graph_presence::http::header::{AUTHORIZATION, HeaderValue};
use graph_presence::http::{Request, Response};
use graph_presence::{HttpClient, HttpFuture, SessionState};
use graph_presence_emulator::{Caller, Emulator, Guid};

use crate::in_process::{PausedClock, Service, builder, paused_runtime, response};
use crate::server::{ADA, APPLICATION, ada, users};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const WINDOW: Duration = Duration::from_secs(30);

/// The emulator behind a service that fails in different ways at different times.
struct UnreliableService {
    clock: PausedClock,
    backend: Arc<Mutex<Arc<Backend>>>,
    requests: AtomicU32,
}

struct Backend {
    emulator: Emulator,
    token: String,
}

impl Backend {
    async fn new(clock: &PausedClock) -> Self {
        let emulator = Emulator::builder().clock(clock.clone()).start().await.unwrap();
        let token = emulator.token(Caller::application(Guid::parse(APPLICATION).unwrap()));
        Self { emulator, token }
    }

    async fn respond(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        let bearer = HeaderValue::try_from(format!("Bearer {}", self.token)).unwrap();
        request.headers_mut().insert(AUTHORIZATION, bearer);
        self.emulator.respond(request).await
    }

    /// Returns Ada's visible presence.
    async fn presence(&self) -> String {
        let request = Request::get(format!("/v1.0/users/{ADA}/presence")).body(Bytes::new()).unwrap();
        let presence: serde_json::Value = serde_json::from_slice(self.respond(request).await.body()).unwrap();
        format!("{}/{}", presence["availability"].as_str().unwrap(), presence["activity"].as_str().unwrap())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    Healthy,
    Throttling,
    Outage,
    RejectingTokens,
    Slow,
}

impl Condition {
    fn at(elapsed: Duration) -> Self {
        match elapsed.as_secs() / 60 {
            60..80 => Self::Throttling,
            120..150 => Self::Outage,
            300..310 => Self::RejectingTokens,
            360..365 => Self::Slow,
            _ => Self::Healthy,
        }
    }

    /// Returns `true` if requests can succeed.
    fn is_reachable(self) -> bool {
        !matches!(self, Self::Outage | Self::RejectingTokens)
    }
}

impl HttpClient for UnreliableService {
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
        let number = self.requests.fetch_add(1, Ordering::SeqCst);
        let backend = self.backend.lock().unwrap().clone();
        Box::pin(async move {
            match (Condition::at(graph_presence::Clock::elapsed(&self.clock)), number % 3) {
                (Condition::Throttling, 0 | 1) => {
                    let throttled = Response::builder().status(429).header("Retry-After", "7");
                    return Ok(throttled.body(Bytes::new()).unwrap());
                }
                (Condition::Outage, 0) => return Err("connection reset".into()),
                (Condition::Outage, 1) => return Ok(response(503, "")),
                (Condition::Outage, _) => return Ok(response(200, "<html>Service unavailable</html>")),
                (Condition::RejectingTokens, _) => return Ok(response(401, "")),
                (Condition::Slow, _) => tokio::time::sleep(Duration::from_secs(20)).await,
                (Condition::Throttling | Condition::Healthy, _) => {}
            }
            Ok(backend.respond(request).await)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn held_state_is_visible_for_eight_hours_of_service_failures() {
    let clock = PausedClock::start();
    // Both emulators are started before the clock: tokio's paused clock advances while their threads start.
    let replacement = Arc::new(Backend::new(&clock).await);
    let backend = Arc::new(Mutex::new(Arc::new(Backend::new(&clock).await)));
    let clock = PausedClock::start();
    let service = UnreliableService { clock: clock.clone(), backend: backend.clone(), requests: AtomicU32::new(0) };
    let client = builder(service, &clock).build().unwrap();
    let hold = client.user(ada()).hold(SessionState::InACall).start().unwrap();
    hold.until_held().await.unwrap();

    let step = Duration::from_secs(5);
    let (mut correct, mut reachable, mut report) = (0_u32, 0_u32, String::new());
    let mut previous = String::new();
    for number in 0..8 * 3600 / 5 {
        let elapsed = step * number;
        if elapsed == 4 * HOUR {
            *backend.lock().unwrap() = replacement.clone();
        }
        let current = backend.lock().unwrap().clone();
        let presence = current.presence().await;
        if Condition::at(elapsed).is_reachable() {
            reachable += 1;
            correct += u32::from(presence == "Busy/InACall");
        }
        if presence != previous {
            writeln!(report, "{}:{:02}:{:02} {presence}", number / 720, number / 12 % 60, number % 12 * 5).unwrap();
            previous = presence;
        }
        tokio::time::sleep(step).await;
    }
    let share = f64::from(correct) / f64::from(reachable);
    writeln!(report, "correct for {:.2} % of the reachable time", share * 100.0).unwrap();
    insta::assert_snapshot!(report);
    assert!(share > 0.98, "{share}");
    hold.release().await.unwrap();
    let current = backend.lock().unwrap().clone();
    let presence = current.presence().await;
    assert_eq!(presence, "Offline/Offline");
}

/// The time and the user of each request.
type RequestLog = Arc<Mutex<Vec<(Duration, usize)>>>;

/// Returns a service that accepts the requests for which `accepts` returns `true`, and the logs of received and of
/// accepted requests.
fn recording_service(
    clock: &PausedClock,
    accepts: impl Fn(Duration, usize) -> bool + Send + Sync + 'static,
) -> (Service, RequestLog, RequestLog) {
    let (received, accepted) = (RequestLog::default(), RequestLog::default());
    let (all, successes, clock) = (received.clone(), accepted.clone(), clock.clone());
    let service = Service::new(move |request| {
        let now = graph_presence::Clock::elapsed(&clock);
        let user: usize = request.uri().path().get(36..48).unwrap().parse().unwrap();
        all.lock().unwrap().push((now, user));
        let is_accepted = accepts(now, user);
        if is_accepted {
            successes.lock().unwrap().push((now, user));
        }
        async move { response(if is_accepted { 200 } else { 503 }, "") }
    });
    (service, received, accepted)
}

/// Returns the maximum number of requests in any window of the quota.
fn max_in_window(requests: &[(Duration, usize)]) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (index, (at, _)) in requests.iter().enumerate() {
        while requests[first].0 + WINDOW <= *at {
            first += 1;
        }
        most = most.max(index + 1 - first);
    }
    most
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_holds_stay_within_the_quota_and_do_not_fade() {
    const HOLDS: usize = 10_000;
    let clock = PausedClock::start();
    let (service, received, _) = recording_service(&clock, |_, _| true);
    let client = builder(service, &clock).build().unwrap();
    let start_hold = |user| client.user(user).hold(SessionState::Available).start().unwrap();
    let holds: Vec<_> = users(HOLDS).into_iter().map(start_hold).collect();
    tokio::time::sleep(4 * HOUR).await;

    let end = graph_presence::Clock::elapsed(&clock);
    assert!(holds.iter().all(|hold| matches!(hold.status(), HoldStatus::Held { .. })));
    let requests = received.lock().unwrap();
    let most = max_in_window(&requests);
    assert!((1200..=1500).contains(&most), "{most} requests in a window");
    let mut last = vec![None; HOLDS];
    let mut longest = Duration::ZERO;
    for &(at, user) in requests.iter() {
        let previous = last[user].replace(at);
        longest = longest.max(previous.map_or(Duration::ZERO, |previous| at - previous));
    }
    for last in last {
        longest = longest.max(end - last.unwrap());
    }
    println!("{} requests, at most {most} in 30 s, {longest:?} between two requests of a user", requests.len());
    assert!(longest < 5 * MINUTE, "{longest:?} between two renewals");
}

#[tokio::test(start_paused = true)]
async fn all_holds_are_renewed_quickly_after_an_outage() {
    const HOLDS: usize = 2000;
    let (start, end) = (10 * MINUTE, 40 * MINUTE);
    let clock = PausedClock::start();
    let (service, received, accepted) = recording_service(&clock, move |now, _| !(start..end).contains(&now));
    let client = builder(service, &clock).build().unwrap();
    let start_hold = |user| client.user(user).hold(SessionState::InACall).start().unwrap();
    let holds: Vec<_> = users(HOLDS).into_iter().map(start_hold).collect();
    tokio::time::sleep(end).await;
    let during = received.lock().unwrap().iter().filter(|(at, _)| *at >= start).count();
    assert!((90..600).contains(&during), "{during} requests in half an hour");
    assert!(holds.iter().all(|hold| matches!(hold.status(), HoldStatus::Retrying { .. } | HoldStatus::Held { .. })));
    tokio::time::sleep(20 * MINUTE).await;
    assert!(holds.iter().all(|hold| matches!(hold.status(), HoldStatus::Held { .. })));

    let mut after = accepted.lock().unwrap().clone();
    after.retain(|(at, _)| *at >= end);
    let first = after[0].0 - end;
    assert!(first < Duration::from_secs(21), "first renewal after {first:?}");
    let mut renewed = std::collections::HashMap::new();
    for (at, user) in after {
        renewed.entry(user).or_insert(at);
    }
    let last = *renewed.values().max().unwrap() - end;
    assert_eq!(renewed.len(), HOLDS);
    assert!(last < Duration::from_secs(80), "all holds are renewed after {last:?}");
}

#[tokio::test(start_paused = true)]
async fn one_failing_user_does_not_affect_other_users() {
    const HOLDS: usize = 100;
    let clock = PausedClock::start();
    let (service, _, accepted) = recording_service(&clock, |_, user| user != 7);
    let client = builder(service, &clock).build().unwrap();
    let start_hold = |user| client.user(user).hold(SessionState::Available).start().unwrap();
    let holds: Vec<_> = users(HOLDS).into_iter().map(start_hold).collect();
    tokio::time::sleep(HOUR).await;
    let mut last = vec![Duration::ZERO; HOLDS];
    for &(at, user) in accepted.lock().unwrap().iter() {
        assert!(at - last[user] < 5 * MINUTE, "{user}");
        last[user] = at;
    }
    for (user, (hold, last)) in holds.iter().zip(last).enumerate() {
        let is_held = matches!(hold.status(), HoldStatus::Held { .. });
        assert_eq!(is_held, user != 7);
        assert_eq!(last > 55 * MINUTE, user != 7);
    }
}

#[test]
fn runs_with_the_same_seed_send_the_same_requests() {
    let run = || {
        let runtime = paused_runtime();
        runtime.block_on(async {
            let clock = PausedClock::start();
            let random = Mutex::new(fastrand::Rng::with_seed(11));
            let (service, received, _) = recording_service(&clock, move |_, _| random.lock().unwrap().f64() < 0.8);
            let client = builder(service, &clock).build().unwrap();
            let start_hold = |user| client.user(user).hold(SessionState::Available).start().unwrap();
            let _holds: Vec<_> = users(300).into_iter().map(start_hold).collect();
            tokio::time::sleep(HOUR).await;
            received.lock().unwrap().clone()
        })
    };
    let (first, second) = (run(), run());
    assert!(first.len() > 300 * 14, "{}", first.len());
    assert!(first == second);
}
