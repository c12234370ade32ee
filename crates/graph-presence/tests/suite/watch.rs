//! Watches: changes, polls, and the users that are watched.

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

use self::fake_service::{FakeService, Outcome, SECOND, event_line, id, in_time, ready_event_lines, ready_events};
use crate::server::ADA;
use crate::tenant::{BOB, Tenant, guid, user};
use crate::validation::validation_error;

const NO_EVENTS: [&str; 0] = [];

#[tokio::test(start_paused = true)]
async fn first_presence_has_no_previous_presence() {
    let service = FakeService::start();
    service.set_availability(0, "Available");
    service.set_availability(1, "Away");
    let mut changes = service.client().watch([id(0), id(1), id(0)]).start().unwrap();
    service.advance(SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["0 >Available @0", "1 >Away @0"]);
    service.set_availability(0, "Busy");
    service.advance(28 * SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), NO_EVENTS);
    service.advance(SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["0 Available>Busy @30"]);
    service.advance(3600 * SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), NO_EVENTS);
    let calls = service.calls();
    assert_eq!(calls.len(), 122);
    assert!(calls.iter().all(|(_, users)| users == &[0, 1]));
}

#[tokio::test(start_paused = true)]
async fn every_property_except_the_sequence_number_is_a_change() {
    let service = FakeService::start();
    let plain = json!({"availability": "Busy", "activity": "InACall"});
    service.set_presence(0, plain.clone());
    let mut changes = service.client().watch([id(0)]).start().unwrap();
    service.advance(SECOND).await;
    ready_events(&mut changes);
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
        service.set_presence(0, presence);
        service.advance(30 * SECOND).await;
        assert_eq!(ready_events(&mut changes).len(), usize::from(is_change), "{difference}");
        service.set_presence(0, plain.clone());
        service.advance(30 * SECOND).await;
        assert_eq!(ready_events(&mut changes).len(), usize::from(is_change), "without {difference}");
    }
}

#[tokio::test(start_paused = true)]
async fn older_presence_is_ignored_unless_three_responses_have_it() {
    let service = FakeService::start();
    let mut changes = service.client().watch([id(0)]).start().unwrap();
    let users = changes.handle();
    // Availability and sequence number of the response, the resulting event, and the poll at which the user was last
    // seen.
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
    for (poll, (availability, number, event, seen)) in cases.into_iter().enumerate() {
        match number {
            "" => service.set_availability(0, availability),
            number => service.set_versioned(0, availability, number),
        }
        service.advance(if poll == 0 { SECOND } else { 30 * SECOND }).await;
        let lines = ready_event_lines(&mut changes);
        assert_eq!(lines.join(", "), event, "poll {poll}");
        let seen_at = users.last_seen(id(0)).unwrap().duration_since(crate::virtual_clock::VirtualClock::start());
        assert_eq!(seen_at.as_secs(), 30 * seen, "poll {poll}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_change_starts_from_the_last_delivered_presence() {
    let service = FakeService::start();
    let mut changes = service.client().watch([id(0)]).start().unwrap();
    let mut delivered = None;
    for (number, availability) in ["Away", "Away", "Busy", "Busy", "Away", "Away"].into_iter().enumerate() {
        service.set_versioned(0, availability, &format!("A{number}"));
        service.advance(if number == 0 { SECOND } else { 30 * SECOND }).await;
        for event in ready_events(&mut changes) {
            let Event::Change(change) = event else { panic!("{event:?}") };
            assert_eq!(change.before, delivered, "{number}");
            delivered = Some(change.after);
        }
    }
    assert_eq!(delivered.unwrap().sequence_number.as_deref(), Some("A4"));
}

#[tokio::test(start_paused = true)]
async fn slow_consumer_gets_the_latest_change_of_each_user() {
    let service = FakeService::start();
    (0..4).for_each(|user| service.set_availability(user, "Away"));
    let mut changes = service.client().watch((0..4).map(id)).start().unwrap();
    let polls = [
        vec![],
        vec![(2, "Busy"), (3, "Busy")],
        vec![(0, "Busy"), (3, "Away")],
        vec![(2, "Offline"), (0, "Available"), (1, "Busy")],
        vec![(3, "DoNotDisturb"), (1, "Away")],
        vec![(1, "Offline")],
    ];
    // The first presences are delivered. Then the consumer pauses.
    service.advance(SECOND).await;
    assert_eq!(ready_event_lines(&mut changes).len(), 4);
    for poll in polls {
        poll.into_iter().for_each(|(user, availability)| service.set_availability(user, availability));
        service.advance(30 * SECOND).await;
    }
    let expected = ["2 Away>Offline @120", "0 Away>Available @120", "3 Away>DoNotDisturb @150", "1 Away>Offline @180"];
    assert_eq!(ready_event_lines(&mut changes), expected);
    assert_eq!(ready_event_lines(&mut changes), NO_EVENTS);
}

#[tokio::test(start_paused = true)]
async fn undelivered_first_presence_is_updated() {
    let service = FakeService::start();
    service.set_availability(0, "Away");
    let mut changes = service.client().watch([id(0)]).start().unwrap();
    service.advance(SECOND).await;
    for availability in ["Busy", "Away", "Offline"] {
        service.set_availability(0, availability);
        service.advance(30 * SECOND).await;
    }
    assert_eq!(ready_event_lines(&mut changes), ["0 >Offline @90"]);
}

#[tokio::test(start_paused = true)]
async fn next_is_woken_and_can_be_cancelled() {
    let service = FakeService::start();
    service.set_availability(0, "Away");
    let mut changes = service.client().watch([id(0)]).start().unwrap();
    assert_eq!(event_line(&in_time(changes.next()).await.unwrap()), "0 >Away @0");
    service.set_availability(0, "Busy");
    for _ in 0..3 {
        tokio::time::timeout(5 * SECOND, changes.next()).await.unwrap_err();
    }
    assert_eq!(event_line(&in_time(StreamExt::next(&mut changes)).await.unwrap()), "0 Away>Busy @30");
}

#[tokio::test(start_paused = true)]
async fn added_users_are_requested_immediately() {
    let service = FakeService::start();
    (0..3000).for_each(|user| service.set_availability(user, "Away"));
    let client = service.client();
    let mut changes = client.watch((0..2000).map(id)).start().unwrap();
    let users = changes.handle();
    service.advance(10 * SECOND).await;
    assert_eq!((ready_events(&mut changes).len(), service.calls().len()), (2000, 4));

    users.add([id(2500), id(7), id(2400)]);
    service.advance(SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["2400 >Away @10", "2500 >Away @10"]);
    let calls = service.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].0.floor(), calls[0].1.as_slice()), (10.0, [2400, 2500].as_slice()));
    assert_eq!(users.len(), 2002);

    // During a poll, added users are requested before the users that are still due.
    service.respond_with(|_, _| Outcome::DelayedSuccess(2 * SECOND));
    users.remove((0..2000).map(id).collect::<Vec<_>>());
    users.remove([id(2400), id(2500)]);
    assert!(users.is_empty());
    users.add((0..3000).map(id));
    service.advance(SECOND).await;
    users.add([id(9000)]);
    service.advance(2 * SECOND).await;
    let requested: Vec<_> = service.calls().into_iter().map(|(_, users)| users).collect();
    assert_eq!(requested.iter().map(Vec::len).collect::<Vec<_>>(), [650, 650, 650, 650, 401]);
    assert!(requested[4].contains(&9000));
    service.advance(2 * SECOND).await;
    assert_eq!(ready_events(&mut changes).len(), 3000);
}

#[tokio::test(start_paused = true)]
async fn added_users_are_requested_before_the_rest_of_a_poll() {
    let service = FakeService::start();
    let quota = graph_presence::Quota::new(30, 30 * SECOND).unwrap();
    let client = crate::in_process::builder(service.http_client(), &service.clock).quota(quota).build().unwrap();
    let changes = client.watch((0..6500).map(id)).start().unwrap();
    service.advance(5 * SECOND).await;
    assert_eq!(service.calls().len(), 3);
    changes.handle().add([id(9000)]);
    service.advance(2 * SECOND).await;
    let calls = service.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].1.len(), calls[0].1[0]), (650, 9000));
}

#[tokio::test(start_paused = true)]
async fn removed_users_are_not_requested_or_reported() {
    let service = FakeService::start();
    (0..3).for_each(|user| service.set_availability(user, "Away"));
    let mut changes = service.client().watch((0..3).map(id)).start().unwrap();
    let users = changes.handle();
    service.advance(SECOND).await;
    users.remove([id(1), id(5)]);
    assert_eq!(ready_event_lines(&mut changes), ["0 >Away @0", "2 >Away @0"]);
    assert_eq!((users.len(), users.last_seen(id(1)), users.age(id(1))), (2, None, None));
    service.calls();
    service.advance(30 * SECOND).await;
    assert_eq!(service.calls()[0].1, [0, 2]);
    users.add([id(1)]);
    service.advance(SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["1 >Away @31"]);
}

#[tokio::test(start_paused = true)]
async fn response_from_before_a_user_was_added_again_is_ignored() {
    let service = FakeService::start();
    service.set_availability(0, "Away");
    service.respond_with(|now, _| if now < SECOND { Outcome::DelayedSuccess(10 * SECOND) } else { Outcome::Success });
    let mut changes = service.client().watch([id(0)]).start().unwrap();
    service.advance(2 * SECOND).await;
    let users = changes.handle();
    users.remove([id(0)]);
    service.set_availability(0, "Busy");
    users.add([id(0)]);
    service.advance(SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["0 >Busy @2"]);
    service.advance(15 * SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), NO_EVENTS);
}

#[tokio::test(start_paused = true)]
async fn age_increases_while_the_service_omits_a_user() {
    let service = FakeService::start();
    service.set_availability(0, "Away");
    service.set_availability(1, "Away");
    let mut changes = service.client().watch([id(0), id(1)]).start().unwrap();
    let users = changes.handle();
    assert_eq!((users.last_seen(id(0)), users.age(id(0))), (None, None));
    service.advance(20 * SECOND).await;
    let first_seen = service.clock.now() - users.age(id(0)).unwrap();
    assert_eq!(users.last_seen(id(0)), Some(first_seen));
    assert_eq!(users.age(id(0)).unwrap().as_secs(), 20);
    service.omit(0);
    service.advance(80 * SECOND).await;
    assert_eq!(users.age(id(0)).unwrap().as_secs(), 100);
    assert_eq!(users.age(id(1)).unwrap().as_secs(), 10);
    assert_eq!(ready_events(&mut changes).len(), 2);
    service.set_availability(0, "Away");
    service.advance(25 * SECOND).await;
    assert_eq!(users.age(id(0)).unwrap().as_secs(), 5);
    assert_eq!(ready_event_lines(&mut changes), NO_EVENTS);
}

#[tokio::test(start_paused = true)]
async fn unrequested_and_duplicate_presences_are_ignored() {
    let service = FakeService::start();
    let body = json!({"value": [
        {"availability": "Busy"},
        {"id": id(7).to_string(), "availability": "Busy"},
        {"id": id(0).to_string(), "availability": "Away"},
        {"id": id(0).to_string(), "availability": "Busy"},
    ]});
    let http_client = crate::in_process::Service::new(move |_| {
        let response = crate::in_process::response(200, body.to_string());
        async { response }
    });
    let client = crate::in_process::builder(http_client, &service.clock).build().unwrap();
    let mut changes = client.watch([id(0), id(1)]).start().unwrap();
    service.advance(100 * SECOND).await;
    assert_eq!(ready_event_lines(&mut changes), ["0 >Away @0"]);
}

#[tokio::test]
async fn settings_out_of_range_are_rejected_by_start() {
    let client = crate::server::builder("http://127.0.0.1:1").build().unwrap();
    let ada = || client.watch([user(ADA)]);
    let cases = [
        (ada().poll_interval(Duration::from_millis(999)), "poll interval out of range: 999ms (allowed: at least 1s)"),
        (ada().quota_share(f64::NAN), "quota share out of range: NaN (allowed: more than 0 and at most 1)"),
        (ada().quota_share(0.0), "quota share out of range: 0 (allowed: more than 0 and at most 1)"),
        (ada().quota_share(-0.5), "quota share out of range: -0.5 (allowed: more than 0 and at most 1)"),
        (ada().quota_share(1.01), "quota share out of range: 1.01 (allowed: more than 0 and at most 1)"),
    ];
    for (watch, message) in cases {
        assert_eq!(validation_error(watch.start()), format!("get presences by user id: {message}"));
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
fn start_requires_a_runtime() {
    let client = crate::server::builder("http://127.0.0.1:1").build().unwrap();
    let message = validation_error(client.watch([user(ADA)]).start());
    assert_eq!(message, "get presences by user id: tokio runtime not found: call this on a thread of a tokio runtime");
}

#[tokio::test(start_paused = true)]
async fn debug_is_redacted() {
    let service = FakeService::start();
    service.set_presence(0, json!({"statusMessage": {"message": {"content": "Interview at Contoso"}}}));
    let watch = service.client().watch([id(0)]);
    let mut printed = format!("{watch:?}");
    let mut changes = watch.start().unwrap();
    printed += &format!("{changes:?} {:?}", changes.handle());
    printed += &format!("{:?}", in_time(changes.next()).await);
    service.respond_with(|_, _| Outcome::Status(403));
    printed += &format!("{:?}", in_time(changes.next()).await);
    for secret in [id(0).to_string().as_str(), "Contoso", crate::server::TOKEN] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

/// Uses real connections, and a virtual clock, so that polls follow each other immediately.
#[tokio::test]
async fn users_of_the_emulator_are_watched() {
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
