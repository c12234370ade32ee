//! A hundred thousand users whose presences change two thousand times a minute.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::http::{Request, Response};
use graph_presence::watch::{Change, ChangeStream, Event};
use graph_presence::{Clock, Quota};

use super::fake_service::{SECOND, asked, number, take, told};
use crate::in_process::{PausedClock, Service, answer, builder};
use crate::quota::most_in_any;
use crate::server::users;
use crate::time::VirtualClock;

const STATES: [&str; 6] = ["Available", "Busy", "DoNotDisturb", "BeRightBack", "Away", "Offline"];
const BETWEEN_CHANGES: Duration = Duration::from_millis(30);

/// What every user shows in the course of time.
struct Company {
    random: fastrand::Rng,
    /// Since when each user has shown which state; the last one is what they show now. Its index is its version.
    shown: Vec<Vec<(Duration, u8)>>,
    changes_until: Duration,
    next_change: Duration,
    calls: Vec<Duration>,
}

impl Company {
    fn new(users: usize, seed: u64, changes_until: Duration) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let shown = (0..users).map(|_| vec![(Duration::ZERO, random.u8(0..6))]).collect();
        Self { random, shown, changes_until, next_change: BETWEEN_CHANGES, calls: Vec::new() }
    }

    /// Has what happens until now happen.
    fn live_until(&mut self, now: Duration) {
        while self.next_change <= now.min(self.changes_until) {
            let user = self.random.usize(0..self.shown.len());
            let versions = &mut self.shown[user];
            let state = (versions.last().unwrap().1 + self.random.u8(1..6)) % 6;
            versions.push((self.next_change, state));
            self.next_change += BETWEEN_CHANGES;
        }
    }

    /// Now and then a replica answers that lags behind by a version; now and then nobody does. It takes a while.
    fn answer(&mut self, now: Duration, request: &Request<Bytes>) -> (Duration, Response<Bytes>) {
        self.live_until(now);
        self.calls.push(now);
        let latency = Duration::from_millis(self.random.u64(20..400));
        let (lags, fails) = (self.random.u8(..) < 4, self.random.u8(..) < 4);
        if fails {
            return (latency, answer(503, ""));
        }
        let mut body = String::from(r#"{"value":["#);
        for user in asked(request) {
            let versions = &self.shown[user];
            let version = (versions.len() - 1).saturating_sub(usize::from(lags));
            let state = STATES[usize::from(versions[version].1)];
            let comma = if body.ends_with('[') { "" } else { "," };
            body += &format!(
                r#"{comma}{{"id":"00000000-0000-0000-0000-{user:012}","availability":"{state}","sequenceNumber":"A{version:06}"}}"#
            );
        }
        body += "]}";
        (latency, answer(200, body))
    }
}

fn watch(company: &Arc<Mutex<Company>>, clock: &PausedClock, every: Duration) -> ChangeStream {
    let (desk, time) = (company.clone(), clock.clone());
    let service = Service::new(move |request| {
        let (latency, answer) = desk.lock().unwrap().answer(time.elapsed(), &request);
        let time = time.clone();
        async move {
            time.sleep(latency).await;
            answer
        }
    });
    let number = company.lock().unwrap().shown.len();
    let client = builder(service, clock).quota(Quota::new(300, 30 * SECOND).unwrap()).build().unwrap();
    client.watch(users(number)).poll_interval(every).start().unwrap()
}

/// What was told of each user, oldest first: when it was seen, its version and its state.
struct Told {
    of: Vec<Vec<(Duration, usize, u8)>>,
    last: Vec<Option<Change>>,
}

impl Told {
    fn new(users: usize) -> Self {
        Self { of: vec![Vec::new(); users], last: vec![None; users] }
    }

    /// Each change begins where the last one ended, and goes forward.
    fn add(&mut self, change: Change) {
        let user = number(&change.user.to_string());
        let last = self.last[user].as_ref();
        assert_eq!(change.before.as_ref(), last.map(|last| &last.after));
        let number = |change: &Change| change.after.sequence_number.clone().unwrap();
        assert!(last.is_none_or(|last| number(last) < number(&change) && last.seen_at < change.seen_at));
        let seen_at = change.seen_at.duration_since(VirtualClock::start()).unsigned_abs();
        let state = STATES.iter().position(|state| *state == change.after.availability.as_str()).unwrap();
        self.of[user].push((seen_at, number(&change)[1..].parse().unwrap(), state as u8));
        self.last[user] = Some(change);
    }

    /// Everything that was told was so.
    fn is_true_of(&self, company: &Company) -> bool {
        self.of.iter().zip(&company.shown).all(|(told, shown)| {
            told.iter().all(|(seen_at, version, state)| shown[*version].1 == *state && shown[*version].0 <= *seen_at)
        })
    }

    /// Everything that was so for `long_enough` was told by then.
    fn lacks_nothing_of(&self, company: &Company, now: Duration, long_enough: Duration) -> bool {
        self.of.iter().zip(&company.shown).all(|(told, shown)| {
            shown.iter().enumerate().all(|(version, (since, state))| {
                let until = shown.get(version + 1).map_or(now, |(since, _)| *since);
                let known = told.iter().rev().find(|(seen_at, ..)| *seen_at <= *since + long_enough);
                until - *since < long_enough || known.is_some_and(|(.., known)| known == state)
            })
        })
    }

    /// What was told last is so now.
    fn is_up_to_date_with(&self, company: &Company) -> bool {
        self.of.iter().zip(&company.shown).all(|(told, shown)| told.last().unwrap().2 == shown.last().unwrap().1)
    }
}

/// An hour of 120,000 changes. A sweep costs half a second of the test, so there are no more than 16.
#[tokio::test(start_paused = true)]
async fn every_change_is_seen_or_coalesced_in_order_and_within_the_quota() {
    const PEOPLE: usize = 100_000;
    const EVERY: Duration = Duration::from_mins(5);
    let clock = PausedClock::start();
    let company = Arc::new(Mutex::new(Company::new(PEOPLE, 7, Duration::from_hours(1))));
    let mut changes = watch(&company, &clock, EVERY);
    let mut told = Told::new(PEOPLE);
    let mut failures = 0;
    for _ in 0..76 {
        clock.sleep(60 * SECOND).await;
        for event in take(&mut changes) {
            match event {
                Event::Change(change) => told.add(change),
                Event::PollFailed(failed) => failures += failed.calls,
                other => panic!("{other:?}"),
            }
        }
    }
    let now = clock.elapsed();
    let company = company.lock().unwrap();
    // A call that fails, or an answer from a replica that lags, costs a sweep.
    assert!(told.is_true_of(&company) && told.lacks_nothing_of(&company, now, 3 * EVERY));
    assert!(told.is_up_to_date_with(&company));
    let (changed, seen): (usize, usize) =
        (company.shown.iter().map(|shown| shown.len() - 1).sum(), told.of.iter().map(|told| told.len() - 1).sum());
    assert_eq!(changed, 120_000);
    assert!((110_000..119_000).contains(&seen), "{seen}");
    assert!(failures > 10, "{failures}");
    let most = most_in_any(30 * SECOND, &company.calls);
    assert!((130..=150).contains(&most), "{most}");
    let oldest = users(PEOPLE).iter().map(|id| changes.handle().age(id).unwrap()).max().unwrap();
    assert!(oldest < 2 * EVERY, "{oldest:?}");
}

#[tokio::test(start_paused = true)]
async fn an_hour_without_being_heard_leaves_one_change_a_user() {
    const PEOPLE: usize = 5_000;
    let clock = PausedClock::start();
    let company = Arc::new(Mutex::new(Company::new(PEOPLE, 7, Duration::from_hours(1))));
    let mut changes = watch(&company, &clock, 30 * SECOND);
    let mut told = Told::new(PEOPLE);
    let mut counts = Vec::new();
    for hours in [30 * SECOND, Duration::from_hours(1), 90 * SECOND] {
        clock.sleep(hours).await;
        let events = take(&mut changes);
        counts.push(events.len());
        let mut heard = vec![false; PEOPLE];
        for event in events {
            let Event::Change(change) = event else { continue };
            assert!(!std::mem::replace(&mut heard[number(&change.user.to_string())], true));
            told.add(change);
        }
    }
    let company = company.lock().unwrap();
    assert!(told.is_true_of(&company) && told.is_up_to_date_with(&company));
    // A sixth of those who have changed is again what it was.
    assert!(counts[0] == PEOPLE && (4000..4300).contains(&counts[1]) && counts[2] < 100, "{counts:?}");
}

/// All that can be seen from outside, for a while.
fn trace(seed: u64) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let clock = PausedClock::start();
        let company = Arc::new(Mutex::new(Company::new(3000, seed, Duration::from_hours(1))));
        let mut changes = watch(&company, &clock, 10 * SECOND);
        let mut lines = Vec::new();
        for _ in 0..300 {
            clock.sleep(SECOND).await;
            lines.extend(told(&mut changes));
        }
        lines.extend(company.lock().unwrap().calls.iter().map(|at| format!("call {at:?}")));
        lines
    })
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let first = trace(1);
    assert!(first.iter().any(|line| line.starts_with("failed 503")) && first.len() > 10_000, "{}", first.len());
    assert!(first == trace(1));
    assert!(first != trace(2));
}
