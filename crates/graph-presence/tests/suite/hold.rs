//! Holds in virtual time: requests, statuses, and releases.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::hold::{HoldHandle, HoldStatus};
use graph_presence::http::Request;
use graph_presence::{Client, Clock, Expiration, SessionState};

use crate::in_process::{PausedClock, Service, builder, response};
use crate::server::ada;

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// The requests that a service received, with their times.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<(Duration, String)>>>);

impl Log {
    pub(crate) fn record(&self, clock: &PausedClock, request: &Request<Bytes>) {
        let action = request.uri().path().rsplit('/').next().unwrap_or_default();
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let values = ["activity", "expirationDuration"].map(|name| body[name].as_str().unwrap_or_default().to_owned());
        let line = format!("{action} {}", values.join(" "));
        self.0.lock().unwrap().push((clock.elapsed(), line.trim().to_owned()));
    }

    /// Returns the requests since the last call.
    pub(crate) fn take(&self) -> Vec<(Duration, String)> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.take().into_iter().map(|(_, line)| line).collect()
    }
}

/// Returns a service whose response status depends on the time, and its log.
pub(crate) fn logging_service(
    clock: &PausedClock,
    status: impl Fn(Duration) -> u16 + Send + Sync + 'static,
) -> (Service, Log) {
    let log = Log::default();
    let (service_log, clock) = (log.clone(), clock.clone());
    let service = Service::new(move |request| {
        service_log.record(&clock, &request);
        let response = response(status(clock.elapsed()), "");
        async { response }
    });
    (service, log)
}

pub(crate) fn start_hold(client: &Client, state: SessionState) -> HoldHandle {
    client.user(ada()).hold(state).start().unwrap()
}

/// Lets all tasks run that are due now.
pub(crate) async fn run_due_tasks() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

pub(crate) fn status_text(status: &HoldStatus) -> String {
    match status {
        HoldStatus::Held { state, .. } => format!("held {state}"),
        HoldStatus::Retrying { error, .. } => format!("retrying: {error}"),
        HoldStatus::Lost { error, .. } => format!("lost: {error}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

#[tokio::test(start_paused = true)]
async fn state_is_set_immediately_and_renewed_before_it_fades() {
    let clock = PausedClock::start();
    let (service, log) = logging_service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let hold = start_hold(&client, SessionState::Available);
    assert_eq!(status_text(&hold.status()), "pending");
    hold.until_held().await.unwrap();
    assert_eq!(status_text(&hold.status()), "held Available/Available");
    tokio::time::sleep(HOUR).await;
    let sent = log.take();
    assert!(sent.iter().all(|(_, line)| line == "setPresence Available PT10M"), "{sent:?}");
    assert_eq!(sent[0].0, Duration::ZERO);
    let gaps: Vec<_> = sent.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!(gaps.iter().all(|gap| (4 * MINUTE..4 * MINUTE + Duration::from_secs(21)).contains(gap)), "{gaps:?}");
    assert!(gaps.windows(2).any(|pair| pair[0] != pair[1]), "{gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn expiration_can_be_set() {
    let clock = PausedClock::start();
    let (service, log) = logging_service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let builder = client.user(ada()).hold(SessionState::Away).expires_after(Expiration::hours(1).unwrap());
    let hold = builder.start().unwrap();
    hold.until_held().await.unwrap();
    assert_eq!(log.lines(), ["setPresence Away PT1H"]);
}

#[tokio::test(start_paused = true)]
async fn changed_state_is_sent_immediately() {
    let clock = PausedClock::start();
    let (service, log) = logging_service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let hold = start_hold(&client, SessionState::InACall);
    hold.until_held().await.unwrap();
    tokio::time::sleep(MINUTE).await;
    hold.change(SessionState::InACall);
    run_due_tasks().await;
    assert_eq!(log.lines(), ["setPresence InACall PT10M"]);
    hold.change(SessionState::Presenting);
    assert_eq!(status_text(&hold.status()), "pending");
    run_due_tasks().await;
    assert_eq!(status_text(&hold.status()), "held DoNotDisturb/Presenting");
    assert_eq!(log.lines(), ["setPresence Presenting PT10M"]);
}

#[tokio::test(start_paused = true)]
async fn state_changed_during_a_renewal_is_sent_afterwards() {
    let clock = PausedClock::start();
    let log = Log::default();
    let (service_log, service_clock) = (log.clone(), clock.clone());
    let service = Service::new(move |request| {
        service_log.record(&service_clock, &request);
        async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            response(200, "")
        }
    });
    let client = builder(service, &clock).build().unwrap();
    let hold = start_hold(&client, SessionState::InACall);
    tokio::time::sleep(Duration::from_secs(1)).await;
    hold.change(SessionState::Presenting);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(status_text(&hold.status()), "pending");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(status_text(&hold.status()), "held DoNotDisturb/Presenting");
    let sent = log.take();
    assert_eq!(sent.iter().map(|(at, _)| at.as_secs()).collect::<Vec<_>>(), [0, 5], "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn permanent_errors_end_the_hold_and_transient_errors_are_retried() {
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
    for (status, is_transient) in cases {
        let clock = PausedClock::start();
        let (service, log) = logging_service(&clock, move |elapsed| if elapsed < 3 * MINUTE { status } else { 200 });
        let client = builder(service, &clock).build().unwrap();
        let hold = start_hold(&client, SessionState::InACall);
        tokio::time::sleep(MINUTE).await;
        let text = status_text(&hold.status());
        assert!(text.starts_with(if is_transient { "retrying" } else { "lost" }), "{status}: {text}");
        assert!(text.contains(&status.to_string()), "{status}: {text}");
        tokio::time::sleep(2 * MINUTE + Duration::from_secs(21)).await;
        if is_transient {
            assert_eq!(status_text(&hold.status()), "held Busy/InACall", "{status}");
            assert!(log.take().len() < 40, "{status}");
        } else {
            let error = hold.until_held().await.unwrap_err();
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(log.take().len(), 1, "{status}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn statuses_change_until_the_hold_ends() {
    let clock = PausedClock::start();
    let (service, _) = logging_service(&clock, |elapsed| match elapsed.as_secs() {
        0..60 => 200,
        60..600 => 503,
        _ => 403,
    });
    let client = builder(service, &clock).build().unwrap();
    let hold = start_hold(&client, SessionState::Away);
    let mut statuses = hold.statuses();
    let mut texts: Vec<String> = Vec::new();
    let mut since = None;
    while let Some(status) = statuses.changed().await {
        if let HoldStatus::Retrying { since: first, .. } = &status {
            assert_eq!(*since.get_or_insert(*first), *first);
        }
        let text = status_text(&status).split(':').next().unwrap().to_owned();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
    }
    assert_eq!(texts, ["held Away/Away", "retrying", "lost"]);
    assert_eq!(status_text(&statuses.current()), status_text(&hold.status()));
}

#[tokio::test(start_paused = true)]
async fn second_hold_of_a_user_is_rejected() {
    let clock = PausedClock::start();
    let (service, _) = logging_service(&clock, |elapsed| if elapsed < HOUR { 200 } else { 403 });
    let client = builder(service, &clock).build().unwrap();
    let start = || client.user(ada()).hold(SessionState::InACall).start();
    let first = start().unwrap();
    let on_other_path = client.clone().communications(ada()).hold(SessionState::Away).start();
    insta::assert_snapshot!(on_other_path.unwrap_err(), @"set presence: session already held for this user: call HoldHandle::change or HoldHandle::release first");
    client.me().hold(SessionState::Away).start().unwrap().release().await.unwrap();
    first.release().await.unwrap();
    drop(start().unwrap());
    let third = start().unwrap();
    tokio::time::sleep(HOUR + 5 * MINUTE).await;
    assert!(status_text(&third.status()).starts_with("lost"));
    let fourth = start().unwrap();
    drop(third);
    start().unwrap_err();
    drop(fourth);
}
