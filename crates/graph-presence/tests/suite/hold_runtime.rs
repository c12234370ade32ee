//! Holds and the tokio runtime: without a runtime, after its shutdown, and after suspension of the machine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::hold::{HoldHandle, HoldStatus};
use graph_presence::{AccessToken, Client, Clock, SessionId, SessionState};

use crate::hold::{HOUR, Log, MINUTE, logging_service, start_hold, status_text};
use crate::hold_failures::{SECOND, hold_user, session_service};
use crate::in_process::{PausedClock, builder, paused_runtime};
use crate::server::{APPLICATION, TOKEN, ada};

#[test]
fn start_requires_a_runtime_and_a_session_id() {
    let client = Client::builder(AccessToken::new(TOKEN)).session_id(SessionId::parse(APPLICATION).unwrap()).build();
    let error = client.unwrap().me().hold(SessionState::Away).start().unwrap_err();
    insta::assert_snapshot!(error, @"set presence: tokio runtime not found: call this on a thread of a tokio runtime");
    let client = Client::builder(AccessToken::new(TOKEN)).build().unwrap();
    let error = client.me().hold(SessionState::Away).start().unwrap_err();
    assert!(error.is_invalid_input() && error.to_string().contains("session id"), "{error}");
}

/// Starts a hold and shuts its runtime down. Returns the client, the log of requests, and the lost hold.
pub(crate) fn lose_hold_with_its_runtime() -> (Client, Log, HoldHandle) {
    let first = paused_runtime();
    let clock = first.block_on(async { PausedClock::start() });
    let (service, log) = logging_service(&clock, |_| 200);
    let client = builder(service, &clock).build().unwrap();
    let hold = first.block_on(async {
        let hold = start_hold(&client, SessionState::InACall);
        hold.until_held().await.unwrap();
        hold
    });
    drop(first);
    assert!(status_text(&hold.status()).starts_with("lost"), "{}", status_text(&hold.status()));
    (client, log, hold)
}

#[test]
fn lost_hold_can_be_started_again_on_another_runtime() {
    let (client, log, lost) = lose_hold_with_its_runtime();
    paused_runtime().block_on(async {
        let second = start_hold(&client, SessionState::Away);
        drop(lost);
        second.until_held().await.unwrap();
    });
    assert_eq!(log.lines(), ["setPresence InACall PT10M", "setPresence Away PT10M"]);
}

#[test]
fn lost_hold_can_be_released_on_another_runtime() {
    let (client, log, lost) = lose_hold_with_its_runtime();
    paused_runtime().block_on(lost.release()).unwrap();
    assert_eq!(log.lines(), ["setPresence InACall PT10M", "clearPresence"]);
    paused_runtime().block_on(async { start_hold(&client, SessionState::Away).until_held().await.unwrap() });
}

#[test]
fn lost_hold_is_released_without_a_request_if_the_user_is_held_again() {
    let (client, log, lost) = lose_hold_with_its_runtime();
    paused_runtime().block_on(async {
        let second = start_hold(&client, SessionState::Away);
        second.until_held().await.unwrap();
        lost.release().await.unwrap();
    });
    assert_eq!(log.lines(), ["setPresence InACall PT10M", "setPresence Away PT10M"]);
}

/// The clock of a machine that is suspended for an hour after the first minute. Timers do not notice the suspension.
#[derive(Debug)]
struct SuspendedClock(PausedClock);

impl Clock for SuspendedClock {
    fn now(&self) -> graph_presence::jiff::Timestamp {
        let now = Clock::now(&self.0);
        if self.0.elapsed() < MINUTE { now } else { now + HOUR }
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> graph_presence::Sleep<'_> {
        self.0.sleep(duration)
    }
}

#[tokio::test(start_paused = true)]
async fn renewals_resume_after_suspension() {
    let clock = PausedClock::start();
    let (service, log) = logging_service(&clock, |_| 200);
    let client = builder(service, &clock).clock(SuspendedClock(clock.clone())).build().unwrap();
    let _hold = start_hold(&client, SessionState::Available);
    tokio::time::sleep(2 * MINUTE).await;
    let sent: Vec<_> = log.take().iter().map(|(at, _)| at.as_secs()).collect();
    assert!(matches!(sent[..], [0, 60..=90]), "{sent:?}");
}

#[test]
fn release_continues_if_the_renewing_runtime_is_shut_down() {
    let (first, second) = (paused_runtime(), paused_runtime());
    let clock = first.block_on(async { PausedClock::start() });
    let (service, activity) = session_service(|_| 200, |number| if number == 0 { 5 * SECOND } else { Duration::ZERO });
    let client = builder(service, &clock).build().unwrap();
    let hold = first.block_on(async {
        let hold = hold_user(&client, ada());
        tokio::time::sleep(SECOND).await;
        hold
    });
    let mut release = Box::pin(hold.release());
    second.block_on(async { assert!((&mut release).now_or_never().is_none()) });
    drop(first);
    let start = || client.user(ada()).hold(SessionState::Presenting).start();
    second.block_on(async { start().unwrap_err() });
    second.block_on(release).unwrap();
    assert_eq!(*activity.lock().unwrap(), "");
    drop(second.block_on(async { start().unwrap() }));
}

#[test]
fn hold_started_during_runtime_shutdown_is_lost() {
    struct StartOnDrop(Client, Arc<Mutex<Option<HoldHandle>>>);

    impl Drop for StartOnDrop {
        fn drop(&mut self) {
            *self.1.lock().unwrap() = Some(hold_user(&self.0, ada()));
        }
    }

    let runtime = paused_runtime();
    let clock = runtime.block_on(async { PausedClock::start() });
    let client = builder(session_service(|_| 200, |_| Duration::ZERO).0, &clock).build().unwrap();
    let started = Arc::default();
    let start_on_drop = StartOnDrop(client, Arc::clone(&started));
    runtime.spawn(async move {
        let _start_on_drop = start_on_drop;
        std::future::pending::<()>().await;
    });
    runtime.block_on(tokio::task::yield_now());
    drop(runtime);
    let hold = started.lock().unwrap().take().unwrap();
    assert!(matches!(hold.status(), HoldStatus::Lost { .. }), "{hold:?}");
}
