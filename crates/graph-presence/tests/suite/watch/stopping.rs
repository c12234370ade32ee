//! What is left running when nobody watches any more: nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::bytes::Bytes;
use graph_presence::http::Response;
use graph_presence::{Clock, Quota};

use super::fake_service::{Office, SECOND, id, in_time, take};
use crate::in_process::{PausedClock, Service, answer, builder};
use crate::server::users;

struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

#[tokio::test(start_paused = true)]
async fn dropped_at_any_point_it_leaves_nothing_running() {
    let clock = PausedClock::start();
    let (under_way, sent) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, numbers, time) = (under_way.clone(), sent.clone(), clock.clone());
    let service = Service::new(move |_| {
        let number = numbers.fetch_add(1, Ordering::SeqCst);
        counted.fetch_add(1, Ordering::SeqCst);
        let (counted, time) = (UnderWay(counted.clone()), time.clone());
        async move {
            let _counted = counted;
            tokio::task::yield_now().await;
            match number % 24 {
                5 => answer(503, ""),
                19 => Response::builder().status(429).header("Retry-After", "1").body(Bytes::new()).unwrap(),
                _ => {
                    time.sleep(Duration::from_millis(70)).await;
                    answer(200, r#"{"value":[{"id":"00000000-0000-0000-0000-000000000000"}]}"#)
                }
            }
        }
    });
    let client = builder(service, &clock).quota(Quota::new(120, 3 * SECOND).unwrap()).build().unwrap();
    let users = users(1500);
    let mut dropped_under_way = 0;
    for turns in 0..400 {
        let before = tasks();
        let mut changes = client.watch(users.clone()).poll_interval(SECOND).start().unwrap();
        assert_eq!(tasks(), before + 1);
        for turn in 0..turns {
            // In every second turn no time passes.
            tokio::time::advance(Duration::from_millis(20 * (turn % 2))).await;
            let _ = changes.next().now_or_never();
        }
        dropped_under_way += under_way.load(Ordering::SeqCst);
        let handle = changes.handle();
        drop(changes);
        assert!(handle.is_empty());
        tokio::task::yield_now().await;
        assert_eq!((tasks(), under_way.load(Ordering::SeqCst)), (before, 0), "after {turns} turns");
        let so_far = sent.load(Ordering::SeqCst);
        tokio::time::sleep(100 * SECOND).await;
        assert_eq!(sent.load(Ordering::SeqCst), so_far);
    }
    assert!(dropped_under_way > 100, "{dropped_under_way}");
}

#[tokio::test(start_paused = true)]
async fn a_handle_may_outlive_it() {
    let office = Office::open();
    office.shows(0, "Away");
    let mut changes = office.client().watch([id(0)]).start().unwrap();
    let users = changes.handle();
    office.pass(SECOND).await;
    assert_eq!(take(&mut changes).len(), 1);
    drop(changes);
    users.add([id(1)]);
    users.remove([id(0)]);
    assert_eq!((users.len(), users.last_seen(id(0)), users.age(id(0))), (0, None, None));
    office.pass(100 * SECOND).await;
    assert_eq!(office.calls().len(), 1);
}

#[test]
fn it_ends_with_the_runtime_after_what_was_found_out() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let first = runtime();
    let (mut changes, office) = first.block_on(async {
        let office = Office::open();
        office.shows(0, "Away");
        let changes = office.client().watch([id(0)]).start().unwrap();
        office.pass(SECOND).await;
        (changes, office)
    });
    drop(first);
    runtime().block_on(async {
        assert!(in_time(changes.next()).await.is_some());
        assert!(in_time(changes.next()).await.is_none());
        assert!(in_time(changes.next()).await.is_none());
    });
    drop(office);
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_what_carries_the_calls_panics() {
    let service = Service::new(|_| async { panic!("the carrier's own fault") });
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let mut changes = client.watch([id(0)]).start().unwrap();
    assert!(in_time(changes.next()).await.is_none());
}
