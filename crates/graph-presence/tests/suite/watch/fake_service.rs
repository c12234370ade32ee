//! A service in which each user shows what the test has them show.

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

use crate::in_process::{PausedClock, Service, answer, builder};
use crate::time::VirtualClock;

pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) struct Office {
    pub(super) clock: PausedClock,
    desk: Arc<Mutex<Desk>>,
}

/// What happens to a call for these users (by number) at a time.
type Trouble = Box<dyn FnMut(Duration, &[usize]) -> Fate + Send>;

pub(super) enum Fate {
    Answered,
    Refused(u16),
    RefusedLate(u16, Duration),
    Throttled(&'static str),
    /// The answer is what is true now, and comes later.
    Late(Duration),
}

struct Desk {
    shown: BTreeMap<usize, Value>,
    calls: Vec<(Duration, Vec<usize>)>,
    trouble: Trouble,
}

impl Office {
    /// In a test of `start_paused`.
    pub(super) fn open() -> Self {
        let desk = Desk { shown: BTreeMap::new(), calls: Vec::new(), trouble: Box::new(|_, _| Fate::Answered) };
        Self { clock: PausedClock::start(), desk: Arc::new(Mutex::new(desk)) }
    }

    pub(super) fn service(&self) -> Service {
        let (desk, clock) = (self.desk.clone(), self.clock.clone());
        Service::new(move |request| {
            let (fate, body) = desk.lock().unwrap().look(clock.elapsed(), &request);
            let clock = clock.clone();
            async move {
                match fate {
                    Fate::Answered => answer(200, body),
                    Fate::Refused(status) => answer(status, "{}"),
                    Fate::RefusedLate(status, wait) => {
                        clock.sleep(wait).await;
                        answer(status, "{}")
                    }
                    Fate::Throttled(retry_after) => {
                        let response = Response::builder().status(429).header("Retry-After", retry_after);
                        response.body(Bytes::new()).unwrap()
                    }
                    Fate::Late(wait) => {
                        clock.sleep(wait).await;
                        answer(200, body)
                    }
                }
            }
        })
    }

    pub(super) fn client(&self) -> Client {
        builder(self.service(), &self.clock).build().unwrap()
    }

    pub(super) fn shows(&self, user: usize, availability: &str) {
        self.shows_all(user, json!({ "availability": availability }));
    }

    pub(super) fn shows_as(&self, user: usize, availability: &str, sequence_number: &str) {
        self.shows_all(user, json!({ "availability": availability, "sequenceNumber": sequence_number }));
    }

    pub(super) fn shows_all(&self, user: usize, mut presence: Value) {
        presence["id"] = id(user).to_string().into();
        self.desk.lock().unwrap().shown.insert(user, presence);
    }

    /// The service says nothing of the user any more.
    pub(super) fn hides(&self, user: usize) {
        self.desk.lock().unwrap().shown.remove(&user);
    }

    pub(super) fn meets(&self, trouble: impl FnMut(Duration, &[usize]) -> Fate + Send + 'static) {
        self.desk.lock().unwrap().trouble = Box::new(trouble);
    }

    /// Second and users of each call since this was last asked.
    pub(super) fn calls(&self) -> Vec<(f64, Vec<usize>)> {
        let calls = std::mem::take(&mut self.desk.lock().unwrap().calls);
        calls.into_iter().map(|(at, users)| (at.as_secs_f64(), users)).collect()
    }

    /// Time passes, and what is to happen in it happens.
    pub(super) async fn pass(&self, duration: Duration) {
        // Behind what happens at the same instant.
        self.clock.sleep(duration).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

impl Desk {
    fn look(&mut self, now: Duration, request: &Request<Bytes>) -> (Fate, String) {
        let asked = asked(request);
        let shown: Vec<_> = asked.iter().filter_map(|user| self.shown.get(user)).collect();
        let body = json!({ "value": shown }).to_string();
        let fate = (self.trouble)(now, &asked);
        self.calls.push((now, asked));
        (fate, body)
    }
}

pub(super) fn id(user: usize) -> UserId {
    UserId::parse(&format!("00000000-0000-0000-0000-{user:012}")).unwrap()
}

/// Whom a call is for. It need not be read as JSON to tell: that would be most of what a test costs.
pub(super) fn asked(request: &Request<Bytes>) -> Vec<usize> {
    let body = str::from_utf8(request.body()).unwrap().strip_prefix(r#"{"ids":[""#).unwrap();
    body.strip_suffix(r#""]}"#).unwrap().split(r#"",""#).map(number).collect()
}

pub(super) fn number(id: &str) -> usize {
    id[24..].parse().unwrap()
}

/// What comes before an hour has passed: otherwise the test fails instead of waiting for ever.
pub(super) async fn in_time<T>(coming: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let come = tokio::time::timeout(3600 * SECOND, coming).await.unwrap();
    // At the end of the time it is looked at once more, though nobody may have been woken.
    assert!(began.elapsed() < 3600 * SECOND);
    come
}

/// What can be taken at once.
pub(super) fn take(changes: &mut ChangeStream) -> Vec<Event> {
    std::iter::from_fn(|| changes.next().now_or_never().flatten()).collect()
}

/// As [`take`], in a line each.
pub(super) fn told(changes: &mut ChangeStream) -> Vec<String> {
    take(changes).iter().map(line).collect()
}

/// `3 Away>Busy @30`, `3 >Away @0` or `failed 503: 2 calls, 650 users since 30`.
pub(super) fn line(event: &Event) -> String {
    let second = |at: graph_presence::jiff::Timestamp| at.duration_since(VirtualClock::start()).as_secs();
    match event {
        Event::Change(change) => {
            let before = change.before.as_ref().map_or("", |before| before.availability.as_str());
            let (user, after) = (number(&change.user.to_string()), &change.after.availability);
            format!("{user} {before}>{after} @{}", second(change.seen_at))
        }
        Event::PollFailed(failed) => {
            let status = failed.error.status().map_or("?".to_owned(), |status| status.as_u16().to_string());
            let (calls, users, since) = (failed.calls, failed.users, second(failed.since));
            format!("failed {status}: {calls} calls, {users} users since {since}")
        }
        _ => unreachable!(),
    }
}
