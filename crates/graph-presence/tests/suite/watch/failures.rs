//! Failures of polls: events, backoff, and recovery.

use std::time::Duration;

use graph_presence::RetryPolicy;
use graph_presence::watch::Event;

use super::fake_service::{FakeService, Outcome, SECOND, event_line, id, ready_event_lines, ready_events};
use crate::in_process::builder;

#[tokio::test(start_paused = true)]
async fn outage_is_one_event_and_polling_resumes_immediately() {
    let service = FakeService::start();
    service.set_availability(0, "Away");
    let client = builder(service.http_client(), &service.clock).jitter(|| 1 << 31).build().unwrap();
    let mut changes = client.watch([id(0)]).start().unwrap();
    let users = changes.handle();
    service.advance(SECOND).await;
    ready_events(&mut changes);
    service.calls();

    let end = 30.0 + 10.0 * 60.0;
    service.respond_with(move |now, _| if now.as_secs_f64() < end { Outcome::Status(503) } else { Outcome::Success });
    service.advance(30 * SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["failed 503: 3 calls, 1 users since 30"]);
    let times: Vec<_> = service.calls().iter().map(|(at, _)| at - 30.0).collect();
    assert_eq!(times, [0.0, 0.25, 0.75]);

    service.set_availability(0, "Busy");
    service.advance(590 * SECOND).await;
    assert_eq!(users.age(id(0)).unwrap().as_secs(), 621);
    let events = ready_events(&mut changes);
    assert_eq!(events.len(), 1);
    let calls = service.calls();
    assert_eq!(event_line(&events[0]), format!("failed 503: {} calls, 1 users since 30", calls.len()));
    let longest = calls.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(0.0, f64::max);
    assert_eq!(longest, 10.0);

    service.advance(20 * SECOND).await;
    let lines = ready_event_lines(&mut changes);
    assert!(lines[1].starts_with("0 Away>Busy @63"), "{lines:?}");
    let (age, calls) = (users.age(id(0)).unwrap(), service.calls());
    assert!(age < 20 * SECOND && calls.len() <= 4, "{age:?} {calls:?}");
}

#[tokio::test(start_paused = true)]
async fn backoff_is_that_of_the_retry_policy() {
    let service = FakeService::start();
    let policy = RetryPolicy::default().initial_backoff(4 * SECOND).max_backoff(10 * SECOND);
    let client = builder(service.http_client(), &service.clock).jitter(|| 1 << 31).retry(policy).build().unwrap();
    service.respond_with(|_, _| Outcome::Status(500));
    let changes = client.watch([id(0)]).start().unwrap();
    service.advance(29 * SECOND).await;
    let at: Vec<_> = service.calls().iter().map(|(at, _)| *at).collect();
    assert_eq!(at, [0.0, 2.0, 6.0, 11.0, 16.0, 21.0, 26.0]);
    drop(changes);
}

#[tokio::test(start_paused = true)]
async fn retry_after_delays_all_calls() {
    let service = FakeService::start();
    (0..2000).for_each(|user| service.set_availability(user, "Away"));
    service.respond_with(|now, users| match users[0] {
        650 if now < SECOND => Outcome::Throttled("100"),
        _ => Outcome::Success,
    });
    let mut changes = service.client().watch((0..2000).map(id)).start().unwrap();
    service.advance(99 * SECOND).await;
    let calls = service.calls();
    assert!(calls.iter().all(|(at, _)| *at == 0.0), "{calls:?}");
    let failure = ready_events(&mut changes).into_iter().find(|event| matches!(event, Event::PollFailed(_))).unwrap();
    assert_eq!(event_line(&failure), "failed 429: 1 calls, 650 users since 0");
    changes.handle().add([id(0)]);
    service.advance(2 * SECOND).await;
    assert_eq!(
        ready_events(&mut changes).len(),
        2000 - calls.iter().map(|(_, users)| users.len()).sum::<usize>() + 650
    );
    assert!(service.calls().iter().all(|(at, _)| (100.0..100.5).contains(at)));
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_limited_to_an_hour() {
    let service = FakeService::start();
    service.respond_with(|now, _| if now < SECOND { Outcome::Throttled("9999999999") } else { Outcome::Success });
    service.set_availability(0, "Away");
    let mut changes = service.client().watch([id(0)]).start().unwrap();
    service.advance(3601 * SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["failed 429: 1 calls, 1 users since 0", "0 >Away @3600"]);
}

#[tokio::test(start_paused = true)]
async fn permanent_errors_are_retried_with_each_poll() {
    let service = FakeService::start();
    service.set_availability(0, "Away");
    service.respond_with(|now, _| if now < 70 * SECOND { Outcome::Status(403) } else { Outcome::Success });
    let mut changes = service.client().watch([id(0)]).start().unwrap();
    service.advance(100 * SECOND).await;
    assert_eq!(service.calls().iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0.0, 30.0, 60.0, 90.0]);
    assert_eq!(ready_event_lines(&mut changes), ["failed 403: 3 calls, 1 users since 0", "0 >Away @90"]);
}

#[tokio::test(start_paused = true)]
async fn failing_call_delays_only_its_own_users() {
    for status in [400, 503] {
        let service = FakeService::start();
        (0..2000).for_each(|user| service.set_availability(user, "Away"));
        service.respond_with(move |_, users| match users[0] {
            650 => Outcome::Status(status),
            _ => Outcome::Success,
        });
        let mut changes = service.client().watch((0..2000).map(id)).start().unwrap();
        let users = changes.handle();
        service.advance(600 * SECOND).await;
        let ages: Vec<_> = [0, 650, 1300, 1999].iter().map(|user| users.age(id(*user))).collect();
        assert!(ages[1].is_none());
        assert!([0, 2, 3].iter().all(|index| ages[*index].unwrap() < 32 * SECOND), "{ages:?}");
        let failure =
            ready_events(&mut changes).into_iter().find(|event| matches!(event, Event::PollFailed(_))).unwrap();
        let Event::PollFailed(failure) = failure else { unreachable!() };
        assert_eq!(failure.users, 650);
        let expected = if status == 400 { 20..=21 } else { 60..=300 };
        assert!(expected.contains(&failure.calls), "{failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_call_delays_only_its_own_users() {
    let service = FakeService::start();
    (0..2000).for_each(|user| service.set_availability(user, "Away"));
    service
        .respond_with(|_, users| if users[0] == 0 { Outcome::DelayedSuccess(3600 * SECOND) } else { Outcome::Success });
    let mut changes = service.client().watch((0..2000).map(id)).poll_interval(2 * SECOND).start().unwrap();
    let users = changes.handle();
    service.advance(29 * SECOND).await;
    assert_eq!(users.last_seen(id(0)), None);
    assert!(users.age(id(650)).unwrap() < 3 * SECOND);
    assert_eq!(ready_events(&mut changes).len(), 1350);
    service.advance(2 * SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["failed ?: 1 calls, 650 users since 30"]);
}

#[tokio::test(start_paused = true)]
async fn failure_ends_when_its_users_are_read_or_removed() {
    let service = FakeService::start();
    (0..1300).for_each(|user| service.set_availability(user, "Away"));
    service.respond_with(|_, users| if users.contains(&0) { Outcome::Status(403) } else { Outcome::Success });
    let mut changes = service.client().watch((0..1300).map(id)).start().unwrap();
    let users = changes.handle();
    let failures = |changes: &mut _| -> Vec<String> {
        ready_event_lines(changes).into_iter().filter(|line| line.starts_with("failed")).collect()
    };
    service.advance(SECOND).await;
    assert_eq!(failures(&mut changes), ["failed 403: 1 calls, 650 users since 0"]);
    service.advance(30 * SECOND).await;
    assert_eq!(failures(&mut changes), ["failed 403: 1 calls, 650 users since 0"]);
    users.remove((1..600).map(id).collect::<Vec<_>>());
    service.advance(30 * SECOND).await;
    // The call contains other users in their place.
    assert_eq!(failures(&mut changes), ["failed 403: 1 calls, 650 users since 0"]);
    users.remove([id(0)]);
    service.advance(30 * SECOND).await;
    assert_eq!(failures(&mut changes), [""; 0]);
    users.add([id(0)]);
    service.advance(SECOND).await;
    assert_eq!(failures(&mut changes), ["failed 403: 1 calls, 1 users since 91"]);
}

#[tokio::test(start_paused = true)]
async fn one_call_at_a_time_while_calls_fail() {
    const LATENCY: Duration = Duration::from_millis(50);
    let service = FakeService::start();
    (0..5000).for_each(|user| service.set_availability(user, "Away"));
    let fail_until = |until: Duration| {
        move |now, _: &[usize]| {
            if now < until { Outcome::DelayedStatus(503, LATENCY) } else { Outcome::DelayedSuccess(LATENCY) }
        }
    };
    service.respond_with(fail_until(60 * SECOND));
    let client = builder(service.http_client(), &service.clock).jitter(|| 1 << 31).build().unwrap();
    let mut changes = client.watch((0..5000).map(id)).start().unwrap();
    let times = || -> Vec<_> { service.calls().iter().map(|(at, _)| (at * 1000.0).round() / 1000.0).collect() };
    service.advance(56 * SECOND).await;
    // The first four calls fail at the same time. The following waits are half of 4, 8, 16 and 20 seconds.
    assert_eq!(times(), [0.0, 0.0, 0.0, 0.0, 2.05, 6.1, 14.15, 24.2, 34.25, 44.3, 54.35]);
    service.advance(20 * SECOND).await;
    assert_eq!(ready_events(&mut changes).len(), 5001);
    // One call succeeds. The rest of its poll, and the overdue poll, follow with four concurrent calls.
    assert_eq!(times(), [&[64.4; 1] as &[f64], &[64.45; 4], &[64.5; 4], &[64.55; 4]].concat());
    // The backoff starts again with the next failure.
    service.respond_with(fail_until(95 * SECOND));
    service.advance(22 * SECOND).await;
    assert_eq!(times()[..5], [94.5, 94.5, 94.5, 94.5, 96.55]);
}

#[tokio::test(start_paused = true)]
async fn zero_jitter_still_backs_off() {
    let service = FakeService::start();
    let mut failures = 0..50;
    service.respond_with(move |_, _| if failures.next().is_some() { Outcome::Status(503) } else { Outcome::Success });
    let client = builder(service.http_client(), &service.clock).jitter(|| 0).build().unwrap();
    let changes = client.watch([id(0)]).start().unwrap();
    service.advance(SECOND).await;
    assert_eq!(service.calls().len(), 11);
    drop(changes);
}

#[tokio::test(start_paused = true)]
async fn later_failure_does_not_shorten_retry_after() {
    let service = FakeService::start();
    service.respond_with(|now, users| match users[0] {
        _ if now > SECOND => Outcome::Success,
        0 => Outcome::DelayedStatus(503, 5 * SECOND),
        _ => Outcome::Throttled("100"),
    });
    let changes = service.client().watch((0..2000).map(id)).start().unwrap();
    service.advance(99 * SECOND).await;
    assert_eq!(service.calls().iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0.0, 0.0]);
    drop(changes);
}

#[tokio::test(start_paused = true)]
async fn failure_event_keeps_its_position() {
    let service = FakeService::start();
    (0..650).for_each(|user| service.set_availability(user, "Away"));
    service.respond_with(|_, users| if users[0] == 650 { Outcome::Status(403) } else { Outcome::Success });
    let mut changes = service.client().watch((0..700).map(id)).start().unwrap();
    service.advance(SECOND).await;
    assert_eq!(ready_events(&mut changes).len(), 651);
    service.advance(30 * SECOND).await;
    service.set_availability(0, "Busy");
    service.advance(60 * SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["failed 403: 3 calls, 50 users since 0", "0 Away>Busy @60"]);
}
