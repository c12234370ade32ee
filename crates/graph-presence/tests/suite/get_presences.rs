//! Any number of users: what is asked in which calls, and what is made of the answers.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::bytes::Bytes;
use graph_presence::http::Request;
use graph_presence::presences::{GetPresences, Progress};
use graph_presence::{Clock, Presence, Quota, RetryPolicy, UserId};
use serde_json::{Value, json};

use crate::in_process::{PausedClock, Service, answer, builder};
use crate::rules::refused;
use crate::server::users;

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
    presences.iter().map(|presence| presence.id.unwrap()).collect()
}

#[test]
fn without_a_runtime_or_when_it_ends_a_failure_says_so() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let first = runtime();
    let clock = first.block_on(async { PausedClock::start() });
    let client = builder(service().0, &clock).build().unwrap();

    let error = client.presences(users(2)).send().now_or_never().unwrap().unwrap_err().to_string();
    assert!(error.starts_with("get presences by user id: tokio runtime not found"), "{error}");

    let mut stream = client.presences(users(5000)).stream();
    first.block_on(async { assert!(stream.next().now_or_never().is_none()) });
    drop(first);
    runtime().block_on(async {
        let chunk = stream.next().await.unwrap();
        assert!(chunk.result.unwrap_err().is_connection());
        assert!(stream.next().await.is_none());
    });
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_for_twice_and_the_order_is_that_of_the_ids() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let everybody = users(2000);
    let mut asked: Vec<_> = everybody.iter().rev().copied().collect();
    asked.extend(users(1000));
    asked.push(UserId::parse("ABCDEF00-0000-0000-0000-000000000000").unwrap());
    asked.push(UserId::parse("abcdef00-0000-0000-0000-000000000000").unwrap());

    let presences = client.presences(&asked).await.unwrap();
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
    let no_ids = [] as [UserId; 0];
    assert_eq!(client.presences(no_ids).await.unwrap().complete().unwrap(), []);
    assert!(client.presences(no_ids).stream().next().await.is_none());
    assert!(calls.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn as_many_calls_are_under_way_as_was_said_and_as_the_quota_lets_through() {
    for (concurrency, expected) in [(1, 1), (3, 3), (100, 20)] {
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
        let presences = client.presences(users(650 * 20)).concurrency(concurrency).await.unwrap();
        assert_eq!(presences.found.len(), 650 * 20);
        assert_eq!(peak.load(Ordering::SeqCst), expected, "{concurrency}");
    }
    let (service, calls) = service();
    let clock = PausedClock::start();
    let client = builder(service, &clock).quota(Quota::new(15, Duration::from_secs(13)).unwrap()).build().unwrap();
    let presences = client.presences(users(650 * 5)).concurrency(100).await.unwrap();
    assert_eq!((presences.found.len(), calls.lock().unwrap().len()), (650 * 5, 5));
    assert!(clock.elapsed() >= Duration::from_secs(4), "{:?}", clock.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_costs_its_own_users_only_and_they_can_be_asked_for_again() {
    let everybody = users(2000);
    let unlucky = everybody[700].to_string();
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

    let presences = client.presences(&everybody).await.unwrap();
    let found: Vec<_> = everybody[..650].iter().chain(&everybody[1300..]).copied().collect();
    assert!(ids(&presences.found) == found);
    assert_eq!(presences.missing, []);
    let [failed] = &presences.failed[..] else { panic!("{:?}", presences.failed) };
    assert!(failed.ids == everybody[650..1300]);
    assert_eq!(failed.error.status().unwrap().as_u16(), 500);

    let again = client.presences(&failed.ids).await.unwrap();
    assert!(ids(&again.found) == everybody[650..1300]);
    let error = presences.complete().unwrap_err();
    insta::assert_snapshot!(error, @"get presences by user id: request failed with 500 Internal Server Error; gave up after 2 attempts");
}

#[tokio::test(start_paused = true)]
async fn who_is_left_out_is_missing_and_who_was_not_asked_for_comes_last() {
    let everybody = users(4);
    let answered = json!({"value": [
        {"availability": "Away"},
        busy("ffffffff-0000-0000-0000-000000000000"),
        busy(&everybody[2].to_string()),
        busy(&everybody[0].to_string()),
        busy(&everybody[2].to_string()),
    ]});
    let service = Service::new(move |_| {
        let answered = answer(200, answered.to_string());
        async { answered }
    });
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let presences = client.presences(&everybody).await.unwrap();
    let found: Vec<_> = presences.found.iter().map(|presence| presence.id).collect();
    let stranger = UserId::parse("ffffffff-0000-0000-0000-000000000000").unwrap();
    assert!(found == [Some(everybody[0]), Some(everybody[2]), None, Some(stranger)]);
    assert!(presences.missing == [everybody[1], everybody[3]]);
    let chunk = client.presences(&everybody).stream().next().await.unwrap();
    assert!(chunk.missing() == [everybody[1], everybody[3]]);
}

#[tokio::test(start_paused = true)]
async fn ids_are_accepted_by_value_and_by_reference() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let all = users(3);
    let id = all[1];
    assert_eq!(client.presences(&all).await.unwrap().found.len(), 3);
    assert_eq!(client.presences(all.clone()).await.unwrap().found.len(), 3);
    assert_eq!(client.presences(all.iter().filter(|other| **other != id)).await.unwrap().found.len(), 2);
    assert_eq!(client.presences([id]).await.unwrap().found.len(), 1);
    assert_eq!(client.presences([&id]).send().await.unwrap().found.len(), 1);
    assert_eq!(calls.lock().unwrap().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn if_every_call_fails_it_is_the_error_of_the_first() {
    let service = Service::new(|request| {
        // The later call fails sooner.
        let (status, wait) = if asked_for(&request).len() == 650 { (403, 2) } else { (400, 1) };
        async move {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            answer(status, "{}")
        }
    });
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let error = client.presences(users(700)).await.unwrap_err();
    assert!(error.is_forbidden(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_response_that_leaves_all_users_out_is_not_a_failure() {
    let service = Service::new(|request| {
        let fails = asked_for(&request).len() == 650;
        async move { if fails { answer(403, "{}") } else { answer(200, r#"{"value":[]}"#) } }
    });
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let presences = client.presences(users(700)).await.unwrap();
    assert_eq!((presences.found.len(), presences.missing.len(), presences.failed.len()), (0, 50, 1));
    assert!(presences.complete().unwrap_err().is_forbidden());
}

#[tokio::test(start_paused = true)]
async fn a_concurrency_of_zero_is_rejected() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let message = refused(client.presences(users(2)).concurrency(0).await);
    assert_eq!(message, "get presences by user id: concurrency out of range: 0 (allowed: 1 or more)");
    let mut stream = client.presences(users(2)).concurrency(0).stream();
    let chunk = stream.next().await.unwrap();
    assert_eq!((chunk.ids.len(), refused(chunk.result)), (0, message));
    assert!(stream.next().await.is_none());
    assert!(calls.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stream_takes_ids_as_it_needs_them_and_tells_how_far_it_is() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = taken.clone();
    let everybody = users(6500).into_iter().inspect(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let mut stream = client.presences(everybody).concurrency(2).stream();
    assert_eq!((taken.load(Ordering::SeqCst), stream.progress()), (0, Progress::default()));
    let mut answered = 0;
    for turn in 1..=10 {
        let chunk = stream.next().await.unwrap();
        answered += chunk.result.unwrap().len();
        let progress = stream.progress();
        assert_eq!((progress.completed, progress.failed), (answered, 0));
        assert_eq!(progress.requested, (650 * (turn + 1)).min(6500));
        assert_eq!(taken.load(Ordering::SeqCst), progress.requested);
    }
    assert_eq!(answered, 6500);
    assert!(stream.next().await.is_none() && stream.next().await.is_none());
    assert_eq!(calls.lock().unwrap().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_dropped_sends_nothing_more() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let mut stream = client.presences(users(GetPresences::MAX_IDS * 10)).stream();
    stream.next().await.unwrap().result.unwrap();
    let sent = calls.lock().unwrap().len();
    drop(stream);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(calls.lock().unwrap().len(), sent);
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0);
}
