//! The end of watches: no tasks or calls remain.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::bytes::Bytes;
use graph_presence::http::Response;
use graph_presence::{Clock, Quota};

use super::fake_service::{FakeService, SECOND, id, in_time, ready_events};
use crate::in_process::{PausedClock, Service, builder, paused_runtime, response};
use crate::server::users;

/// Counts a call in flight until it is dropped.
struct InFlight(Arc<AtomicUsize>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn running_tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

#[tokio::test(start_paused = true)]
async fn dropping_a_watch_at_any_point_leaves_no_tasks() {
    let clock = PausedClock::start();
    let (in_flight, sent) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, numbers, time) = (in_flight.clone(), sent.clone(), clock.clone());
    let service = Service::new(move |_| {
        let number = numbers.fetch_add(1, Ordering::SeqCst);
        counted.fetch_add(1, Ordering::SeqCst);
        let (counted, time) = (InFlight(counted.clone()), time.clone());
        async move {
            let _counted = counted;
            tokio::task::yield_now().await;
            match number % 24 {
                5 => response(503, ""),
                19 => Response::builder().status(429).header("Retry-After", "1").body(Bytes::new()).unwrap(),
                _ => {
                    time.sleep(Duration::from_millis(70)).await;
                    response(200, r#"{"value":[{"id":"00000000-0000-0000-0000-000000000000"}]}"#)
                }
            }
        }
    });
    let client = builder(service, &clock).quota(Quota::new(120, 3 * SECOND).unwrap()).build().unwrap();
    let users = users(1500);
    let mut dropped_in_flight = 0;
    for steps in 0..400 {
        let before = running_tasks();
        let mut changes = client.watch(users.clone()).poll_interval(SECOND).start().unwrap();
        assert_eq!(running_tasks(), before + 1);
        for step in 0..steps {
            // The clock advances only in every second step.
            tokio::time::advance(Duration::from_millis(20 * (step % 2))).await;
            let _ = changes.next().now_or_never();
        }
        dropped_in_flight += in_flight.load(Ordering::SeqCst);
        let handle = changes.handle();
        drop(changes);
        assert!(handle.is_empty());
        tokio::task::yield_now().await;
        assert_eq!((running_tasks(), in_flight.load(Ordering::SeqCst)), (before, 0), "after {steps} steps");
        let so_far = sent.load(Ordering::SeqCst);
        tokio::time::sleep(100 * SECOND).await;
        assert_eq!(sent.load(Ordering::SeqCst), so_far);
    }
    assert!(dropped_in_flight > 100, "{dropped_in_flight}");
}

#[tokio::test(start_paused = true)]
async fn handle_can_outlive_the_watch() {
    let service = FakeService::start();
    service.set_availability(0, "Away");
    let mut changes = service.client().watch([id(0)]).start().unwrap();
    let users = changes.handle();
    service.advance(SECOND).await;
    assert_eq!(ready_events(&mut changes).len(), 1);
    drop(changes);
    users.add([id(1)]);
    users.remove([id(0)]);
    assert_eq!((users.len(), users.last_seen(id(0)), users.age(id(0))), (0, None, None));
    service.advance(100 * SECOND).await;
    assert_eq!(service.calls().len(), 1);
}

#[test]
fn watch_delivers_pending_changes_and_ends_with_its_runtime() {
    let first = paused_runtime();
    let (mut changes, service) = first.block_on(async {
        let service = FakeService::start();
        service.set_availability(0, "Away");
        let changes = service.client().watch([id(0)]).start().unwrap();
        service.advance(SECOND).await;
        (changes, service)
    });
    drop(first);
    paused_runtime().block_on(async {
        assert!(in_time(changes.next()).await.is_some());
        assert!(in_time(changes.next()).await.is_none());
        assert!(in_time(changes.next()).await.is_none());
    });
    drop(service);
}

#[tokio::test(start_paused = true)]
async fn watch_ends_if_the_http_client_panics() {
    let service = Service::new(|_| async { panic!("bug in the HTTP client") });
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let mut changes = client.watch([id(0)]).start().unwrap();
    assert!(in_time(changes.next()).await.is_none());
}
