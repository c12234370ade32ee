//! Watching users: what is told of them, when they are asked for, and what it may cost.

mod failures;
mod fake_service;
mod quota;
mod scale;
mod stopping;

use std::time::Duration;

use futures_util::StreamExt;
use graph_presence::watch::{ChangeStream, Event, Watch};
use graph_presence::{Clock, UserId};
use serde_json::json;

use self::fake_service::{Fate, Office, SECOND, id, in_time, line, take, told};
use crate::rules::refused;
use crate::server::ADA;
use crate::tenant::{BOB, Tenant, guid, user};

const NOTHING: [&str; 0] = [];

#[tokio::test(start_paused = true)]
async fn first_sight_is_told_apart_from_a_change() {
    let office = Office::open();
    office.shows(0, "Available");
    office.shows(1, "Away");
    let mut changes = office.client().watch([id(0), id(1), id(0)]).start().unwrap();
    office.pass(SECOND).await;
    assert_eq!(told(&mut changes), ["0 >Available @0", "1 >Away @0"]);
    office.shows(0, "Busy");
    office.pass(28 * SECOND).await;
    assert_eq!(told(&mut changes), NOTHING);
    office.pass(SECOND).await;
    assert_eq!(told(&mut changes), ["0 Available>Busy @30"]);
    office.pass(3600 * SECOND).await;
    assert_eq!(told(&mut changes), NOTHING);
    let calls = office.calls();
    assert_eq!(calls.len(), 122);
    assert!(calls.iter().all(|(_, users)| users == &[0, 1]));
}

#[tokio::test(start_paused = true)]
async fn everything_but_the_sequence_number_is_a_change() {
    let office = Office::open();
    let plain = json!({"availability": "Busy", "activity": "InACall"});
    office.shows_all(0, plain.clone());
    let mut changes = office.client().watch([id(0)]).start().unwrap();
    office.pass(SECOND).await;
    take(&mut changes);
    let cases = [
        (json!({"availability": "Available"}), true),
        (json!({"activity": "InAMeeting"}), true),
        (json!({"statusMessage": {"message": {"content": "Back at five"}}}), true),
        (json!({"outOfOfficeSettings": {"isOutOfOffice": true}}), true),
        (json!({"workLocation": {"workLocationType": "remote"}}), true),
        (json!({"mood": "fine"}), true),
        (json!({"sequenceNumber": "A1"}), false),
        (json!({"@odata.type": "#microsoft.graph.presence"}), false),
        (json!({}), false),
    ];
    for (difference, is_change) in cases {
        let mut presence = plain.clone();
        presence.as_object_mut().unwrap().extend(difference.as_object().unwrap().clone());
        office.shows_all(0, presence);
        office.pass(30 * SECOND).await;
        assert_eq!(take(&mut changes).len(), usize::from(is_change), "{difference}");
        office.shows_all(0, plain.clone());
        office.pass(30 * SECOND).await;
        assert_eq!(take(&mut changes).len(), usize::from(is_change), "without {difference}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_older_answer_changes_nothing_unless_it_comes_three_times() {
    let office = Office::open();
    let mut changes = office.client().watch([id(0)]).start().unwrap();
    let users = changes.handle();
    // What the service says, what is told, and at which sweep the user was last seen.
    let cases = [
        ("Away", "A10", "0 >Away @0", 0),
        ("Busy", "A12", "0 Away>Busy @30", 1),
        ("Away", "A11", "", 1),
        ("Away", "A10", "", 1),
        ("Busy", "A12", "", 4),
        ("Away", "A11", "", 4),
        ("Away", "A11", "", 4),
        ("Offline", "A13", "0 Busy>Offline @210", 7),
        ("Busy", "A02", "", 7),
        ("Busy", "A02", "", 7),
        ("Away", "A03", "0 Offline>Away @300", 10),
        ("Busy", "A02", "", 10),
        ("Focusing", "", "0 Away>Focusing @360", 12),
        ("Busy", "A02", "", 12),
        ("Busy", "A04", "0 Focusing>Busy @420", 14),
    ];
    for (sweep, (availability, number, event, seen)) in cases.into_iter().enumerate() {
        match number {
            "" => office.shows(0, availability),
            number => office.shows_as(0, availability, number),
        }
        office.pass(if sweep == 0 { SECOND } else { 30 * SECOND }).await;
        let told = told(&mut changes);
        assert_eq!(told.join(", "), event, "sweep {sweep}");
        let seen_at = users.last_seen(id(0)).unwrap().duration_since(crate::time::VirtualClock::start());
        assert_eq!(seen_at.as_secs(), 30 * seen, "sweep {sweep}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_change_starts_from_what_was_told_last() {
    let office = Office::open();
    let mut changes = office.client().watch([id(0)]).start().unwrap();
    let mut told = None;
    for (number, availability) in ["Away", "Away", "Busy", "Busy", "Away", "Away"].into_iter().enumerate() {
        office.shows_as(0, availability, &format!("A{number}"));
        office.pass(if number == 0 { SECOND } else { 30 * SECOND }).await;
        for event in take(&mut changes) {
            let Event::Change(change) = event else { panic!("{event:?}") };
            assert_eq!(change.before, told, "{number}");
            told = Some(change.after);
        }
    }
    assert_eq!(told.unwrap().sequence_number.as_deref(), Some("A4"));
}

#[tokio::test(start_paused = true)]
async fn who_takes_slowly_is_told_the_newest_once_a_user_in_order() {
    let office = Office::open();
    (0..4).for_each(|user| office.shows(user, "Away"));
    let mut changes = office.client().watch((0..4).map(id)).start().unwrap();
    let days = [
        vec![],
        vec![(2, "Busy"), (3, "Busy")],
        vec![(0, "Busy"), (3, "Away")],
        vec![(2, "Offline"), (0, "Available"), (1, "Busy")],
        vec![(3, "DoNotDisturb"), (1, "Away")],
        vec![(1, "Offline")],
    ];
    // The first sights are taken, and then nothing for a while.
    office.pass(SECOND).await;
    assert_eq!(told(&mut changes).len(), 4);
    for day in days {
        day.into_iter().for_each(|(user, availability)| office.shows(user, availability));
        office.pass(30 * SECOND).await;
    }
    let expected = ["2 Away>Offline @120", "0 Away>Available @120", "3 Away>DoNotDisturb @150", "1 Away>Offline @180"];
    assert_eq!(told(&mut changes), expected);
    assert_eq!(told(&mut changes), NOTHING);
}

#[tokio::test(start_paused = true)]
async fn a_first_sight_that_was_not_taken_stays_one() {
    let office = Office::open();
    office.shows(0, "Away");
    let mut changes = office.client().watch([id(0)]).start().unwrap();
    office.pass(SECOND).await;
    for availability in ["Busy", "Away", "Offline"] {
        office.shows(0, availability);
        office.pass(30 * SECOND).await;
    }
    assert_eq!(told(&mut changes), ["0 >Offline @90"]);
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_woken_and_may_stop_waiting() {
    let office = Office::open();
    office.shows(0, "Away");
    let mut changes = office.client().watch([id(0)]).start().unwrap();
    assert_eq!(line(&in_time(changes.next()).await.unwrap()), "0 >Away @0");
    office.shows(0, "Busy");
    for _ in 0..3 {
        let waited = tokio::time::timeout(5 * SECOND, changes.next()).await;
        assert!(waited.is_err());
    }
    assert_eq!(line(&in_time(StreamExt::next(&mut changes)).await.unwrap()), "0 Away>Busy @30");
}

#[tokio::test(start_paused = true)]
async fn who_is_added_is_looked_at_at_once() {
    let office = Office::open();
    (0..3000).for_each(|user| office.shows(user, "Away"));
    let client = office.client();
    let mut changes = client.watch((0..2000).map(id)).start().unwrap();
    let users = changes.handle();
    office.pass(10 * SECOND).await;
    assert_eq!((take(&mut changes).len(), office.calls().len()), (2000, 4));

    users.add([id(2500), id(7), id(2400)]);
    office.pass(SECOND).await;
    assert_eq!(told(&mut changes), ["2400 >Away @10", "2500 >Away @10"]);
    let calls = office.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].0.floor(), calls[0].1.as_slice()), (10.0, [2400, 2500].as_slice()));
    assert_eq!(users.len(), 2002);

    // In the middle of a sweep, they go ahead of who has not been asked for.
    office.meets(|_, _| Fate::Late(2 * SECOND));
    users.remove((0..2000).map(id).collect::<Vec<_>>());
    users.remove([id(2400), id(2500)]);
    assert!(users.is_empty());
    users.add((0..3000).map(id));
    office.pass(SECOND).await;
    users.add([id(9000)]);
    office.pass(2 * SECOND).await;
    let asked: Vec<_> = office.calls().into_iter().map(|(_, users)| users).collect();
    assert_eq!(asked.iter().map(Vec::len).collect::<Vec<_>>(), [650, 650, 650, 650, 401]);
    assert!(asked[4].contains(&9000));
    office.pass(2 * SECOND).await;
    assert_eq!(take(&mut changes).len(), 3000);
}

#[tokio::test(start_paused = true)]
async fn who_is_added_goes_ahead_of_a_long_sweep() {
    let office = Office::open();
    let quota = graph_presence::Quota::new(30, 30 * SECOND).unwrap();
    let client = crate::in_process::builder(office.service(), &office.clock).quota(quota).build().unwrap();
    let changes = client.watch((0..6500).map(id)).start().unwrap();
    office.pass(5 * SECOND).await;
    assert_eq!(office.calls().len(), 3);
    changes.handle().add([id(9000)]);
    office.pass(2 * SECOND).await;
    let calls = office.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].1.len(), calls[0].1[0]), (650, 9000));
}

#[tokio::test(start_paused = true)]
async fn who_is_removed_is_not_spoken_of_nor_asked_for() {
    let office = Office::open();
    (0..3).for_each(|user| office.shows(user, "Away"));
    let mut changes = office.client().watch((0..3).map(id)).start().unwrap();
    let users = changes.handle();
    office.pass(SECOND).await;
    users.remove([id(1), id(5)]);
    assert_eq!(told(&mut changes), ["0 >Away @0", "2 >Away @0"]);
    assert_eq!((users.len(), users.last_seen(id(1)), users.age(id(1))), (2, None, None));
    office.calls();
    office.pass(30 * SECOND).await;
    assert_eq!(office.calls()[0].1, [0, 2]);
    users.add([id(1)]);
    office.pass(SECOND).await;
    assert_eq!(told(&mut changes), ["1 >Away @31"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_call_from_before_somebody_was_added_again_is_not_theirs() {
    let office = Office::open();
    office.shows(0, "Away");
    office.meets(|now, _| if now < SECOND { Fate::Late(10 * SECOND) } else { Fate::Answered });
    let mut changes = office.client().watch([id(0)]).start().unwrap();
    office.pass(2 * SECOND).await;
    let users = changes.handle();
    users.remove([id(0)]);
    office.shows(0, "Busy");
    users.add([id(0)]);
    office.pass(SECOND).await;
    assert_eq!(told(&mut changes), ["0 >Busy @2"]);
    office.pass(15 * SECOND).await;
    assert_eq!(told(&mut changes), NOTHING);
}

#[tokio::test(start_paused = true)]
async fn what_is_known_grows_old_while_the_service_says_nothing() {
    let office = Office::open();
    office.shows(0, "Away");
    office.shows(1, "Away");
    let mut changes = office.client().watch([id(0), id(1)]).start().unwrap();
    let users = changes.handle();
    assert_eq!((users.last_seen(id(0)), users.age(id(0))), (None, None));
    office.pass(20 * SECOND).await;
    let first_seen = office.clock.now() - users.age(id(0)).unwrap();
    assert_eq!(users.last_seen(id(0)), Some(first_seen));
    assert_eq!(users.age(id(0)).unwrap().as_secs(), 20);
    office.hides(0);
    office.pass(80 * SECOND).await;
    assert_eq!(users.age(id(0)).unwrap().as_secs(), 100);
    assert_eq!(users.age(id(1)).unwrap().as_secs(), 10);
    assert_eq!(take(&mut changes).len(), 2);
    office.shows(0, "Away");
    office.pass(25 * SECOND).await;
    assert_eq!(users.age(id(0)).unwrap().as_secs(), 5);
    assert_eq!(told(&mut changes), NOTHING);
}

#[tokio::test(start_paused = true)]
async fn answers_about_others_and_about_nobody_are_left() {
    let office = Office::open();
    let stray = json!({"value": [
        {"availability": "Busy"},
        {"id": id(7).to_string(), "availability": "Busy"},
        {"id": id(0).to_string(), "availability": "Away"},
        {"id": id(0).to_string(), "availability": "Busy"},
    ]});
    let service = crate::in_process::Service::new(move |_| {
        let answer = crate::in_process::answer(200, stray.to_string());
        async { answer }
    });
    let client = crate::in_process::builder(service, &office.clock).build().unwrap();
    let mut changes = client.watch([id(0), id(1)]).start().unwrap();
    office.pass(100 * SECOND).await;
    assert_eq!(told(&mut changes), ["0 >Away @0"]);
}

#[tokio::test]
async fn settings_out_of_range_are_rejected_at_the_start() {
    let client = crate::server::builder("http://127.0.0.1:1").build().unwrap();
    let ada = || client.watch([user(ADA)]);
    let cases = [
        (ada().poll_interval(Duration::from_millis(999)), "poll interval out of range: 999ms (allowed: 1s or more)"),
        (ada().quota_share(f64::NAN), "quota share out of range: NaN (allowed: more than 0, at most 1)"),
        (ada().quota_share(0.0), "quota share out of range: 0 (allowed: more than 0, at most 1)"),
        (ada().quota_share(-0.5), "quota share out of range: -0.5 (allowed: more than 0, at most 1)"),
        (ada().quota_share(1.01), "quota share out of range: 1.01 (allowed: more than 0, at most 1)"),
    ];
    for (watch, message) in cases {
        assert_eq!(refused(watch.start()), format!("get presences by user id: {message}"));
    }
    let changes = ada().poll_interval(Watch::MIN_POLL_INTERVAL).quota_share(1.0).start().unwrap();
    assert_eq!(changes.handle().len(), 1);
}

#[tokio::test]
async fn ids_are_accepted_by_value_and_by_reference() {
    let client = crate::server::builder("http://127.0.0.1:1").build().unwrap();
    let (id, ids) = (user(ADA), vec![user(ADA), user(BOB)]);
    let (one, two) = (id, ids.clone());
    let lengths = [client.watch(&ids), client.watch(two), client.watch([one]), client.watch([&id])]
        .map(|watch| watch.start().unwrap().handle().len());
    assert_eq!(lengths, [2, 2, 1, 1]);
    let changes = client.watch([] as [UserId; 0]).start().unwrap();
    let handle = changes.handle();
    handle.add(&ids);
    handle.remove([id]);
    handle.add([&id]);
    handle.remove(ids);
    assert!(handle.is_empty());
}

#[test]
fn outside_a_runtime_nothing_starts() {
    let client = crate::server::builder("http://127.0.0.1:1").build().unwrap();
    let message = refused(client.watch([user(ADA)]).start());
    assert_eq!(message, "get presences by user id: tokio runtime not found: call this on a thread of a tokio runtime");
}

#[tokio::test(start_paused = true)]
async fn nobody_prints() {
    let office = Office::open();
    office.shows_all(0, json!({"statusMessage": {"message": {"content": "Interview with Acme"}}}));
    let watch = office.client().watch([id(0)]);
    let mut printed = format!("{watch:?}");
    let mut changes = watch.start().unwrap();
    printed += &format!("{changes:?} {:?}", changes.handle());
    printed += &format!("{:?}", in_time(changes.next()).await);
    office.meets(|_, _| Fate::Refused(403));
    printed += &format!("{:?}", in_time(changes.next()).await);
    for secret in [id(0).to_string().as_str(), "Acme", crate::server::TOKEN] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

/// Over real connections; the clock is virtual, so that sweeps follow each other at once.
#[tokio::test]
async fn the_emulators_users_are_watched() {
    async fn next(changes: &mut ChangeStream) -> String {
        match changes.next().await {
            Some(Event::Change(change)) => {
                let name = if change.user == user(ADA) { "Ada" } else { "Bob" };
                let before = change.before.map_or("-".to_owned(), |before| before.activity.to_string());
                format!("{name} {before} {}", change.after.activity)
            }
            other => panic!("{other:?}"),
        }
    }
    let tenant = Tenant::start().await;
    tenant.emulator.sign_in(guid(ADA), "Available", "Available");
    tenant.emulator.sign_in(guid(BOB), "Busy", "InACall");
    let mut changes = tenant.application().watch([user(ADA)]).start().unwrap();
    assert_eq!(next(&mut changes).await, "Ada - Available");
    changes.handle().add([user(BOB)]);
    assert_eq!(next(&mut changes).await, "Bob - InACall");
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    assert_eq!(next(&mut changes).await, "Ada Available InAMeeting");
    tenant.emulator.sign_out(guid(BOB));
    assert_eq!(next(&mut changes).await, "Bob InACall Offline");
}
