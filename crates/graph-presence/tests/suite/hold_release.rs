//! The end of holds: releasing, dropping, and holding the user again.

use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::http::Request;
use graph_presence::{Clock, SessionState};
use tokio::runtime::Handle;

use crate::hold::{HOUR, Log, MINUTE, logging_service, run_due_tasks, start_hold};
use crate::hold_failures::{SECOND, hold_user, hold_users, is_held, session_service};
use crate::in_process::{PausedClock, Service, builder, response};
use crate::server::ada;

#[tokio::test(start_paused = true)]
async fn release_clears_the_session() {
    for status in [200, 204, 404] {
        let clock = PausedClock::start();
        let log = Log::default();
        let (service_log, service_clock) = (log.clone(), clock.clone());
        let service = Service::new(move |request| {
            service_log.record(&service_clock, &request);
            let clears = request.uri().path().ends_with("clearPresence");
            async move { response(if clears { status } else { 200 }, "") }
        });
        let client = builder(service, &clock).build().unwrap();
        let hold = start_hold(&client, SessionState::InACall);
        hold.until_held().await.unwrap();
        hold.release().await.unwrap();
        tokio::time::sleep(HOUR).await;
        assert_eq!(log.lines(), ["setPresence InACall PT10M", "clearPresence"], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn failed_release_returns_the_error() {
    let clock = PausedClock::start();
    let (service, _) = logging_service(&clock, |elapsed| if elapsed < MINUTE { 200 } else { 403 });
    let client = builder(service, &clock).build().unwrap();
    let hold = start_hold(&client, SessionState::InACall);
    hold.until_held().await.unwrap();
    tokio::time::sleep(MINUTE).await;
    let error = hold.release().await.unwrap_err();
    assert!(error.is_forbidden(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn release_waits_for_the_renewal_in_flight() {
    let clock = PausedClock::start();
    let log = Log::default();
    let (service_log, service_clock) = (log.clone(), clock.clone());
    // The request takes effect after a delay.
    let service = Service::new(move |request: Request<Bytes>| {
        let (service_log, service_clock) = (service_log.clone(), service_clock.clone());
        async move {
            if request.uri().path().ends_with("setPresence") {
                tokio::time::sleep(Duration::from_secs(7)).await;
            }
            service_log.record(&service_clock, &request);
            response(200, "")
        }
    });
    let client = builder(service, &clock).build().unwrap();
    let hold = start_hold(&client, SessionState::InACall);
    tokio::time::sleep(Duration::from_secs(2)).await;
    hold.release().await.unwrap();
    tokio::time::sleep(HOUR).await;
    assert_eq!(log.lines(), ["setPresence InACall PT10M", "clearPresence"]);
}

#[tokio::test(start_paused = true)]
async fn dropped_hold_is_not_renewed() {
    let clock = PausedClock::start();
    let (service, log) = logging_service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let hold = start_hold(&client, SessionState::InACall);
    hold.until_held().await.unwrap();
    drop(hold);
    tokio::time::sleep(HOUR).await;
    assert_eq!(log.lines(), ["setPresence InACall PT10M"]);
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_hold_at_any_point_leaves_no_tasks() {
    let running_tasks = || Handle::current().metrics().num_alive_tasks();
    for polls in 1..45 {
        let clock = PausedClock::start();
        let service = Service::new(async |_| {
            tokio::time::sleep(Duration::from_secs(3)).await;
            response(200, "")
        });
        let client = builder(service, &clock).build().unwrap();
        let mut lifecycle = Box::pin(async {
            let hold = start_hold(&client, SessionState::InACall);
            hold.until_held().await.unwrap();
            tokio::time::sleep(4 * MINUTE).await;
            hold.change(SessionState::Presenting);
            tokio::time::sleep(Duration::from_secs(1)).await;
            hold.release().await.unwrap();
        });
        let mut ended = false;
        for _ in 0..polls {
            ended = std::future::poll_fn(|context| std::task::Poll::Ready(lifecycle.as_mut().poll(context).is_ready()))
                .await;
            if ended {
                break;
            }
            tokio::time::sleep(Duration::from_millis(6500)).await;
        }
        assert!(ended || polls < 44, "the lifecycle does not end");
        drop(lifecycle);
        run_due_tasks().await;
        assert_eq!(running_tasks(), 0, "after {polls} polls, ended: {ended}");
    }
}

#[tokio::test(start_paused = true)]
async fn holds_dropped_during_a_renewal_do_not_affect_later_holds() {
    let clock = PausedClock::start();
    let time = clock.clone();
    let service = Service::new(move |_| {
        let is_down = (10 * MINUTE..20 * MINUTE).contains(&time.elapsed());
        async move {
            tokio::time::sleep(SECOND).await;
            response(if is_down { 503 } else { 200 }, "")
        }
    });
    let client = builder(service, &clock).build().unwrap();
    for first in hold_users(&client, 3) {
        tokio::time::sleep(SECOND / 2).await;
        drop(first);
    }
    // By now the renewal task has ended. The next hold starts another.
    tokio::time::sleep(MINUTE).await;
    let hold = hold_user(&client, ada());
    hold.until_held().await.unwrap();
    tokio::time::sleep(20 * MINUTE).await;
    assert!(is_held(&hold), "{hold:?}");
}

#[tokio::test(start_paused = true)]
async fn releasing_a_lost_hold_does_not_affect_a_later_hold() {
    let clock = PausedClock::start();
    let (service, activity) = session_service(|number| if number == 0 { 403 } else { 200 }, |_| Duration::ZERO);
    let client = builder(service, &clock).build().unwrap();
    let first = hold_user(&client, ada());
    first.until_held().await.unwrap_err();
    let second = client.user(ada()).hold(SessionState::Presenting).start().unwrap();
    second.until_held().await.unwrap();
    first.release().await.unwrap();
    assert_eq!(*activity.lock().unwrap(), "Presenting");
    second.release().await.unwrap();
    assert_eq!(*activity.lock().unwrap(), "");
}

#[tokio::test(start_paused = true)]
async fn releasing_a_lost_hold_clears_the_session() {
    let clock = PausedClock::start();
    let (service, activity) = session_service(|number| if number == 1 { 403 } else { 200 }, |_| Duration::ZERO);
    let client = builder(service, &clock).build().unwrap();
    let hold = hold_user(&client, ada());
    tokio::time::sleep(5 * MINUTE).await;
    hold.until_held().await.unwrap_err();
    assert_eq!(*activity.lock().unwrap(), "InACall");
    hold.release().await.unwrap();
    assert_eq!(*activity.lock().unwrap(), "");
}

#[tokio::test(start_paused = true)]
async fn user_cannot_be_held_until_a_release_has_ended() {
    let clock = PausedClock::start();
    let (service, _) = session_service(|number| if number == 0 { 403 } else { 200 }, |_| 5 * SECOND);
    let client = builder(service, &clock).build().unwrap();
    let first = hold_user(&client, ada());
    tokio::time::sleep(SECOND).await;
    let release = tokio::spawn(first.release());
    tokio::time::sleep(7 * SECOND).await;
    client.user(ada()).hold(SessionState::Away).start().unwrap_err();
    release.await.unwrap().unwrap();
    client.user(ada()).hold(SessionState::Away).start().unwrap().until_held().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn renewal_of_a_dropped_hold_does_not_overwrite_a_later_hold() {
    for cancels_release in [false, true] {
        let clock = PausedClock::start();
        let (service, activity) =
            session_service(|_| 200, |number| if number == 1 { 5 * SECOND } else { Duration::ZERO });
        let client = builder(service, &clock).build().unwrap();
        let _other = client.me().hold(SessionState::Away).start().unwrap();
        tokio::time::sleep(SECOND).await;
        let first = hold_user(&client, ada());
        tokio::time::sleep(SECOND).await;
        if cancels_release {
            tokio::time::timeout(SECOND, first.release()).await.unwrap_err();
        } else {
            drop(first);
        }
        let second = client.user(ada()).hold(SessionState::Presenting).start().unwrap();
        second.until_held().await.unwrap();
        tokio::time::sleep(MINUTE).await;
        assert_eq!(*activity.lock().unwrap(), "Presenting", "{cancels_release}");
        drop(second);
        let third = hold_user(&client, ada());
        tokio::time::timeout(SECOND, third.until_held()).await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn release_waits_for_the_renewal_of_a_dropped_hold() {
    let clock = PausedClock::start();
    let (service, activity) = session_service(|_| 200, |number| if number == 0 { 5 * SECOND } else { Duration::ZERO });
    let client = builder(service, &clock).build().unwrap();
    let first = hold_user(&client, ada());
    tokio::time::sleep(SECOND).await;
    drop(first);
    let second = client.user(ada()).hold(SessionState::Presenting).start().unwrap();
    second.release().await.unwrap();
    assert_eq!(clock.elapsed(), 5 * SECOND);
    tokio::time::sleep(MINUTE).await;
    assert_eq!(*activity.lock().unwrap(), "");
}
