//! A hundred thousand users whose presences change two thousand times a minute.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::http::{Request, Response};
use graph_presence::watch::{Change, ChangeStream, Event};
use graph_presence::{Clock, Quota};

use super::fake_service::{SECOND, ready_event_lines, ready_events, requested_users, user_number};
use crate::in_process::{PausedClock, Service, builder, paused_runtime, response};
use crate::quota::max_in_window;
use crate::server::users;
use crate::virtual_clock::VirtualClock;

const STATES: [&str; 6] = ["Available", "Busy", "DoNotDisturb", "BeRightBack", "Away", "Offline"];
const CHANGE_INTERVAL: Duration = Duration::from_millis(30);

/// Users whose presences change at random over time.
struct SimulatedUsers {
    random: fastrand::Rng,
    /// The history of each user: start and state of each version. The last version is the current one.
    histories: Vec<Vec<(Duration, u8)>>,
    changes_until: Duration,
    next_change: Duration,
    calls: Vec<Duration>,
}

impl SimulatedUsers {
    fn new(users: usize, seed: u64, changes_until: Duration) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let histories = (0..users).map(|_| vec![(Duration::ZERO, random.u8(0..6))]).collect();
        Self { random, histories, changes_until, next_change: CHANGE_INTERVAL, calls: Vec::new() }
    }

    /// Applies all changes until `now`.
    fn advance_to(&mut self, now: Duration) {
        while self.next_change <= now.min(self.changes_until) {
            let user = self.random.usize(0..self.histories.len());
            let versions = &mut self.histories[user];
            let state = (versions.last().unwrap().1 + self.random.u8(1..6)) % 6;
            versions.push((self.next_change, state));
            self.next_change += CHANGE_INTERVAL;
        }
    }

    /// Responds after a random latency. Sometimes the response comes from a replica that is one version behind, and
    /// sometimes it is an error.
    fn respond(&mut self, now: Duration, request: &Request<Bytes>) -> (Duration, Response<Bytes>) {
        self.advance_to(now);
        self.calls.push(now);
        let latency = Duration::from_millis(self.random.u64(20..400));
        let (lags, fails) = (self.random.u8(..) < 4, self.random.u8(..) < 4);
        if fails {
            return (latency, response(503, ""));
        }
        let mut body = String::from(r#"{"value":["#);
        for user in requested_users(request) {
            let versions = &self.histories[user];
            let version = (versions.len() - 1).saturating_sub(usize::from(lags));
            let state = STATES[usize::from(versions[version].1)];
            let comma = if body.ends_with('[') { "" } else { "," };
            body += &format!(
                r#"{comma}{{"id":"00000000-0000-0000-0000-{user:012}","availability":"{state}","sequenceNumber":"A{version:06}"}}"#
            );
        }
        body += "]}";
        (latency, response(200, body))
    }
}

fn watch(simulated: &Arc<Mutex<SimulatedUsers>>, clock: &PausedClock, poll_interval: Duration) -> ChangeStream {
    let (shared, time) = (simulated.clone(), clock.clone());
    let service = Service::new(move |request| {
        let (latency, response) = shared.lock().unwrap().respond(time.elapsed(), &request);
        let time = time.clone();
        async move {
            time.sleep(latency).await;
            response
        }
    });
    let count = simulated.lock().unwrap().histories.len();
    let client = builder(service, clock).quota(Quota::new(300, 30 * SECOND).unwrap()).build().unwrap();
    client.watch(users(count)).poll_interval(poll_interval).start().unwrap()
}

/// The delivered changes of each user, oldest first: time, version and state.
struct Delivered {
    changes: Vec<Vec<(Duration, usize, u8)>>,
    last: Vec<Option<Change>>,
}

impl Delivered {
    fn new(users: usize) -> Self {
        Self { changes: vec![Vec::new(); users], last: vec![None; users] }
    }

    /// Adds a change, which must start from the last delivered presence and have a higher version.
    fn add(&mut self, change: Change) {
        let user = user_number(&change.user.to_string());
        let last = self.last[user].as_ref();
        assert_eq!(change.before.as_ref(), last.map(|last| &last.after));
        let version = |change: &Change| change.after.sequence_number.clone().unwrap();
        assert!(last.is_none_or(|last| version(last) < version(&change) && last.seen_at < change.seen_at));
        let seen_at = change.seen_at.duration_since(VirtualClock::start()).unsigned_abs();
        let state = STATES.iter().position(|state| *state == change.after.availability.as_str()).unwrap();
        self.changes[user].push((seen_at, version(&change)[1..].parse().unwrap(), state as u8));
        self.last[user] = Some(change);
    }

    /// Returns `true` if every delivered change is in the history of its user, and was not delivered early.
    fn matches_history(&self, simulated: &SimulatedUsers) -> bool {
        self.changes.iter().zip(&simulated.histories).all(|(delivered, history)| {
            delivered
                .iter()
                .all(|(seen_at, version, state)| history[*version].1 == *state && history[*version].0 <= *seen_at)
        })
    }

    /// Returns `true` if every version that lasted for `min_duration` was delivered within that time.
    fn is_complete(&self, simulated: &SimulatedUsers, now: Duration, min_duration: Duration) -> bool {
        self.changes.iter().zip(&simulated.histories).all(|(delivered, history)| {
            history.iter().enumerate().all(|(version, (since, state))| {
                let until = history.get(version + 1).map_or(now, |(since, _)| *since);
                let known = delivered.iter().rev().find(|(seen_at, ..)| *seen_at <= *since + min_duration);
                until - *since < min_duration || known.is_some_and(|(.., known)| known == state)
            })
        })
    }

    /// Returns `true` if the last delivered state of each user is the current one.
    fn is_current(&self, simulated: &SimulatedUsers) -> bool {
        self.changes
            .iter()
            .zip(&simulated.histories)
            .all(|(delivered, history)| delivered.last().unwrap().2 == history.last().unwrap().1)
    }
}

/// An hour of 120,000 changes. A poll takes half a second of real time, so that there are only 16.
#[tokio::test(start_paused = true)]
async fn every_change_is_delivered_or_coalesced_in_order_within_the_quota() {
    const USERS: usize = 100_000;
    const POLL_INTERVAL: Duration = Duration::from_mins(5);
    let clock = PausedClock::start();
    let simulated = Arc::new(Mutex::new(SimulatedUsers::new(USERS, 7, Duration::from_hours(1))));
    let mut changes = watch(&simulated, &clock, POLL_INTERVAL);
    let mut delivered = Delivered::new(USERS);
    let mut failures = 0;
    for _ in 0..76 {
        clock.sleep(60 * SECOND).await;
        for event in ready_events(&mut changes) {
            match event {
                Event::Change(change) => delivered.add(change),
                Event::PollFailed(failure) => failures += failure.calls,
                other => panic!("{other:?}"),
            }
        }
    }
    let now = clock.elapsed();
    let simulated = simulated.lock().unwrap();
    // A failed call, or a response of a replica that lags behind, delays a change by one poll.
    assert!(delivered.matches_history(&simulated) && delivered.is_complete(&simulated, now, 3 * POLL_INTERVAL));
    assert!(delivered.is_current(&simulated));
    let (changed, seen): (usize, usize) = (
        simulated.histories.iter().map(|history| history.len() - 1).sum(),
        delivered.changes.iter().map(|delivered| delivered.len() - 1).sum(),
    );
    assert_eq!(changed, 120_000);
    assert!((110_000..119_000).contains(&seen), "{seen}");
    assert!(failures > 10, "{failures}");
    let max = max_in_window(30 * SECOND, &simulated.calls);
    assert!((130..=150).contains(&max), "{max}");
    let oldest = users(USERS).iter().map(|id| changes.handle().age(id).unwrap()).max().unwrap();
    assert!(oldest < 2 * POLL_INTERVAL, "{oldest:?}");
}

#[tokio::test(start_paused = true)]
async fn at_most_one_change_per_user_is_pending_after_an_hour() {
    const USERS: usize = 5_000;
    let clock = PausedClock::start();
    let simulated = Arc::new(Mutex::new(SimulatedUsers::new(USERS, 7, Duration::from_hours(1))));
    let mut changes = watch(&simulated, &clock, 30 * SECOND);
    let mut delivered = Delivered::new(USERS);
    let mut counts = Vec::new();
    for duration in [30 * SECOND, Duration::from_hours(1), 90 * SECOND] {
        clock.sleep(duration).await;
        let events = ready_events(&mut changes);
        counts.push(events.len());
        let mut changed = vec![false; USERS];
        for event in events {
            let Event::Change(change) = event else { continue };
            assert!(!std::mem::replace(&mut changed[user_number(&change.user.to_string())], true));
            delivered.add(change);
        }
    }
    let simulated = simulated.lock().unwrap();
    assert!(delivered.matches_history(&simulated) && delivered.is_current(&simulated));
    // One in six of the users that changed has returned to the previous state.
    assert!(counts[0] == USERS && (4000..4300).contains(&counts[1]) && counts[2] < 100, "{counts:?}");
}

/// Returns all events and calls of five minutes.
fn trace(seed: u64) -> Vec<String> {
    let runtime = paused_runtime();
    runtime.block_on(async {
        let clock = PausedClock::start();
        let simulated = Arc::new(Mutex::new(SimulatedUsers::new(3000, seed, Duration::from_hours(1))));
        let mut changes = watch(&simulated, &clock, 10 * SECOND);
        let mut lines = Vec::new();
        for _ in 0..300 {
            clock.sleep(SECOND).await;
            lines.extend(ready_event_lines(&mut changes));
        }
        lines.extend(simulated.lock().unwrap().calls.iter().map(|at| format!("call {at:?}")));
        lines
    })
}

#[test]
fn runs_with_the_same_seed_have_the_same_trace() {
    let first = trace(1);
    assert!(first.iter().any(|line| line.starts_with("failed 503")) && first.len() > 10_000, "{}", first.len());
    assert!(first == trace(1));
    assert!(first != trace(2));
}
