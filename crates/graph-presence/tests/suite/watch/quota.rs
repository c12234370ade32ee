//! The share of the quota that a watch uses.

use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::http::Request;
use graph_presence::{Clock, HttpClient, Quota};

use super::fake_service::{FakeService, Outcome, SECOND};
use crate::in_process::{Service, builder, response};
use crate::quota::max_in_window;
use crate::server::users;

/// Returns the maximum number of calls of a watch in any window of a quota of 150 requests, and the longest wait of
/// another call, over five minutes in which the polls exceed the quota.
async fn watch_with_other_calls(share: f64) -> (usize, Duration) {
    let service = FakeService::start();
    let polls = service.http_client();
    let http_client = Service::new(move |request: Request<Bytes>| {
        let polls = request.uri().path().ends_with("getPresencesByUserId").then(|| polls.clone());
        async move {
            match polls {
                Some(polls) => polls.send(request).await.unwrap(),
                None => response(200, "{}"),
            }
        }
    });
    let client = builder(http_client, &service.clock).quota(Quota::new(150, 30 * SECOND).unwrap()).build().unwrap();
    let changes = client.watch(users(650 * 8)).quota_share(share).poll_interval(SECOND).start().unwrap();
    let mut longest = Duration::ZERO;
    for _ in 0..150 {
        service.advance(2 * SECOND).await;
        let start = service.clock.elapsed();
        client.me().get_presence().send().await.unwrap();
        longest = longest.max(service.clock.elapsed() - start);
    }
    drop(changes);
    let calls: Vec<_> = service.calls().into_iter().map(|(at, _)| Duration::from_secs_f64(at)).collect();
    (max_in_window(30 * SECOND, &calls), longest)
}

#[tokio::test(start_paused = true)]
async fn watch_stays_within_its_share_of_the_quota() {
    for (share, max, wait) in [(0.1, 13, 0), (0.5, 69, 0), (0.8, 111, 0), (1.0, 125, 76)] {
        let (calls, longest) = watch_with_other_calls(share).await;
        assert_eq!((calls, longest.as_millis()), (max, wait), "{share}");
        assert!(calls <= (150.0 * share) as usize);
    }
}

#[tokio::test(start_paused = true)]
async fn polls_without_a_quota_are_limited_by_concurrency() {
    let service = FakeService::start();
    service.respond_with(|_, _| Outcome::DelayedSuccess(Duration::from_millis(100)));
    let client = builder(service.http_client(), &service.clock).quota(None).build().unwrap();
    let changes = client.watch(users(650 * 40)).start().unwrap();
    service.advance(2 * SECOND).await;
    let calls = service.calls();
    assert_eq!(calls.len(), 40);
    // Four calls run concurrently.
    assert_eq!(calls.iter().filter(|(at, _)| *at == 0.0).count(), 4);
    assert!((0.9..1.1).contains(&calls[39].0), "{calls:?}");
    drop(changes);
}

#[tokio::test(start_paused = true)]
async fn long_poll_is_followed_by_the_next_immediately() {
    let service = FakeService::start();
    let client =
        builder(service.http_client(), &service.clock).quota(Quota::new(30, 30 * SECOND).unwrap()).build().unwrap();
    let changes = client.watch(users(650 * 10)).poll_interval(5 * SECOND).start().unwrap();
    service.advance(Duration::from_mins(10)).await;
    let first: Vec<_> = service.calls().into_iter().map(|(at, users)| (at, users[0])).collect();
    assert!(first.iter().enumerate().all(|(call, (_, user))| *user == call % 10 * 650), "{first:?}");
    // Half of the quota is one call in 2 seconds, after an initial burst.
    assert!(first.windows(2).skip(2).all(|pair| (2.0..2.4).contains(&(pair[1].0 - pair[0].0))), "{first:?}");
    drop(changes);
}
