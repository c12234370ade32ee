//! Any number of people: what is asked in which calls, and what is made of the answers.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::bytes::Bytes;
use graph_presence::http::Request;
use graph_presence::{Clock, GetPresences, Presence, Progress, Quota, RetryPolicy, UserId};
use serde_json::{Value, json};

use crate::in_process::{PausedClock, Service, answer, builder};
use crate::server::people;

/// The ids of each call, in the order in which they came.
type Calls = Arc<Mutex<Vec<Vec<String>>>>;

fn asked_for(request: &Request<Bytes>) -> Vec<String> {
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    body["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn busy(id: &str) -> Value {
    json!({"id": id, "availability": "Busy", "activity": "InACall"})
}

/// A service that knows everybody, and answers in the reverse order, the later call sooner.
fn service() -> (Service, Calls) {
    let calls = Calls::default();
    let log = calls.clone();
    let service = Service::new(move |request| {
        let ids = asked_for(&request);
        let turn = {
            let mut log = log.lock().unwrap();
            log.push(ids.clone());
            log.len() as u64
        };
        async move {
            tokio::time::sleep(Duration::from_millis(1000 - turn)).await;
            let value: Vec<_> = ids.iter().rev().map(|id| busy(id)).collect();
            answer(200, json!({"value": value}).to_string())
        }
    });
    (service, calls)
}

fn ids(presences: &[Presence]) -> Vec<UserId> {
    presences.iter().map(|presence| presence.id.clone().unwrap()).collect()
}

#[test]
fn without_a_runtime_or_when_it_ends_a_failure_says_so() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let first = runtime();
    let clock = first.block_on(async { PausedClock::start() });
    let client = builder(service().0, &clock).build().unwrap();

    let presences = client.presences(people(2)).send().now_or_never().unwrap();
    let error = presences.complete().unwrap_err().to_string();
    assert!(error.starts_with("get presences: tokio runtime not found"), "{error}");

    let mut stream = client.presences(people(5000)).stream();
    first.block_on(async { assert!(stream.next().now_or_never().is_none()) });
    drop(first);
    runtime().block_on(async {
        let chunk = stream.next().await.unwrap();
        assert!(chunk.answer.unwrap_err().is_connection());
        assert!(stream.next().await.is_none());
    });
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_for_twice_and_the_order_is_that_of_the_ids() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let everybody = people(2000);
    let mut asked: Vec<_> = everybody.iter().rev().cloned().collect();
    asked.extend(people(1000));
    asked.push(UserId::parse("ABCDEF00-0000-0000-0000-000000000000").unwrap());
    asked.push(UserId::parse("abcdef00-0000-0000-0000-000000000000").unwrap());

    let presences = client.presences(asked.clone()).send().await;
    assert!(presences.missing.is_empty() && presences.failed.is_empty());
    asked.drain(2000..3000);
    asked.pop();
    assert!(ids(&presences.complete().unwrap()) == asked);

    let calls = calls.lock().unwrap();
    let sizes: Vec<_> = calls.iter().map(Vec::len).collect();
    assert_eq!(sizes, [650, 650, 650, 51]);
    assert_eq!(calls.iter().flatten().collect::<HashSet<_>>().len(), 2001);
}

#[tokio::test(start_paused = true)]
async fn of_nobody_nothing_is_asked() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    assert_eq!(client.presences([]).send().await.complete().unwrap(), []);
    assert!(client.presences([]).stream().next().await.is_none());
    assert!(calls.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn as_many_calls_are_under_way_as_was_said_and_as_the_quota_lets_through() {
    for (at_once, expected) in [(0, 1), (1, 1), (3, 3), (100, 20)] {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let peak = most.clone();
        let service = Service::new(move |request| {
            let (now, most) = (now.clone(), most.clone());
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(100)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                let value: Vec<_> = asked_for(&request).iter().map(|id| busy(id)).collect();
                answer(200, json!({"value": value}).to_string())
            }
        });
        let client = builder(service, &PausedClock::start()).build().unwrap();
        let presences = client.presences(people(650 * 20)).at_once(at_once).send().await;
        assert_eq!(presences.found.len(), 650 * 20);
        assert_eq!(peak.load(Ordering::SeqCst), expected, "{at_once}");
    }
    let (service, calls) = service();
    let clock = PausedClock::start();
    let client = builder(service, &clock).quota(Quota::new(15, Duration::from_secs(13)).unwrap()).build().unwrap();
    let presences = client.presences(people(650 * 5)).at_once(100).send().await;
    assert_eq!((presences.found.len(), calls.lock().unwrap().len()), (650 * 5, 5));
    assert!(clock.elapsed() >= Duration::from_secs(4), "{:?}", clock.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_costs_its_own_people_only_and_they_can_be_asked_for_again() {
    let everybody = people(2000);
    let unlucky = everybody[700].as_str().to_owned();
    let tries = Arc::new(AtomicUsize::new(0));
    let service = Service::new(move |request| {
        let ids = asked_for(&request);
        let fails = ids.contains(&unlucky) && tries.fetch_add(1, Ordering::SeqCst) < 2;
        let value: Vec<_> = ids.iter().map(|id| busy(id)).collect();
        let answer = if fails { answer(500, "") } else { answer(200, json!({"value": value}).to_string()) };
        async { answer }
    });
    let policy = RetryPolicy::default().max_attempts(2);
    let client = builder(service, &PausedClock::start()).retry(policy).build().unwrap();

    let presences = client.presences(everybody.clone()).send().await;
    let found: Vec<_> = everybody[..650].iter().chain(&everybody[1300..]).cloned().collect();
    assert!(ids(&presences.found) == found);
    assert_eq!(presences.missing, []);
    let [failed] = &presences.failed[..] else { panic!("{:?}", presences.failed) };
    assert!(failed.ids == everybody[650..1300]);
    assert_eq!(failed.error.status().unwrap().as_u16(), 500);

    let again = client.presences(failed.ids.clone()).send().await;
    assert!(ids(&again.found) == everybody[650..1300]);
    let error = presences.complete().unwrap_err();
    insta::assert_snapshot!(error, @"get presences: request failed with 500 Internal Server Error; gave up after 2 attempts");
}

#[tokio::test(start_paused = true)]
async fn who_is_left_out_is_missing_and_who_was_not_asked_for_comes_last() {
    let everybody = people(4);
    let answered = json!({"value": [
        {"availability": "Away"},
        busy("ffffffff-0000-0000-0000-000000000000"),
        busy(everybody[2].as_str()),
        busy(everybody[0].as_str()),
        busy(everybody[2].as_str()),
    ]});
    let service = Service::new(move |_| {
        let answered = answer(200, answered.to_string());
        async { answered }
    });
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let presences = client.presences(everybody.clone()).send().await;
    let found: Vec<_> =
        presences.found.iter().map(|presence| presence.id.as_ref().map_or("nobody", UserId::as_str)).collect();
    let stranger = "ffffffff-0000-0000-0000-000000000000";
    assert_eq!(found, [everybody[0].as_str(), everybody[2].as_str(), "nobody", stranger]);
    assert!(presences.missing == [everybody[1].clone(), everybody[3].clone()]);
    let chunk = client.presences(everybody.clone()).stream().next().await.unwrap();
    assert!(chunk.missing() == [&everybody[1], &everybody[3]]);
}

#[tokio::test(start_paused = true)]
async fn a_principal_name_is_not_sent_and_hinders_nobody() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let name = UserId::principal_name("ada@example.com").unwrap();
    let mut asked = people(1000);
    asked.insert(400, name.clone());
    let presences = client.presences(asked).send().await;
    assert!(ids(&presences.found) == people(1000));
    assert!(presences.failed[0].ids == [name] && presences.failed[0].error.is_invalid_input());
    assert!(!format!("{presences:?}").contains("example.com"));
    let sizes: Vec<_> = calls.lock().unwrap().iter().map(Vec::len).collect();
    assert_eq!(sizes, [649, 351]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_takes_ids_as_it_needs_them_and_tells_how_far_it_is() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = taken.clone();
    let everybody = people(6500).into_iter().inspect(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let mut stream = client.presences(everybody).at_once(2).stream();
    assert_eq!((taken.load(Ordering::SeqCst), stream.progress()), (0, Progress::default()));
    let mut answered = 0;
    for turn in 1..=10 {
        let chunk = stream.next().await.unwrap();
        answered += chunk.answer.unwrap().len();
        let progress = stream.progress();
        assert_eq!((progress.answered, progress.failed), (answered, 0));
        assert_eq!(progress.asked, (650 * (turn + 1)).min(6500));
        assert_eq!(taken.load(Ordering::SeqCst), progress.asked);
    }
    assert_eq!(answered, 6500);
    assert!(stream.next().await.is_none() && stream.next().await.is_none());
    assert_eq!(calls.lock().unwrap().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_dropped_sends_nothing_more() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let mut stream = client.presences(people(GetPresences::MAX_IDS * 10)).stream();
    stream.next().await.unwrap().answer.unwrap();
    let sent = calls.lock().unwrap().len();
    drop(stream);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(calls.lock().unwrap().len(), sent);
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0);
}
