//! Failures are told, and are not the end.

use std::time::Duration;

use graph_presence::RetryPolicy;
use graph_presence::watch::Event;

use super::fake_service::{Fate, Office, SECOND, id, line, take, told};
use crate::in_process::builder;

#[tokio::test(start_paused = true)]
async fn an_outage_is_told_in_one_event_and_got_over_at_once() {
    let office = Office::open();
    office.shows(0, "Away");
    let client = builder(office.service(), &office.clock).jitter(|| 1 << 31).build().unwrap();
    let mut changes = client.watch([id(0)]).start().unwrap();
    let users = changes.handle();
    office.pass(SECOND).await;
    take(&mut changes);
    office.calls();

    let end = 30.0 + 10.0 * 60.0;
    office.meets(move |now, _| if now.as_secs_f64() < end { Fate::Refused(503) } else { Fate::Answered });
    office.pass(30 * SECOND).await;
    assert_eq!(told(&mut changes), ["failed 503: 3 calls, 1 users since 30"]);
    let waits: Vec<_> = office.calls().iter().map(|(at, _)| at - 30.0).collect();
    assert_eq!(waits, [0.0, 0.25, 0.75]);

    office.shows(0, "Busy");
    office.pass(590 * SECOND).await;
    assert_eq!(users.age(id(0)).unwrap().as_secs(), 621);
    let events = take(&mut changes);
    assert_eq!(events.len(), 1);
    let calls = office.calls();
    assert_eq!(line(&events[0]), format!("failed 503: {} calls, 1 users since 30", calls.len()));
    let longest = calls.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(0.0, f64::max);
    assert_eq!(longest, 10.0);

    office.pass(20 * SECOND).await;
    let told = told(&mut changes);
    assert!(told[1].starts_with("0 Away>Busy @63"), "{told:?}");
    let (age, calls) = (users.age(id(0)).unwrap(), office.calls());
    assert!(age < 20 * SECOND && calls.len() <= 4, "{age:?} {calls:?}");
}

#[tokio::test(start_paused = true)]
async fn the_waits_are_the_clients() {
    let office = Office::open();
    let policy = RetryPolicy::default().initial_backoff(4 * SECOND).max_backoff(10 * SECOND);
    let client = builder(office.service(), &office.clock).jitter(|| 1 << 31).retry(policy).build().unwrap();
    office.meets(|_, _| Fate::Refused(500));
    let changes = client.watch([id(0)]).start().unwrap();
    office.pass(29 * SECOND).await;
    let at: Vec<_> = office.calls().iter().map(|(at, _)| *at).collect();
    assert_eq!(at, [0.0, 2.0, 6.0, 11.0, 16.0, 21.0, 26.0]);
    drop(changes);
}

#[tokio::test(start_paused = true)]
async fn what_the_service_asks_to_wait_is_waited_by_all() {
    let office = Office::open();
    (0..2000).for_each(|user| office.shows(user, "Away"));
    office.meets(|now, asked| match asked[0] {
        650 if now < SECOND => Fate::Throttled("100"),
        _ => Fate::Answered,
    });
    let mut changes = office.client().watch((0..2000).map(id)).start().unwrap();
    office.pass(99 * SECOND).await;
    let calls = office.calls();
    assert!(calls.iter().all(|(at, _)| *at == 0.0), "{calls:?}");
    let failed = take(&mut changes).into_iter().find(|event| matches!(event, Event::PollFailed(_))).unwrap();
    assert_eq!(line(&failed), "failed 429: 1 calls, 650 users since 0");
    changes.handle().add([id(0)]);
    office.pass(2 * SECOND).await;
    assert_eq!(take(&mut changes).len(), 2000 - calls.iter().map(|(_, users)| users.len()).sum::<usize>() + 650);
    assert!(office.calls().iter().all(|(at, _)| (100.0..100.5).contains(at)));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_service_asks_for_has_an_end() {
    let office = Office::open();
    office.meets(|now, _| if now < SECOND { Fate::Throttled("9999999999") } else { Fate::Answered });
    office.shows(0, "Away");
    let mut changes = office.client().watch([id(0)]).start().unwrap();
    office.pass(3601 * SECOND).await;
    assert_eq!(told(&mut changes), ["failed 429: 1 calls, 1 users since 0", "0 >Away @3600"]);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_by_itself_is_tried_with_each_sweep() {
    let office = Office::open();
    office.shows(0, "Away");
    office.meets(|now, _| if now < 70 * SECOND { Fate::Refused(403) } else { Fate::Answered });
    let mut changes = office.client().watch([id(0)]).start().unwrap();
    office.pass(100 * SECOND).await;
    assert_eq!(office.calls().iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0.0, 30.0, 60.0, 90.0]);
    assert_eq!(told(&mut changes), ["failed 403: 3 calls, 1 users since 0", "0 >Away @90"]);
}

#[tokio::test(start_paused = true)]
async fn one_call_that_always_fails_holds_up_its_own_users_only() {
    for status in [400, 503] {
        let office = Office::open();
        (0..2000).for_each(|user| office.shows(user, "Away"));
        office.meets(move |_, asked| match asked[0] {
            650 => Fate::Refused(status),
            _ => Fate::Answered,
        });
        let mut changes = office.client().watch((0..2000).map(id)).start().unwrap();
        let users = changes.handle();
        office.pass(600 * SECOND).await;
        let ages: Vec<_> = [0, 650, 1300, 1999].iter().map(|user| users.age(id(*user))).collect();
        assert!(ages[1].is_none());
        assert!([0, 2, 3].iter().all(|index| ages[*index].unwrap() < 32 * SECOND), "{ages:?}");
        let failed = take(&mut changes).into_iter().find(|event| matches!(event, Event::PollFailed(_))).unwrap();
        let Event::PollFailed(failed) = failed else { unreachable!() };
        assert_eq!(failed.users, 650);
        let expected = if status == 400 { 20..=21 } else { 60..=300 };
        assert!(expected.contains(&failed.calls), "{failed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_holds_up_its_own_users_only() {
    let office = Office::open();
    (0..2000).for_each(|user| office.shows(user, "Away"));
    office.meets(|_, asked| if asked[0] == 0 { Fate::Late(3600 * SECOND) } else { Fate::Answered });
    let mut changes = office.client().watch((0..2000).map(id)).poll_interval(2 * SECOND).start().unwrap();
    let users = changes.handle();
    office.pass(29 * SECOND).await;
    assert_eq!(users.last_seen(id(0)), None);
    assert!(users.age(id(650)).unwrap() < 3 * SECOND);
    assert_eq!(take(&mut changes).len(), 1350);
    office.pass(2 * SECOND).await;
    assert_eq!(told(&mut changes), ["failed ?: 1 calls, 650 users since 30"]);
}

#[tokio::test(start_paused = true)]
async fn failures_end_when_the_users_are_read_or_removed() {
    let office = Office::open();
    (0..1300).for_each(|user| office.shows(user, "Away"));
    office.meets(|_, asked| if asked.contains(&0) { Fate::Refused(403) } else { Fate::Answered });
    let mut changes = office.client().watch((0..1300).map(id)).start().unwrap();
    let users = changes.handle();
    let failures = |changes: &mut _| -> Vec<String> {
        told(changes).into_iter().filter(|line| line.starts_with("failed")).collect()
    };
    office.pass(SECOND).await;
    assert_eq!(failures(&mut changes), ["failed 403: 1 calls, 650 users since 0"]);
    office.pass(30 * SECOND).await;
    assert_eq!(failures(&mut changes), ["failed 403: 1 calls, 650 users since 0"]);
    users.remove((1..600).map(id).collect::<Vec<_>>());
    office.pass(30 * SECOND).await;
    // The call was filled up with others.
    assert_eq!(failures(&mut changes), ["failed 403: 1 calls, 650 users since 0"]);
    users.remove([id(0)]);
    office.pass(30 * SECOND).await;
    assert_eq!(failures(&mut changes), [""; 0]);
    users.add([id(0)]);
    office.pass(SECOND).await;
    assert_eq!(failures(&mut changes), ["failed 403: 1 calls, 1 users since 91"]);
}

#[tokio::test(start_paused = true)]
async fn while_calls_fail_there_is_one_at_a_time() {
    const TAKES: Duration = Duration::from_millis(50);
    let office = Office::open();
    (0..5000).for_each(|user| office.shows(user, "Away"));
    let down = |until: Duration| {
        move |now, _: &[usize]| if now < until { Fate::RefusedLate(503, TAKES) } else { Fate::Late(TAKES) }
    };
    office.meets(down(60 * SECOND));
    let client = builder(office.service(), &office.clock).jitter(|| 1 << 31).build().unwrap();
    let mut changes = client.watch((0..5000).map(id)).start().unwrap();
    let times = || -> Vec<_> { office.calls().iter().map(|(at, _)| (at * 1000.0).round() / 1000.0).collect() };
    office.pass(56 * SECOND).await;
    // The four of the beginning fail at the same time. Then the waits are halves of 4, 8, 16 and 20 seconds.
    assert_eq!(times(), [0.0, 0.0, 0.0, 0.0, 2.05, 6.1, 14.15, 24.2, 34.25, 44.3, 54.35]);
    office.pass(20 * SECOND).await;
    assert_eq!(take(&mut changes).len(), 5001);
    // One tells that the service is back; what was left of that sweep, and the overdue one, follow four at a time.
    assert_eq!(times(), [&[64.4; 1] as &[f64], &[64.45; 4], &[64.5; 4], &[64.55; 4]].concat());
    // The next failure is the first one again.
    office.meets(down(95 * SECOND));
    office.pass(22 * SECOND).await;
    assert_eq!(times()[..5], [94.5, 94.5, 94.5, 94.5, 96.55]);
}

#[tokio::test(start_paused = true)]
async fn not_even_by_chance_is_a_failure_followed_by_a_call_at_once() {
    let office = Office::open();
    let mut refusals = 0..50;
    office.meets(move |_, _| if refusals.next().is_some() { Fate::Refused(503) } else { Fate::Answered });
    let client = builder(office.service(), &office.clock).jitter(|| 0).build().unwrap();
    let changes = client.watch([id(0)]).start().unwrap();
    office.pass(SECOND).await;
    assert_eq!(office.calls().len(), 11);
    drop(changes);
}

#[tokio::test(start_paused = true)]
async fn another_failure_does_not_shorten_the_wait_that_the_service_asks_for() {
    let office = Office::open();
    office.meets(|now, asked| match asked[0] {
        _ if now > SECOND => Fate::Answered,
        0 => Fate::RefusedLate(503, 5 * SECOND),
        _ => Fate::Throttled("100"),
    });
    let changes = office.client().watch((0..2000).map(id)).start().unwrap();
    office.pass(99 * SECOND).await;
    assert_eq!(office.calls().iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0.0, 0.0]);
    drop(changes);
}

#[tokio::test(start_paused = true)]
async fn a_failure_keeps_its_place_before_what_came_after_it() {
    let office = Office::open();
    (0..650).for_each(|user| office.shows(user, "Away"));
    office.meets(|_, asked| if asked[0] == 650 { Fate::Refused(403) } else { Fate::Answered });
    let mut changes = office.client().watch((0..700).map(id)).start().unwrap();
    office.pass(SECOND).await;
    assert_eq!(take(&mut changes).len(), 651);
    office.pass(30 * SECOND).await;
    office.shows(0, "Busy");
    office.pass(60 * SECOND).await;
    assert_eq!(told(&mut changes), ["failed 403: 3 calls, 50 users since 0", "0 Away>Busy @60"]);
}
