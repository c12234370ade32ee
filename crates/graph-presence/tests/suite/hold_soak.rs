//! Held states over hours, through bad days of the service, and ten thousand of them: in virtual time.

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

use crate::in_process::{PausedClock, Service, answer, builder};
use crate::server::{ADA, APPLICATION, ada, users};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const WINDOW: Duration = Duration::from_secs(30);

/// A service with bad hours, and the emulator within.
struct RoughDay {
    clock: PausedClock,
    store: Arc<Mutex<Arc<Store>>>,
    requests: AtomicU32,
}

struct Store {
    emulator: Emulator,
    token: String,
}

impl Store {
    async fn new(clock: &PausedClock) -> Self {
        let emulator = Emulator::builder().clock(clock.clone()).start().await.unwrap();
        let token = emulator.token(Caller::application(Guid::parse(APPLICATION).unwrap()));
        Self { emulator, token }
    }

    async fn answer(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        let bearer = HeaderValue::try_from(format!("Bearer {}", self.token)).unwrap();
        request.headers_mut().insert(AUTHORIZATION, bearer);
        self.emulator.respond(request).await
    }

    /// What everybody sees of Ada.
    async fn shown(&self) -> String {
        let request = Request::get(format!("/v1.0/users/{ADA}/presence")).body(Bytes::new()).unwrap();
        let presence: serde_json::Value = serde_json::from_slice(self.answer(request).await.body()).unwrap();
        format!("{}/{}", presence["availability"].as_str().unwrap(), presence["activity"].as_str().unwrap())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hour {
    Good,
    Throttling,
    Down,
    RejectingTokens,
    Slow,
}

impl Hour {
    fn at(elapsed: Duration) -> Self {
        match elapsed.as_secs() / 60 {
            60..80 => Self::Throttling,
            120..150 => Self::Down,
            300..310 => Self::RejectingTokens,
            360..365 => Self::Slow,
            _ => Self::Good,
        }
    }

    /// Whether a request can have any effect.
    fn reachable(self) -> bool {
        !matches!(self, Self::Down | Self::RejectingTokens)
    }
}

impl HttpClient for RoughDay {
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
        let turn = self.requests.fetch_add(1, Ordering::SeqCst);
        let store = self.store.lock().unwrap().clone();
        Box::pin(async move {
            match (Hour::at(graph_presence::Clock::elapsed(&self.clock)), turn % 3) {
                (Hour::Throttling, 0 | 1) => {
                    let throttled = Response::builder().status(429).header("Retry-After", "7");
                    return Ok(throttled.body(Bytes::new()).unwrap());
                }
                (Hour::Down, 0) => return Err("connection reset".into()),
                (Hour::Down, 1) => return Ok(answer(503, "")),
                (Hour::Down, _) => return Ok(answer(200, "<html>We will be back</html>")),
                (Hour::RejectingTokens, _) => return Ok(answer(401, "")),
                (Hour::Slow, _) => tokio::time::sleep(Duration::from_secs(20)).await,
                (Hour::Throttling | Hour::Good, _) => {}
            }
            Ok(store.answer(request).await)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_held_for_a_shift_is_seen_all_the_time_that_the_service_can_be_reached() {
    let clock = PausedClock::start();
    // Both are there before time counts: while a thread starts, tokio's paused clock runs on.
    let other_store = Arc::new(Store::new(&clock).await);
    let store = Arc::new(Mutex::new(Arc::new(Store::new(&clock).await)));
    let clock = PausedClock::start();
    let day = RoughDay { clock: clock.clone(), store: store.clone(), requests: AtomicU32::new(0) };
    let client = builder(day, &clock).build().unwrap();
    let held = client.user(ada()).hold(SessionState::InACall).start().unwrap();
    held.until_held().await.unwrap();

    let step = Duration::from_secs(5);
    let (mut right, mut reachable, mut report) = (0_u32, 0_u32, String::new());
    let mut before = String::new();
    for turn in 0..8 * 3600 / 5 {
        let elapsed = step * turn;
        if elapsed == 4 * HOUR {
            *store.lock().unwrap() = other_store.clone();
        }
        let now = store.lock().unwrap().clone();
        let shown = now.shown().await;
        if Hour::at(elapsed).reachable() {
            reachable += 1;
            right += u32::from(shown == "Busy/InACall");
        }
        if shown != before {
            writeln!(report, "{}:{:02}:{:02} {shown}", turn / 720, turn / 12 % 60, turn % 12 * 5).unwrap();
            before = shown;
        }
        tokio::time::sleep(step).await;
    }
    let share = f64::from(right) / f64::from(reachable);
    writeln!(report, "right for {:.2} % of the reachable time", share * 100.0).unwrap();
    insta::assert_snapshot!(report);
    assert!(share > 0.98, "{share}");
    held.release().await.unwrap();
    let now = store.lock().unwrap().clone();
    let shown = now.shown().await;
    assert_eq!(shown, "Offline/Offline");
}

/// When which user was set, by their number.
type Sets = Arc<Mutex<Vec<(Duration, usize)>>>;

/// A service that takes everything that `takes` says, at the cost of nothing, and remembers all that came.
fn notebook(
    clock: &PausedClock,
    takes: impl Fn(Duration, usize) -> bool + Send + Sync + 'static,
) -> (Service, Sets, Sets) {
    let (came, taken) = (Sets::default(), Sets::default());
    let (all, successes, clock) = (came.clone(), taken.clone(), clock.clone());
    let service = Service::new(move |request| {
        let now = graph_presence::Clock::elapsed(&clock);
        let user: usize = request.uri().path().get(36..48).unwrap().parse().unwrap();
        all.lock().unwrap().push((now, user));
        let good = takes(now, user);
        if good {
            successes.lock().unwrap().push((now, user));
        }
        async move { answer(if good { 200 } else { 503 }, "") }
    });
    (service, came, taken)
}

/// The most in any stretch of the quota's length.
fn most_in_a_window(sets: &[(Duration, usize)]) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (index, (at, _)) in sets.iter().enumerate() {
        while sets[first].0 + WINDOW <= *at {
            first += 1;
        }
        most = most.max(index + 1 - first);
    }
    most
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_holds_stay_within_the_quota_and_none_fades() {
    const HOLDS: usize = 10_000;
    let clock = PausedClock::start();
    let (service, came, _) = notebook(&clock, |_, _| true);
    let client = builder(service, &clock).build().unwrap();
    let hold = |user| client.user(user).hold(SessionState::Available).start().unwrap();
    let held: Vec<_> = users(HOLDS).into_iter().map(hold).collect();
    tokio::time::sleep(4 * HOUR).await;

    let end = graph_presence::Clock::elapsed(&clock);
    assert!(held.iter().all(|held| matches!(held.status(), HoldStatus::Held { .. })));
    let sets = came.lock().unwrap();
    let most = most_in_a_window(&sets);
    assert!((1200..=1500).contains(&most), "{most} requests in a window");
    let mut last = vec![None; HOLDS];
    let mut longest = Duration::ZERO;
    for &(at, user) in sets.iter() {
        let before = last[user].replace(at);
        longest = longest.max(before.map_or(Duration::ZERO, |before| at - before));
    }
    for last in last {
        longest = longest.max(end - last.unwrap());
    }
    println!("{} requests, at most {most} in 30 s, {longest:?} between two of one user", sets.len());
    assert!(longest < 5 * MINUTE, "{longest:?} between two renewals");
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_met_with_few_requests_and_its_end_with_all_that_the_quota_allows() {
    const HOLDS: usize = 2000;
    let (down, up) = (10 * MINUTE, 40 * MINUTE);
    let clock = PausedClock::start();
    let (service, came, taken) = notebook(&clock, move |now, _| !(down..up).contains(&now));
    let client = builder(service, &clock).build().unwrap();
    let hold = |user| client.user(user).hold(SessionState::InACall).start().unwrap();
    let held: Vec<_> = users(HOLDS).into_iter().map(hold).collect();
    tokio::time::sleep(up).await;
    let during = came.lock().unwrap().iter().filter(|(at, _)| *at >= down).count();
    assert!((90..600).contains(&during), "{during} requests in half an hour");
    assert!(held.iter().all(|held| matches!(held.status(), HoldStatus::Retrying { .. } | HoldStatus::Held { .. })));
    tokio::time::sleep(20 * MINUTE).await;
    assert!(held.iter().all(|held| matches!(held.status(), HoldStatus::Held { .. })));

    let mut since = taken.lock().unwrap().clone();
    since.retain(|(at, _)| *at >= up);
    let noticed = since[0].0 - up;
    assert!(noticed < Duration::from_secs(21), "noticed after {noticed:?}");
    let mut back = std::collections::HashMap::new();
    for (at, user) in since {
        back.entry(user).or_insert(at);
    }
    let all = *back.values().max().unwrap() - up;
    assert_eq!(back.len(), HOLDS);
    assert!(all < Duration::from_secs(80), "all are back after {all:?}");
}

#[tokio::test(start_paused = true)]
async fn one_user_that_the_service_fails_for_costs_the_others_nothing() {
    const HOLDS: usize = 100;
    let clock = PausedClock::start();
    let (service, _, taken) = notebook(&clock, |_, user| user != 7);
    let client = builder(service, &clock).build().unwrap();
    let hold = |user| client.user(user).hold(SessionState::Available).start().unwrap();
    let held: Vec<_> = users(HOLDS).into_iter().map(hold).collect();
    tokio::time::sleep(HOUR).await;
    let mut last = vec![Duration::ZERO; HOLDS];
    for &(at, user) in taken.lock().unwrap().iter() {
        assert!(at - last[user] < 5 * MINUTE, "{user}");
        last[user] = at;
    }
    for (user, (held, last)) in held.iter().zip(last).enumerate() {
        let is_held = matches!(held.status(), HoldStatus::Held { .. });
        assert_eq!(is_held, user != 7);
        assert_eq!(last > 55 * MINUTE, user != 7);
    }
}

#[test]
fn two_runs_of_the_same_seed_send_the_same_at_the_same_time() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let clock = PausedClock::start();
            let chance = Mutex::new(fastrand::Rng::with_seed(11));
            let (service, came, _) = notebook(&clock, move |_, _| chance.lock().unwrap().f64() < 0.8);
            let client = builder(service, &clock).build().unwrap();
            let hold = |user| client.user(user).hold(SessionState::Available).start().unwrap();
            let _held: Vec<_> = users(300).into_iter().map(hold).collect();
            tokio::time::sleep(HOUR).await;
            came.lock().unwrap().clone()
        })
    };
    let (first, second) = (run(), run());
    assert!(first.len() > 300 * 14, "{}", first.len());
    assert!(first == second);
}
