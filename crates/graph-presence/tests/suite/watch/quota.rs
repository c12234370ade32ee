//! What watching may take, and what it leaves to others.

use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::http::Request;
use graph_presence::{Clock, HttpClient, Quota};

use super::fake_service::{Fate, Office, SECOND};
use crate::in_process::{Service, answer, builder};
use crate::quota::most_in_any;
use crate::server::users;

/// The most calls that watching makes in any stretch of a quota of 150, in five minutes in which it never gets its fill,
/// and the longest wait of somebody else's calls.
async fn beside_others(share: f64) -> (usize, Duration) {
    let office = Office::open();
    let sweeps = office.service();
    let service = Service::new(move |request: Request<Bytes>| {
        let sweeps = request.uri().path().ends_with("getPresencesByUserId").then(|| sweeps.clone());
        async move {
            match sweeps {
                Some(sweeps) => sweeps.send(request).await.unwrap(),
                None => answer(200, "{}"),
            }
        }
    });
    let client = builder(service, &office.clock).quota(Quota::new(150, 30 * SECOND).unwrap()).build().unwrap();
    let changes = client.watch(users(650 * 8)).quota_share(share).poll_interval(SECOND).start().unwrap();
    let mut longest = Duration::ZERO;
    for _ in 0..150 {
        office.pass(2 * SECOND).await;
        let began = office.clock.elapsed();
        client.me().get_presence().send().await.unwrap();
        longest = longest.max(office.clock.elapsed() - began);
    }
    drop(changes);
    let calls: Vec<_> = office.calls().into_iter().map(|(at, _)| Duration::from_secs_f64(at)).collect();
    (most_in_any(30 * SECOND, &calls), longest)
}

#[tokio::test(start_paused = true)]
async fn watching_keeps_to_its_share_and_others_need_not_wait() {
    for (share, most, wait) in [(0.1, 13, 0), (0.5, 69, 0), (0.8, 111, 0), (1.0, 125, 76)] {
        let (made, longest) = beside_others(share).await;
        assert_eq!((made, longest.as_millis()), (most, wait), "{share}");
        assert!(made <= (150.0 * share) as usize);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_quota_sweeps_go_as_fast_as_the_service_answers() {
    let office = Office::open();
    office.meets(|_, _| Fate::Late(Duration::from_millis(100)));
    let client = builder(office.service(), &office.clock).quota(None).build().unwrap();
    let changes = client.watch(users(650 * 40)).start().unwrap();
    office.pass(2 * SECOND).await;
    let calls = office.calls();
    assert_eq!(calls.len(), 40);
    // Four at a time.
    assert_eq!(calls.iter().filter(|(at, _)| *at == 0.0).count(), 4);
    assert!((0.9..1.1).contains(&calls[39].0), "{calls:?}");
    drop(changes);
}

#[tokio::test(start_paused = true)]
async fn a_sweep_that_takes_longer_is_followed_by_the_next_at_once() {
    let office = Office::open();
    let client = builder(office.service(), &office.clock).quota(Quota::new(30, 30 * SECOND).unwrap()).build().unwrap();
    let changes = client.watch(users(650 * 10)).poll_interval(5 * SECOND).start().unwrap();
    office.pass(Duration::from_mins(10)).await;
    let first: Vec<_> = office.calls().into_iter().map(|(at, users)| (at, users[0])).collect();
    assert!(first.iter().enumerate().all(|(turn, (_, user))| *user == turn % 10 * 650), "{first:?}");
    // A half of 30 in 30 seconds: one in two, and a burst.
    assert!(first.windows(2).skip(2).all(|pair| (2.0..2.4).contains(&(pair[1].0 - pair[0].0))), "{first:?}");
    drop(changes);
}
