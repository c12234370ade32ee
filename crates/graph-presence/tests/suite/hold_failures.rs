//! Held states where something goes wrong around them: other users, other holds, runtimes, and what was handed in.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::bytes::Bytes;
use graph_presence::hold::{HoldHandle, HoldStatus};
use graph_presence::http::{Request, Response};
use graph_presence::{AccessToken, Client, Clock, HttpClient, HttpFuture, SessionId, SessionState, UserId, token_fn};

use crate::in_process::{PausedClock, Service, answer, builder};
use crate::server::{APPLICATION, TOKEN, ada, users};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

fn hold(client: &Client, user: UserId) -> HoldHandle {
    client.user(user).hold(SessionState::InACall).start().unwrap()
}

fn holds(client: &Client, count: usize) -> Vec<HoldHandle> {
    users(count).into_iter().map(|user| hold(client, user)).collect()
}

fn is_held(held: &HoldHandle) -> bool {
    matches!(held.status(), HoldStatus::Held { .. })
}

fn user(request: &Request<Bytes>) -> usize {
    request.uri().path().get(36..48).unwrap().parse().unwrap()
}

/// A service that shows what was set last, with what `status` and `delay` say of the request of that number.
fn stage(
    status: impl Fn(usize) -> u16 + Send + Sync + 'static,
    delay: impl Fn(usize) -> Duration + Send + Sync + 'static,
) -> (Service, Arc<Mutex<String>>) {
    let shown: Arc<Mutex<String>> = Arc::default();
    let (stage, turn) = (shown.clone(), AtomicUsize::new(0));
    let service = Service::new(move |request: Request<Bytes>| {
        let turn = turn.fetch_add(1, Ordering::SeqCst);
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        let (status, delay, stage) = (status(turn), delay(turn), stage.clone());
        async move {
            tokio::time::sleep(delay).await;
            if status == 200 {
                *stage.lock().unwrap() = body["activity"].as_str().unwrap_or_default().to_owned();
            }
            answer(status, "")
        }
    });
    (service, shown)
}

#[test]
fn a_release_keeps_the_user_until_it_is_done_when_the_renewing_runtime_ends() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let (first, second) = (runtime(), runtime());
    let clock = first.block_on(async { PausedClock::start() });
    let (service, shown) = stage(|_| 200, |turn| if turn == 0 { 5 * SECOND } else { Duration::ZERO });
    let client = builder(service, &clock).build().unwrap();
    let held = first.block_on(async {
        let held = hold(&client, ada());
        tokio::time::sleep(SECOND).await;
        held
    });
    let mut release = Box::pin(held.release());
    second.block_on(async { assert!((&mut release).now_or_never().is_none()) });
    drop(first);
    let start = || client.user(ada()).hold(SessionState::Presenting).start();
    second.block_on(async { start().unwrap_err() });
    second.block_on(release).unwrap();
    assert_eq!(*shown.lock().unwrap(), "");
    drop(second.block_on(async { start().unwrap() }));
}

#[tokio::test(start_paused = true)]
async fn what_was_dropped_while_it_was_renewed_does_not_count_for_ever() {
    let clock = PausedClock::start();
    let time = clock.clone();
    let service = Service::new(move |_| {
        let down = (10 * MINUTE..20 * MINUTE).contains(&time.elapsed());
        async move {
            tokio::time::sleep(SECOND).await;
            answer(if down { 503 } else { 200 }, "")
        }
    });
    let client = builder(service, &clock).build().unwrap();
    for first in holds(&client, 3) {
        tokio::time::sleep(SECOND / 2).await;
        drop(first);
    }
    // The renewal task has ended, and a new one starts.
    tokio::time::sleep(MINUTE).await;
    let held = hold(&client, ada());
    held.until_held().await.unwrap();
    tokio::time::sleep(20 * MINUTE).await;
    assert!(is_held(&held), "{held:?}");
}

#[tokio::test(start_paused = true)]
async fn one_that_starts_while_others_are_held_is_sent_at_once() {
    let clock = PausedClock::start();
    let (service, _) = stage(|_| 200, |_| Duration::ZERO);
    let client = builder(service, &clock).build().unwrap();
    let _first = holds(&client, 3);
    tokio::time::sleep(MINUTE).await;
    let began = clock.elapsed();
    hold(&client, ada()).until_held().await.unwrap();
    assert!(clock.elapsed() - began < SECOND, "{:?}", clock.elapsed() - began);
}

#[test]
fn starting_while_the_runtime_is_shut_down_ends_in_a_loss() {
    struct AtEnd(Client, Arc<Mutex<Option<HoldHandle>>>);

    impl Drop for AtEnd {
        fn drop(&mut self) {
            *self.1.lock().unwrap() = Some(hold(&self.0, ada()));
        }
    }

    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let clock = runtime.block_on(async { PausedClock::start() });
    let client = builder(stage(|_| 200, |_| Duration::ZERO).0, &clock).build().unwrap();
    let kept = Arc::default();
    let at_end = AtEnd(client, Arc::clone(&kept));
    runtime.spawn(async move {
        let _at_end = at_end;
        std::future::pending::<()>().await;
    });
    runtime.block_on(tokio::task::yield_now());
    drop(runtime);
    let held = kept.lock().unwrap().take().unwrap();
    assert!(matches!(held.status(), HoldStatus::Lost { .. }), "{held:?}");
}

#[tokio::test(start_paused = true)]
async fn releasing_what_is_lost_leaves_its_successor_alone() {
    let clock = PausedClock::start();
    let (service, shown) = stage(|turn| if turn == 0 { 403 } else { 200 }, |_| Duration::ZERO);
    let client = builder(service, &clock).build().unwrap();
    let first = hold(&client, ada());
    first.until_held().await.unwrap_err();
    let second = client.user(ada()).hold(SessionState::Presenting).start().unwrap();
    second.until_held().await.unwrap();
    first.release().await.unwrap();
    assert_eq!(*shown.lock().unwrap(), "Presenting");
    second.release().await.unwrap();
    assert_eq!(*shown.lock().unwrap(), "");
}

#[tokio::test(start_paused = true)]
async fn releasing_what_is_lost_ends_the_session_that_may_be_left() {
    let clock = PausedClock::start();
    let (service, shown) = stage(|turn| if turn == 1 { 403 } else { 200 }, |_| Duration::ZERO);
    let client = builder(service, &clock).build().unwrap();
    let held = hold(&client, ada());
    tokio::time::sleep(5 * MINUTE).await;
    held.until_held().await.unwrap_err();
    assert_eq!(*shown.lock().unwrap(), "InACall");
    held.release().await.unwrap();
    assert_eq!(*shown.lock().unwrap(), "");
}

#[tokio::test(start_paused = true)]
async fn while_a_release_waits_for_a_refusal_nobody_else_can_hold_the_user() {
    let clock = PausedClock::start();
    let (service, _) = stage(|turn| if turn == 0 { 403 } else { 200 }, |_| 5 * SECOND);
    let client = builder(service, &clock).build().unwrap();
    let first = hold(&client, ada());
    tokio::time::sleep(SECOND).await;
    let release = tokio::spawn(first.release());
    tokio::time::sleep(7 * SECOND).await;
    client.user(ada()).hold(SessionState::Away).start().unwrap_err();
    release.await.unwrap().unwrap();
    client.user(ada()).hold(SessionState::Away).start().unwrap().until_held().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_was_given_up_while_it_was_renewed_is_not_seen_after_its_successor() {
    for gives_up_its_release in [false, true] {
        let clock = PausedClock::start();
        let (service, shown) = stage(|_| 200, |turn| if turn == 1 { 5 * SECOND } else { Duration::ZERO });
        let client = builder(service, &clock).build().unwrap();
        let _other = client.me().hold(SessionState::Away).start().unwrap();
        tokio::time::sleep(SECOND).await;
        let first = hold(&client, ada());
        tokio::time::sleep(SECOND).await;
        if gives_up_its_release {
            tokio::time::timeout(SECOND, first.release()).await.unwrap_err();
        } else {
            drop(first);
        }
        let second = client.user(ada()).hold(SessionState::Presenting).start().unwrap();
        second.until_held().await.unwrap();
        tokio::time::sleep(MINUTE).await;
        assert_eq!(*shown.lock().unwrap(), "Presenting", "{gives_up_its_release}");
        drop(second);
        let third = hold(&client, ada());
        tokio::time::timeout(SECOND, third.until_held()).await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_release_waits_for_the_renewal_that_its_hold_is_behind() {
    let clock = PausedClock::start();
    let (service, shown) = stage(|_| 200, |turn| if turn == 0 { 5 * SECOND } else { Duration::ZERO });
    let client = builder(service, &clock).build().unwrap();
    let first = hold(&client, ada());
    tokio::time::sleep(SECOND).await;
    drop(first);
    let second = client.user(ada()).hold(SessionState::Presenting).start().unwrap();
    second.release().await.unwrap();
    assert_eq!(clock.elapsed(), 5 * SECOND);
    tokio::time::sleep(MINUTE).await;
    assert_eq!(*shown.lock().unwrap(), "");
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_what_was_handed_in_is_a_failure_like_others() {
    struct Panics(AtomicUsize);

    impl HttpClient for Panics {
        fn send(&self, _: Request<Bytes>) -> HttpFuture<'_> {
            assert!(self.0.fetch_add(1, Ordering::SeqCst) != 12, "a bug");
            Box::pin(async { Ok(answer(200, "")) })
        }
    }

    let clock = PausedClock::start();
    let client = builder(Panics(0.into()), &clock).build().unwrap();
    let held = holds(&client, 10);
    tokio::time::sleep(HOUR).await;
    assert!(held.iter().all(is_held));
}

#[tokio::test(start_paused = true)]
async fn any_jitter_keeps_the_state_held() {
    for jitter in [0, 1, u32::MAX] {
        let clock = PausedClock::start();
        let client = builder(stage(|_| 200, |_| Duration::ZERO).0, &clock).jitter(move || jitter).build().unwrap();
        let held = hold(&client, ada());
        tokio::time::sleep(10 * MINUTE).await;
        assert!(is_held(&held), "{jitter}: {held:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_of_tokens_that_hangs_is_given_up_and_asked_again() {
    let clock = PausedClock::start();
    let asked = AtomicUsize::new(0);
    let token = token_fn(move || {
        let hangs = asked.fetch_add(1, Ordering::SeqCst) == 1;
        async move {
            if hangs {
                std::future::pending::<()>().await;
            }
            Ok(AccessToken::new(TOKEN))
        }
    });
    let client = Client::builder(token)
        .http_client(stage(|_| 200, |_| Duration::ZERO).0)
        .session_id(SessionId::parse(APPLICATION).unwrap())
        .clock(clock.clone())
        .build()
        .unwrap();
    let held = hold(&client, ada());
    tokio::time::sleep(HOUR).await;
    let HoldStatus::Held { at, .. } = held.status() else { panic!("{held:?}") };
    assert!(clock.now().duration_since(at).as_secs() < 300, "{at}");
    held.release().await.unwrap();
}

/// The longest time between two renewals of a user for whom the service does not fail, in an hour.
fn longest_gap(
    holds: usize,
    fails: impl Fn(usize) -> bool + Send + Sync + 'static,
    retry_after: Option<&'static str>,
    lag: Duration,
) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let clock = PausedClock::start();
        let seen = Arc::new(Mutex::new(vec![(Duration::ZERO, Duration::ZERO); holds]));
        let (log, time) = (seen.clone(), clock.clone());
        let service = Service::new(move |request: Request<Bytes>| {
            let (user, now) = (user(&request), time.elapsed());
            let fails = fails(user);
            let (last, longest) = &mut log.lock().unwrap()[user];
            *longest = if fails { Duration::ZERO } else { (now - *last).max(*longest) };
            *last = now;
            let mut response = Response::builder().status(if fails { 503 } else { 200 });
            if let Some(after) = retry_after.filter(|_| fails) {
                response = response.header("Retry-After", after);
            }
            let lag = if fails { lag } else { Duration::ZERO };
            async move {
                tokio::time::sleep(lag).await;
                response.body(Bytes::new()).unwrap()
            }
        });
        let client = builder(service, &clock).build().unwrap();
        let start = |user| client.user(user).hold(SessionState::Available).start().unwrap();
        let _held: Vec<_> = users(holds).into_iter().map(start).collect();
        tokio::time::sleep(HOUR).await;
        let longest = seen.lock().unwrap().iter().map(|(_, longest)| *longest).max();
        longest.unwrap()
    })
}

#[test]
fn users_for_whom_the_service_fails_do_not_let_others_fade() {
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
    for (holds, every, retry_after, lag) in cases {
        let gap = longest_gap(holds, move |user| user % every == 3, retry_after, lag);
        assert!(gap < 5 * MINUTE, "one of {every} of {holds}, {retry_after:?}, {lag:?}: {gap:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_application_waits_with_all_that_it_holds() {
    let clock = PausedClock::start();
    let (log, time) = (Arc::new(Mutex::new(Vec::new())), clock.clone());
    let written = log.clone();
    let service = Service::new(move |_| {
        let now = time.elapsed();
        written.lock().unwrap().push(now);
        let throttles = (4 * MINUTE..5 * MINUTE).contains(&now);
        let response = Response::builder().status(if throttles { 429 } else { 200 }).header("Retry-After", "70");
        async { response.body(Bytes::new()).unwrap() }
    });
    let client = builder(service, &clock).build().unwrap();
    let held = holds(&client, 5);
    tokio::time::sleep(8 * MINUTE).await;
    let during = log.lock().unwrap().iter().filter(|at| (4 * MINUTE..5 * MINUTE).contains(*at)).count();
    assert_eq!(during, 1, "{:?}", log.lock().unwrap());
    assert!(held.iter().all(is_held));
}

#[tokio::test(start_paused = true)]
async fn a_wait_of_nothing_is_no_invitation() {
    let clock = PausedClock::start();
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let service = Service::new(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        let response = Response::builder().status(503).header("Retry-After", "0");
        async { response.body(Bytes::new()).unwrap() }
    });
    let client = builder(service, &clock).build().unwrap();
    let _held = hold(&client, ada());
    tokio::time::sleep(30 * MINUTE).await;
    let sent = sent.load(Ordering::SeqCst);
    assert!((90..400).contains(&sent), "{sent} in half an hour");
}

#[tokio::test(start_paused = true)]
async fn the_longest_wait_that_was_asked_for_counts() {
    let clock = PausedClock::start();
    let (log, time) = (Arc::new(Mutex::new(Vec::new())), clock.clone());
    let written = log.clone();
    let service = Service::new(move |_| {
        let mut written = written.lock().unwrap();
        written.push(time.elapsed());
        let (status, wait, lag) = match written.len() {
            1 => (429, "60", SECOND),
            2 => (429, "2", 2 * SECOND),
            _ => (200, "0", Duration::ZERO),
        };
        async move {
            tokio::time::sleep(lag).await;
            Response::builder().status(status).header("Retry-After", wait).body(Bytes::new()).unwrap()
        }
    });
    let client = builder(service, &clock).build().unwrap();
    let held = holds(&client, 2);
    tokio::time::sleep(2 * MINUTE).await;
    assert!(held.iter().all(is_held));
    let log = log.lock().unwrap();
    assert!(log.iter().skip(2).all(|at| *at >= 61 * SECOND), "{log:?}");
}

#[tokio::test(start_paused = true)]
async fn a_hundred_failures_at_once_are_one_reason_to_wait() {
    let clock = PausedClock::start();
    let (turn, time) = (AtomicUsize::new(0), clock.clone());
    let service = Service::new(move |_| {
        let turn = u32::try_from(turn.fetch_add(1, Ordering::SeqCst)).unwrap();
        let is_down = time.elapsed() < SECOND;
        async move {
            tokio::time::sleep(turn.min(100) * Duration::from_millis(10)).await;
            answer(if is_down { 503 } else { 200 }, "")
        }
    });
    let client = builder(service, &clock).jitter(|| u32::MAX / 10 * 9).build().unwrap();
    let held = holds(&client, 60);
    tokio::time::sleep(5 * SECOND).await;
    assert!(held.iter().all(is_held), "{held:?}");
}

#[tokio::test(start_paused = true)]
async fn without_any_luck_a_failure_is_not_followed_at_once() {
    let clock = PausedClock::start();
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let service = Service::new(move |_| {
        let is_enough = counter.fetch_add(1, Ordering::SeqCst) > 1000;
        async move { if is_enough { std::future::pending().await } else { answer(503, "") } }
    });
    let client = builder(service, &clock).jitter(|| 0).build().unwrap();
    let _held = hold(&client, ada());
    tokio::time::sleep(MINUTE).await;
    let sent = sent.load(Ordering::SeqCst);
    assert!((500..=601).contains(&sent), "{sent} in a minute");
}

#[tokio::test(start_paused = true)]
async fn whatever_wait_is_asked_for_what_is_held_is_not_forgotten() {
    for (status, wait) in [(503, "86400"), (429, "86400"), (503, "18446744073709551615")] {
        let clock = PausedClock::start();
        let turn = AtomicUsize::new(0);
        let service = Service::new(move |_| {
            let status = if turn.fetch_add(1, Ordering::SeqCst) == 0 { status } else { 200 };
            let response = Response::builder().status(status).header("Retry-After", wait);
            async { response.body(Bytes::new()).unwrap() }
        });
        let client = builder(service, &clock).build().unwrap();
        let held = hold(&client, ada());
        tokio::time::sleep(6 * MINUTE).await;
        assert!(is_held(&held), "{status}, {wait}: {held:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn while_a_service_is_down_it_is_asked_seldom_for_however_many() {
    for count in [10, 3000] {
        let clock = PausedClock::start();
        let (sent, time) = (Arc::new(AtomicUsize::new(0)), clock.clone());
        let counter = sent.clone();
        let service = Service::new(move |_| {
            let is_down = time.elapsed() > 10 * MINUTE;
            counter.fetch_add(usize::from(is_down), Ordering::SeqCst);
            async move { answer(if is_down { 503 } else { 200 }, "") }
        });
        let client = builder(service, &clock).build().unwrap();
        let _held = holds(&client, count);
        tokio::time::sleep(10 * MINUTE + HOUR).await;
        let sent = sent.load(Ordering::SeqCst);
        assert!((120..1000).contains(&sent), "{count}: {sent} requests in an hour");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_said_to_be_held_whose_session_is_over() {
    let clock = PausedClock::start();
    let time = clock.clone();
    let service = Service::new(move |_| {
        let down = time.elapsed() > 10 * MINUTE;
        async move { answer(if down { 503 } else { 200 }, "") }
    });
    let client = builder(service, &clock).build().unwrap();
    let held = holds(&client, 2000);
    tokio::time::sleep(20 * MINUTE).await;
    let said = held.iter().filter(|held| is_held(held)).count();
    assert_eq!(said, 0);
}

#[tokio::test(start_paused = true)]
async fn a_change_goes_ahead_of_thousands_that_start() {
    let clock = PausedClock::start();
    let client = builder(stage(|_| 200, |_| Duration::ZERO).0, &clock).build().unwrap();
    let first = hold(&client, ada());
    first.until_held().await.unwrap();
    let _held = holds(&client, 5000);
    tokio::time::sleep(SECOND).await;
    let began = clock.elapsed();
    first.change(SessionState::Presenting);
    first.until_held().await.unwrap();
    let took = clock.elapsed() - began;
    assert!(took < 3 * SECOND, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_nobody_reads_holds_up_nothing_else() {
    let clock = PausedClock::start();
    let service = Service::new(async |_| answer(200, r#"{"value":[]}"#));
    let client = builder(service, &clock).build().unwrap();
    let held = hold(&client, ada());
    held.until_held().await.unwrap();
    let mut stream = client.presences(users(650 * 120)).stream();
    for _ in 0..110 {
        stream.next().await.unwrap();
    }
    let call = client.user(ada()).set_presence(SessionState::Away).send();
    tokio::time::timeout(MINUTE, call).await.unwrap().unwrap();
    tokio::time::sleep(HOUR).await;
    let HoldStatus::Held { at, .. } = held.status() else { panic!("{held:?}") };
    assert!(clock.now().duration_since(at).as_secs() < 300, "{at}");
    assert_eq!(stream.progress().requested, 650 * 114 - 650);
}

#[tokio::test(start_paused = true)]
async fn ids_without_end_are_taken_as_they_are_needed() {
    let service = Service::new(async |_| answer(200, r#"{"value":[]}"#));
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let ids = (0_u64..).map(|number| UserId::parse(&format!("00000000-0000-0000-0000-{number:012}")).unwrap());
    let mut stream = client.presences(ids).stream();
    for _ in 0..3 {
        stream.next().await.unwrap();
    }
}
