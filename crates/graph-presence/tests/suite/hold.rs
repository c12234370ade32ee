//! Held states, in virtual time: what is sent when, what is told, and what an observer sees.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::hold::{HoldHandle, HoldStatus, Visibility};
use graph_presence::http::Request;
use graph_presence::{AccessToken, Client, Clock, Expiration, PreferredState, SessionId, SessionState};
use graph_presence_emulator::{Caller, Emulator, Guid};
use tokio::runtime::Handle;

use crate::in_process::{PausedClock, Service, answer, builder};
use crate::server::{ADA, APPLICATION, TOKEN, ada};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// What a service was asked, and when.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Duration, String)>>>);

impl Log {
    fn write(&self, clock: &PausedClock, request: &Request<Bytes>) {
        let action = request.uri().path().rsplit('/').next().unwrap_or_default();
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let words = ["activity", "expirationDuration"].map(|name| body[name].as_str().unwrap_or_default().to_owned());
        let line = format!("{action} {}", words.join(" "));
        self.0.lock().unwrap().push((clock.elapsed(), line.trim().to_owned()));
    }

    /// What came since this was asked last.
    fn take(&self) -> Vec<(Duration, String)> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn lines(&self) -> Vec<String> {
        self.take().into_iter().map(|(_, line)| line).collect()
    }
}

/// A service that answers with what `status` says at the time.
fn service(clock: &PausedClock, status: impl Fn(Duration) -> u16 + Send + Sync + 'static) -> (Service, Log) {
    let log = Log::default();
    let (written, clock) = (log.clone(), clock.clone());
    let service = Service::new(move |request| {
        written.write(&clock, &request);
        let answer = answer(status(clock.elapsed()), "");
        async { answer }
    });
    (service, log)
}

fn held(client: &Client, state: SessionState) -> HoldHandle {
    client.user(ada()).hold(state).start().unwrap()
}

/// Lets everything happen that is due at this instant.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

fn word(status: &HoldStatus) -> String {
    match status {
        HoldStatus::Held { state, .. } => format!("held {state}"),
        HoldStatus::Retrying { error, .. } => format!("retrying: {error}"),
        HoldStatus::Lost { error, .. } => format!("lost: {error}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_is_set_at_once_and_renewed_ahead_of_the_fade_with_jitter() {
    let clock = PausedClock::start();
    let (service, log) = service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let held = held(&client, SessionState::Available);
    assert_eq!(word(&held.status()), "pending");
    held.until_held().await.unwrap();
    assert_eq!(word(&held.status()), "held Available/Available");
    tokio::time::sleep(HOUR).await;
    let sent = log.take();
    assert!(sent.iter().all(|(_, line)| line == "setPresence Available PT10M"), "{sent:?}");
    assert_eq!(sent[0].0, Duration::ZERO);
    let gaps: Vec<_> = sent.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!(gaps.iter().all(|gap| (4 * MINUTE..4 * MINUTE + Duration::from_secs(21)).contains(gap)), "{gaps:?}");
    assert!(gaps.windows(2).any(|pair| pair[0] != pair[1]), "{gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn the_expiration_is_what_was_said() {
    let clock = PausedClock::start();
    let (service, log) = service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let hold = client.user(ada()).hold(SessionState::Away).expires_after(Expiration::hours(1).unwrap());
    let held = hold.start().unwrap();
    held.until_held().await.unwrap();
    assert_eq!(log.lines(), ["setPresence Away PT1H"]);
}

#[tokio::test(start_paused = true)]
async fn another_state_is_sent_at_once_and_the_same_one_is_not() {
    let clock = PausedClock::start();
    let (service, log) = service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let held = held(&client, SessionState::InACall);
    held.until_held().await.unwrap();
    tokio::time::sleep(MINUTE).await;
    held.change(SessionState::InACall);
    settle().await;
    assert_eq!(log.lines(), ["setPresence InACall PT10M"]);
    held.change(SessionState::Presenting);
    assert_eq!(word(&held.status()), "pending");
    settle().await;
    assert_eq!(word(&held.status()), "held DoNotDisturb/Presenting");
    assert_eq!(log.lines(), ["setPresence Presenting PT10M"]);
}

#[tokio::test(start_paused = true)]
async fn a_state_that_changes_while_it_is_sent_is_sent_again() {
    let clock = PausedClock::start();
    let (log, written) = (Log::default(), clock.clone());
    let writer = log.clone();
    let service = Service::new(move |request| {
        writer.write(&written, &request);
        async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            answer(200, "")
        }
    });
    let client = builder(service, &clock).build().unwrap();
    let held = held(&client, SessionState::InACall);
    tokio::time::sleep(Duration::from_secs(1)).await;
    held.change(SessionState::Presenting);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(word(&held.status()), "pending");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(word(&held.status()), "held DoNotDisturb/Presenting");
    let sent = log.take();
    assert_eq!(sent.iter().map(|(at, _)| at.as_secs()).collect::<Vec<_>>(), [0, 5], "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn releasing_ends_the_session_and_sends_no_more() {
    for status in [200, 204, 404] {
        let clock = PausedClock::start();
        let log = Log::default();
        let (writer, now) = (log.clone(), clock.clone());
        let service = Service::new(move |request| {
            writer.write(&now, &request);
            let clears = request.uri().path().ends_with("clearPresence");
            async move { answer(if clears { status } else { 200 }, "") }
        });
        let client = builder(service, &clock).build().unwrap();
        let held = held(&client, SessionState::InACall);
        held.until_held().await.unwrap();
        held.release().await.unwrap();
        tokio::time::sleep(HOUR).await;
        assert_eq!(log.lines(), ["setPresence InACall PT10M", "clearPresence"], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_release_that_is_refused_says_why() {
    let clock = PausedClock::start();
    let (service, _) = service(&clock, |elapsed| if elapsed < MINUTE { 200 } else { 403 });
    let client = builder(service, &clock).build().unwrap();
    let held = held(&client, SessionState::InACall);
    held.until_held().await.unwrap();
    tokio::time::sleep(MINUTE).await;
    let error = held.release().await.unwrap_err();
    assert!(error.is_forbidden(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_renewal_under_way_ends_before_the_session_is_cleared() {
    let clock = PausedClock::start();
    let log = Log::default();
    let (writer, now) = (log.clone(), clock.clone());
    // It takes effect late.
    let service = Service::new(move |request: Request<Bytes>| {
        let (writer, now) = (writer.clone(), now.clone());
        async move {
            if request.uri().path().ends_with("setPresence") {
                tokio::time::sleep(Duration::from_secs(7)).await;
            }
            writer.write(&now, &request);
            answer(200, "")
        }
    });
    let client = builder(service, &clock).build().unwrap();
    let held = held(&client, SessionState::InACall);
    tokio::time::sleep(Duration::from_secs(2)).await;
    held.release().await.unwrap();
    tokio::time::sleep(HOUR).await;
    assert_eq!(log.lines(), ["setPresence InACall PT10M", "clearPresence"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_is_not_renewed() {
    let clock = PausedClock::start();
    let (service, log) = service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let held = held(&client, SessionState::InACall);
    held.until_held().await.unwrap();
    drop(held);
    tokio::time::sleep(HOUR).await;
    assert_eq!(log.lines(), ["setPresence InACall PT10M"]);
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_heal_is_lost_and_what_heals_is_tried_until_it_does() {
    let cases = [
        (400, false),
        (401, true),
        (403, false),
        (404, false),
        (405, false),
        (408, true),
        (410, false),
        (415, false),
        (429, true),
        (500, true),
        (502, true),
        (503, true),
        (504, true),
        (507, true),
        (302, true),
    ];
    for (status, heals) in cases {
        let clock = PausedClock::start();
        let (service, log) = service(&clock, move |elapsed| if elapsed < 3 * MINUTE { status } else { 200 });
        let client = builder(service, &clock).build().unwrap();
        let held = held(&client, SessionState::InACall);
        tokio::time::sleep(MINUTE).await;
        let told = word(&held.status());
        assert!(told.starts_with(if heals { "retrying" } else { "lost" }), "{status}: {told}");
        assert!(told.contains(&status.to_string()), "{status}: {told}");
        tokio::time::sleep(2 * MINUTE + Duration::from_secs(21)).await;
        if heals {
            assert_eq!(word(&held.status()), "held Busy/InACall", "{status}");
            assert!(log.take().len() < 40, "{status}");
        } else {
            let error = held.until_held().await.unwrap_err();
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(log.take().len(), 1, "{status}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn statuses_are_told_as_they_change_and_end_with_the_hold() {
    let clock = PausedClock::start();
    let (service, _) = service(&clock, |elapsed| match elapsed.as_secs() {
        0..60 => 200,
        60..600 => 503,
        _ => 403,
    });
    let client = builder(service, &clock).build().unwrap();
    let held = held(&client, SessionState::Away);
    let mut statuses = held.statuses();
    let mut told: Vec<String> = Vec::new();
    let mut since = None;
    while let Some(status) = statuses.changed().await {
        if let HoldStatus::Retrying { since: first, .. } = &status {
            assert_eq!(*since.get_or_insert(*first), *first);
        }
        let word = word(&status).split(':').next().unwrap().to_owned();
        if told.last() != Some(&word) {
            told.push(word);
        }
    }
    assert_eq!(told, ["held Away/Away", "retrying", "lost"]);
    assert_eq!(word(&statuses.current()), word(&held.status()));
}

#[tokio::test(start_paused = true)]
async fn a_user_is_held_once_until_it_is_over() {
    let clock = PausedClock::start();
    let (service, _) = service(&clock, |elapsed| if elapsed < HOUR { 200 } else { 403 });
    let client = builder(service, &clock).build().unwrap();
    let start = || client.user(ada()).hold(SessionState::InACall).start();
    let first = start().unwrap();
    let by_other_path = client.clone().communications(ada()).hold(SessionState::Away).start();
    insta::assert_snapshot!(by_other_path.unwrap_err(), @"set presence: the client already holds a state of this user: change that hold, or release it first");
    client.me().hold(SessionState::Away).start().unwrap().release().await.unwrap();
    first.release().await.unwrap();
    drop(start().unwrap());
    let third = start().unwrap();
    tokio::time::sleep(HOUR + 5 * MINUTE).await;
    assert!(word(&third.status()).starts_with("lost"));
    let fourth = start().unwrap();
    drop(third);
    start().unwrap_err();
    drop(fourth);
}

#[test]
fn without_a_runtime_or_a_session_nothing_starts() {
    let client = Client::builder(AccessToken::new(TOKEN)).session_id(SessionId::parse(APPLICATION).unwrap()).build();
    let error = client.unwrap().me().hold(SessionState::Away).start().unwrap_err();
    insta::assert_snapshot!(error, @"set presence: tokio runtime not found: call this on a thread of a tokio runtime");
    let client = Client::builder(AccessToken::new(TOKEN)).build().unwrap();
    let error = client.me().hold(SessionState::Away).start().unwrap_err();
    assert!(error.is_invalid_input() && error.to_string().contains("session id"), "{error}");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

/// A hold whose runtime was shut down, with its client and what it has sent.
fn lost_with_its_runtime() -> (Client, Log, HoldHandle) {
    let first = runtime();
    let clock = first.block_on(async { PausedClock::start() });
    let (service, log) = service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let held = first.block_on(async {
        let held = held(&client, SessionState::InACall);
        held.until_held().await.unwrap();
        held
    });
    drop(first);
    assert!(word(&held.status()).starts_with("lost"), "{}", word(&held.status()));
    (client, log, held)
}

#[test]
fn what_is_held_is_lost_with_its_runtime_and_can_be_held_on_another() {
    let (client, log, lost) = lost_with_its_runtime();
    runtime().block_on(async {
        let again = held(&client, SessionState::Away);
        drop(lost);
        again.until_held().await.unwrap();
    });
    assert_eq!(log.lines(), ["setPresence InACall PT10M", "setPresence Away PT10M"]);
}

#[test]
fn what_was_lost_with_its_runtime_is_ended_on_another() {
    let (client, log, lost) = lost_with_its_runtime();
    runtime().block_on(lost.release()).unwrap();
    assert_eq!(log.lines(), ["setPresence InACall PT10M", "clearPresence"]);
    runtime().block_on(async { held(&client, SessionState::Away).until_held().await.unwrap() });
}

#[test]
fn a_lost_hold_whose_user_is_held_again_is_released_without_a_request() {
    let (client, log, lost) = lost_with_its_runtime();
    runtime().block_on(async {
        let again = held(&client, SessionState::Away);
        again.until_held().await.unwrap();
        lost.release().await.unwrap();
    });
    assert_eq!(log.lines(), ["setPresence InACall PT10M", "setPresence Away PT10M"]);
}

/// A clock of a machine that sleeps for an hour after the first minute, which its timers do not notice.
#[derive(Debug)]
struct Sleepy(PausedClock);

impl Clock for Sleepy {
    fn now(&self) -> graph_presence::jiff::Timestamp {
        let awake = Clock::now(&self.0);
        if self.0.elapsed() < MINUTE { awake } else { awake + HOUR }
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> graph_presence::Sleep<'_> {
        self.0.sleep(duration)
    }
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_slept_renews_soon_after_it_woke() {
    let clock = PausedClock::start();
    let (service, log) = service(&clock, |_| 200);
    let client = builder(service, &clock).clock(Sleepy(clock.clone())).build().unwrap();
    let _held = held(&client, SessionState::Available);
    tokio::time::sleep(2 * MINUTE).await;
    let sent: Vec<_> = log.take().iter().map(|(at, _)| at.as_secs()).collect();
    assert!(matches!(sent[..], [0, 60..=90]), "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn dropping_at_any_point_leaves_nothing_running() {
    let tasks = || Handle::current().metrics().num_alive_tasks();
    for polls in 1..45 {
        let clock = PausedClock::start();
        let service = Service::new(async |_| {
            tokio::time::sleep(Duration::from_secs(3)).await;
            answer(200, "")
        });
        let client = builder(service, &clock).build().unwrap();
        let mut whole = Box::pin(async {
            let held = held(&client, SessionState::InACall);
            held.until_held().await.unwrap();
            tokio::time::sleep(4 * MINUTE).await;
            held.change(SessionState::Presenting);
            tokio::time::sleep(Duration::from_secs(1)).await;
            held.release().await.unwrap();
        });
        let mut ended = false;
        for _ in 0..polls {
            ended =
                std::future::poll_fn(|context| std::task::Poll::Ready(whole.as_mut().poll(context).is_ready())).await;
            if ended {
                break;
            }
            tokio::time::sleep(Duration::from_millis(6500)).await;
        }
        assert!(ended || polls < 44, "the last one sees the end");
        drop(whole);
        settle().await;
        assert_eq!(tasks(), 0, "after {polls} polls, ended: {ended}");
    }
}

#[tokio::test]
async fn what_is_read_back_says_whether_it_is_shown_or_what_outranks_it() {
    let emulator = Emulator::start().await.unwrap();
    let user = Guid::parse(ADA).unwrap();
    let token = AccessToken::new(emulator.token(Caller::user(user)));
    let session = SessionId::parse(APPLICATION).unwrap();
    let client = Client::builder(token).base_url(emulator.url()).session_id(session).build().unwrap();
    let held = client.me().hold(SessionState::InACall).start().unwrap();
    held.until_held().await.unwrap();
    let visibility = async || held.read_back().await.unwrap().visibility;

    assert_eq!(visibility().await, Visibility::Shown);
    emulator.sign_in(user, "Available", "Available");
    assert_eq!(visibility().await, Visibility::Shown);
    for (availability, activity) in [("DoNotDisturb", "Presenting"), ("Busy", "InAMeeting")] {
        emulator.sign_in(user, availability, activity);
        assert_eq!(visibility().await, Visibility::OutrankedBySession);
    }
    for choice in PreferredState::ALL {
        client.me().set_preferred_presence(choice).send().await.unwrap();
        let expected = match choice {
            PreferredState::Available | PreferredState::Away => Visibility::PreferredOrPending,
            _ => Visibility::OutrankedByPreferred,
        };
        assert_eq!(visibility().await, expected, "{choice}");
    }
    client.me().clear_preferred_presence().send().await.unwrap();
    emulator.sign_out(user);
    assert_eq!(visibility().await, Visibility::Shown);
    client.me().clear_presence().send().await.unwrap();
    assert_eq!(visibility().await, Visibility::NotShown);
}

#[tokio::test(start_paused = true)]
async fn what_is_seen_of_an_available_that_faded_is_not_what_is_held() {
    for (seen, visibility) in [
        ("Available/AvailableInactive", Visibility::NotShown),
        ("Away/Away", Visibility::PreferredOrPending),
        ("Busy/InACall", Visibility::OutrankedBySession),
        ("inAMeeting/busy", Visibility::OutrankedBySession),
        ("AvailableIdle/Available", Visibility::OutrankedBySession),
        ("Offline/Offline", Visibility::NotShown),
        ("PresenceUnknown/PresenceUnknown", Visibility::NotShown),
        ("Juggling/Torches", Visibility::NotShown),
    ] {
        let (availability, activity) = seen.split_once('/').unwrap();
        let body = format!(r#"{{"availability":"{availability}","activity":"{activity}"}}"#);
        let service = Service::new(move |_| {
            let body = body.clone();
            async { answer(200, body) }
        });
        let client = builder(service, &PausedClock::start()).build().unwrap();
        let held = held(&client, SessionState::Available);
        assert_eq!(held.read_back().await.unwrap().visibility, visibility, "{seen}");
    }
}
