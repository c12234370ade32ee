//! A fake service whose presences and failures are set by the test.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::bytes::Bytes;
use graph_presence::http::{Request, Response};
use graph_presence::watch::{ChangeStream, Event};
use graph_presence::{Client, Clock, UserId};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::in_process::{PausedClock, Service, builder, response};
use crate::virtual_clock::VirtualClock;

pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) struct FakeService {
    pub(super) clock: PausedClock,
    state: Arc<Mutex<State>>,
}

/// Decides the outcome of a call by its time and its users (by number).
type Responder = Box<dyn FnMut(Duration, &[usize]) -> Outcome + Send>;

pub(super) enum Outcome {
    Success,
    Status(u16),
    DelayedStatus(u16, Duration),
    Throttled(&'static str),
    /// Responds after a delay with the presences of the time of the request.
    DelayedSuccess(Duration),
}

struct State {
    presences: BTreeMap<usize, Value>,
    calls: Vec<(Duration, Vec<usize>)>,
    responder: Responder,
}

impl FakeService {
    /// Starts the service. The test needs `start_paused`.
    pub(super) fn start() -> Self {
        let state =
            State { presences: BTreeMap::new(), calls: Vec::new(), responder: Box::new(|_, _| Outcome::Success) };
        Self { clock: PausedClock::start(), state: Arc::new(Mutex::new(state)) }
    }

    pub(super) fn http_client(&self) -> Service {
        let (state, clock) = (self.state.clone(), self.clock.clone());
        Service::new(move |request| {
            let (outcome, body) = state.lock().unwrap().handle(clock.elapsed(), &request);
            let clock = clock.clone();
            async move {
                match outcome {
                    Outcome::Success => response(200, body),
                    Outcome::Status(status) => response(status, "{}"),
                    Outcome::DelayedStatus(status, wait) => {
                        clock.sleep(wait).await;
                        response(status, "{}")
                    }
                    Outcome::Throttled(retry_after) => {
                        let response = Response::builder().status(429).header("Retry-After", retry_after);
                        response.body(Bytes::new()).unwrap()
                    }
                    Outcome::DelayedSuccess(wait) => {
                        clock.sleep(wait).await;
                        response(200, body)
                    }
                }
            }
        })
    }

    pub(super) fn client(&self) -> Client {
        builder(self.http_client(), &self.clock).build().unwrap()
    }

    pub(super) fn set_availability(&self, user: usize, availability: &str) {
        self.set_presence(user, json!({ "availability": availability }));
    }

    pub(super) fn set_versioned(&self, user: usize, availability: &str, sequence_number: &str) {
        self.set_presence(user, json!({ "availability": availability, "sequenceNumber": sequence_number }));
    }

    pub(super) fn set_presence(&self, user: usize, mut presence: Value) {
        presence["id"] = id(user).to_string().into();
        self.state.lock().unwrap().presences.insert(user, presence);
    }

    /// Omits the user from responses.
    pub(super) fn omit(&self, user: usize) {
        self.state.lock().unwrap().presences.remove(&user);
    }

    pub(super) fn respond_with(&self, responder: impl FnMut(Duration, &[usize]) -> Outcome + Send + 'static) {
        self.state.lock().unwrap().responder = Box::new(responder);
    }

    /// Returns the time in seconds and the users of each call since the last time this was called.
    pub(super) fn calls(&self) -> Vec<(f64, Vec<usize>)> {
        let calls = std::mem::take(&mut self.state.lock().unwrap().calls);
        calls.into_iter().map(|(at, users)| (at.as_secs_f64(), users)).collect()
    }

    /// Advances the time, and lets all tasks run that are due by then.
    pub(super) async fn advance(&self, duration: Duration) {
        // The additional millisecond lets tasks run that are due at the same time.
        self.clock.sleep(duration).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

impl State {
    fn handle(&mut self, now: Duration, request: &Request<Bytes>) -> (Outcome, String) {
        let users = requested_users(request);
        let presences: Vec<_> = users.iter().filter_map(|user| self.presences.get(user)).collect();
        let body = json!({ "value": presences }).to_string();
        let outcome = (self.responder)(now, &users);
        self.calls.push((now, users));
        (outcome, body)
    }
}

pub(super) fn id(user: usize) -> UserId {
    UserId::parse(&format!("00000000-0000-0000-0000-{user:012}")).unwrap()
}

/// Returns the users (by number) that a call requests. Parsing the body as JSON would take most of the time of the
/// tests.
pub(super) fn requested_users(request: &Request<Bytes>) -> Vec<usize> {
    let body = str::from_utf8(request.body()).unwrap().strip_prefix(r#"{"ids":[""#).unwrap();
    body.strip_suffix(r#""]}"#).unwrap().split(r#"",""#).map(user_number).collect()
}

pub(super) fn user_number(id: &str) -> usize {
    id[24..].parse().unwrap()
}

/// Awaits a future for at most an hour, so that a test fails instead of hanging.
pub(super) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let output = tokio::time::timeout(3600 * SECOND, future).await.unwrap();
    // The timeout polls the future a last time even if it was not woken, which must not count.
    assert!(start.elapsed() < 3600 * SECOND);
    output
}

/// Returns the events that are ready.
pub(super) fn ready_events(changes: &mut ChangeStream) -> Vec<Event> {
    std::iter::from_fn(|| changes.next().now_or_never().flatten()).collect()
}

/// Returns the events that are ready, formatted by [`event_line`].
pub(super) fn ready_event_lines(changes: &mut ChangeStream) -> Vec<String> {
    ready_events(changes).iter().map(event_line).collect()
}

/// Formats an event: `3 Away>Busy @30`, `3 >Away @0` or `failed 503: 2 calls, 650 users since 30`.
pub(super) fn event_line(event: &Event) -> String {
    let seconds = |at: graph_presence::jiff::Timestamp| at.duration_since(VirtualClock::start()).as_secs();
    match event {
        Event::Change(change) => {
            let before = change.before.as_ref().map_or("", |before| before.availability.as_str());
            let (user, after) = (user_number(&change.user.to_string()), &change.after.availability);
            format!("{user} {before}>{after} @{}", seconds(change.seen_at))
        }
        Event::PollFailed(failure) => {
            let status = failure.error.status().map_or("?".to_owned(), |status| status.as_u16().to_string());
            let (calls, users, since) = (failure.calls, failure.users, seconds(failure.since));
            format!("failed {status}: {calls} calls, {users} users since {since}")
        }
        _ => unreachable!(),
    }
}
