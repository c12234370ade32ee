//! Presences of many users: splitting into calls, and combining their results.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::bytes::Bytes;
use graph_presence::hold::HoldStatus;
use graph_presence::http::Request;
use graph_presence::presences::{GetPresences, Progress};
use graph_presence::{Clock, Presence, Quota, RetryPolicy, SessionState, UserId};
use serde_json::{Value, json};

use crate::hold_failures::hold_user;
use crate::in_process::{PausedClock, Service, builder, paused_runtime, response};
use crate::server::{ada, users};
use crate::validation::validation_error;

/// The ids of each call, in the order in which the calls were received.
type Calls = Arc<Mutex<Vec<Vec<String>>>>;

fn requested_ids(request: &Request<Bytes>) -> Vec<String> {
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    body["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn busy(id: &str) -> Value {
    json!({"id": id, "availability": "Busy", "activity": "InACall"})
}

/// Returns a service in which all users exist. Presences are in reverse order, and later calls are faster.
fn service() -> (Service, Calls) {
    let calls = Calls::default();
    let log = calls.clone();
    let service = Service::new(move |request| {
        let ids = requested_ids(&request);
        let number = {
            let mut log = log.lock().unwrap();
            log.push(ids.clone());
            log.len() as u64
        };
        async move {
            tokio::time::sleep(Duration::from_millis(1000 - number)).await;
            let value: Vec<_> = ids.iter().rev().map(|id| busy(id)).collect();
            response(200, json!({"value": value}).to_string())
        }
    });
    (service, calls)
}

fn ids(presences: &[Presence]) -> Vec<UserId> {
    presences.iter().map(|presence| presence.id.unwrap()).collect()
}

#[test]
fn missing_runtime_and_runtime_shutdown_are_errors() {
    let first = paused_runtime();
    let clock = first.block_on(async { PausedClock::start() });
    let client = builder(service().0, &clock).build().unwrap();

    let error = client.presences(users(2)).send().now_or_never().unwrap().unwrap_err().to_string();
    assert!(error.starts_with("get presences by user id: tokio runtime not found"), "{error}");

    let mut stream = client.presences(users(5000)).stream();
    first.block_on(async { assert!(stream.next().now_or_never().is_none()) });
    drop(first);
    paused_runtime().block_on(async {
        let chunk = stream.next().await.unwrap();
        assert!(chunk.result.unwrap_err().is_connection());
        assert!(stream.next().await.is_none());
    });
}

#[tokio::test(start_paused = true)]
async fn ids_are_deduplicated_and_results_are_in_their_order() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let all = users(2000);
    let mut requested: Vec<_> = all.iter().rev().copied().collect();
    requested.extend(users(1000));
    requested.push(UserId::parse("ABCDEF00-0000-0000-0000-000000000000").unwrap());
    requested.push(UserId::parse("abcdef00-0000-0000-0000-000000000000").unwrap());

    let presences = client.presences(&requested).await.unwrap();
    assert!(presences.missing.is_empty() && presences.failed.is_empty());
    requested.drain(2000..3000);
    requested.pop();
    assert!(ids(&presences.complete().unwrap()) == requested);

    let calls = calls.lock().unwrap();
    let sizes: Vec<_> = calls.iter().map(Vec::len).collect();
    assert_eq!(sizes, [650, 650, 650, 51]);
    assert_eq!(calls.iter().flatten().collect::<HashSet<_>>().len(), 2001);
}

#[tokio::test(start_paused = true)]
async fn empty_list_of_ids_sends_nothing() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let no_ids = [] as [UserId; 0];
    assert_eq!(client.presences(no_ids).await.unwrap().complete().unwrap(), []);
    assert!(client.presences(no_ids).stream().next().await.is_none());
    assert!(calls.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn concurrency_and_quota_limit_the_calls() {
    for (concurrency, expected) in [(1, 1), (3, 3), (100, 20)] {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let peak = most.clone();
        let service = Service::new(move |request| {
            let (now, most) = (now.clone(), most.clone());
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(100)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                let value: Vec<_> = requested_ids(&request).iter().map(|id| busy(id)).collect();
                response(200, json!({"value": value}).to_string())
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
async fn failed_call_does_not_affect_others_and_can_be_repeated() {
    let all = users(2000);
    let failing = all[700].to_string();
    let attempts = Arc::new(AtomicUsize::new(0));
    let service = Service::new(move |request| {
        let ids = requested_ids(&request);
        let fails = ids.contains(&failing) && attempts.fetch_add(1, Ordering::SeqCst) < 2;
        let value: Vec<_> = ids.iter().map(|id| busy(id)).collect();
        let response = if fails { response(500, "") } else { response(200, json!({"value": value}).to_string()) };
        async { response }
    });
    let policy = RetryPolicy::default().max_attempts(2);
    let client = builder(service, &PausedClock::start()).retry(policy).build().unwrap();

    let presences = client.presences(&all).await.unwrap();
    let found: Vec<_> = all[..650].iter().chain(&all[1300..]).copied().collect();
    assert!(ids(&presences.found) == found);
    assert_eq!(presences.missing, []);
    let [failed] = &presences.failed[..] else { panic!("{:?}", presences.failed) };
    assert!(failed.ids == all[650..1300]);
    assert_eq!(failed.error.status().unwrap().as_u16(), 500);

    let repeated = client.presences(&failed.ids).await.unwrap();
    assert!(ids(&repeated.found) == all[650..1300]);
    let error = presences.complete().unwrap_err();
    insta::assert_snapshot!(error, @"get presences by user id: request failed with 500 Internal Server Error; gave up after 2 attempts");
}

#[tokio::test(start_paused = true)]
async fn omitted_users_are_missing_and_unrequested_users_come_last() {
    let all = users(4);
    let body = json!({"value": [
        {"availability": "Away"},
        busy("ffffffff-0000-0000-0000-000000000000"),
        busy(&all[2].to_string()),
        busy(&all[0].to_string()),
        busy(&all[2].to_string()),
    ]});
    let service = Service::new(move |_| {
        let response = response(200, body.to_string());
        async { response }
    });
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let presences = client.presences(&all).await.unwrap();
    let found: Vec<_> = presences.found.iter().map(|presence| presence.id).collect();
    let unrequested = UserId::parse("ffffffff-0000-0000-0000-000000000000").unwrap();
    assert!(found == [Some(all[0]), Some(all[2]), None, Some(unrequested)]);
    assert!(presences.missing == [all[1], all[3]]);
    let chunk = client.presences(&all).stream().next().await.unwrap();
    assert!(chunk.missing() == [all[1], all[3]]);
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
async fn error_of_the_first_call_is_returned_if_all_fail() {
    let service = Service::new(|request| {
        // The second call fails before the first.
        let (status, wait) = if requested_ids(&request).len() == 650 { (403, 2) } else { (400, 1) };
        async move {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            response(status, "{}")
        }
    });
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let error = client.presences(users(700)).await.unwrap_err();
    assert!(error.is_forbidden(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn response_without_any_user_is_not_an_error() {
    let service = Service::new(|request| {
        let fails = requested_ids(&request).len() == 650;
        async move { if fails { response(403, "{}") } else { response(200, r#"{"value":[]}"#) } }
    });
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let presences = client.presences(users(700)).await.unwrap();
    assert_eq!((presences.found.len(), presences.missing.len(), presences.failed.len()), (0, 50, 1));
    assert!(presences.complete().unwrap_err().is_forbidden());
}

#[tokio::test(start_paused = true)]
async fn concurrency_of_zero_is_rejected() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let message = validation_error(client.presences(users(2)).concurrency(0).await);
    assert_eq!(message, "get presences by user id: concurrency out of range: 0 (allowed: at least 1)");
    let mut stream = client.presences(users(2)).concurrency(0).stream();
    let chunk = stream.next().await.unwrap();
    assert_eq!((chunk.ids.len(), validation_error(chunk.result)), (0, message));
    assert!(stream.next().await.is_none());
    assert!(calls.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn stream_reads_ids_lazily_and_reports_progress() {
    let (service, calls) = service();
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let read = Arc::new(AtomicUsize::new(0));
    let counter = read.clone();
    let ids = users(6500).into_iter().inspect(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let mut stream = client.presences(ids).concurrency(2).stream();
    assert_eq!((read.load(Ordering::SeqCst), stream.progress()), (0, Progress::default()));
    let mut completed = 0;
    for call in 1..=10 {
        let chunk = stream.next().await.unwrap();
        completed += chunk.result.unwrap().len();
        let progress = stream.progress();
        assert_eq!((progress.completed, progress.failed), (completed, 0));
        assert_eq!(progress.requested, (650 * (call + 1)).min(6500));
        assert_eq!(read.load(Ordering::SeqCst), progress.requested);
    }
    assert_eq!(completed, 6500);
    assert!(stream.next().await.is_none() && stream.next().await.is_none());
    assert_eq!(calls.lock().unwrap().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn dropped_stream_cancels_its_calls() {
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

#[tokio::test(start_paused = true)]
async fn unread_presence_stream_does_not_block_other_calls() {
    let clock = PausedClock::start();
    let service = Service::new(async |_| response(200, r#"{"value":[]}"#));
    let client = builder(service, &clock).build().unwrap();
    let hold = hold_user(&client, ada());
    hold.until_held().await.unwrap();
    let mut stream = client.presences(users(650 * 120)).stream();
    for _ in 0..110 {
        stream.next().await.unwrap();
    }
    let call = client.user(ada()).set_presence(SessionState::Away).send();
    tokio::time::timeout(Duration::from_mins(1), call).await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_hours(1)).await;
    let HoldStatus::Held { at, .. } = hold.status() else { panic!("{hold:?}") };
    assert!(clock.now().duration_since(at).as_secs() < 300, "{at}");
    assert_eq!(stream.progress().requested, 650 * 114 - 650);
}

#[tokio::test(start_paused = true)]
async fn infinite_iterator_of_ids_is_read_lazily() {
    let service = Service::new(async |_| response(200, r#"{"value":[]}"#));
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let ids = (0_u64..).map(|number| UserId::parse(&format!("00000000-0000-0000-0000-{number:012}")).unwrap());
    let mut stream = client.presences(ids).stream();
    for _ in 0..3 {
        stream.next().await.unwrap();
    }
}
