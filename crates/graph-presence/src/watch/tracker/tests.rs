//! Tests of the tracker's invariants under random sequences of operations.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::error::{Error, ResponseDetails};
use crate::id::UserId;
use crate::presence::Presence;
use crate::state::{Activity, Availability};
use crate::watch::event::Event;
use crate::watch::tracker::{Call, Tracker, looks_equal};

fn user(number: u8) -> UserId {
    UserId::parse(&format!("00000000-0000-0000-0000-{number:012}")).unwrap()
}

fn presence(id: UserId, state: usize) -> Presence {
    Presence::new(Availability::KNOWN[state].clone(), Activity::Available).with_id(id)
}

fn error(is_transient: bool) -> Error {
    let status = if is_transient { http::StatusCode::BAD_GATEWAY } else { http::StatusCode::FORBIDDEN };
    Error::error_status(ResponseDetails { status, ..ResponseDetails::default() })
}

fn assert_invariants(tracker: &Tracker, in_flight: &[Call]) {
    let pending = tracker.users.iter().filter_map(|(id, user)| Some((user.pending.as_ref()?.order, *id)));
    assert_eq!(tracker.pending, pending.collect());
    for user in tracker.users.values() {
        let before = user.pending.as_ref().and_then(|pending| pending.before.as_deref());
        assert!(!before.is_some_and(|before| looks_equal(before, user.latest.as_deref().unwrap())));
        assert!(user.call.is_none_or(|number| in_flight.iter().any(|call| call.number == number)));
    }
    for queue in [&tracker.added, &tracker.retry] {
        assert!(queue.iter().all(|id| tracker.users[id].call.is_none()));
    }
    assert!(tracker.added.is_disjoint(&tracker.retry));
    assert_eq!(tracker.failing, tracker.users.values().filter(|user| user.is_failing).count());
    assert_eq!(tracker.failing_since.is_some(), tracker.failing > 0);
}

#[test]
fn invariants_hold_after_random_operations() {
    const USERS: u8 = 12;
    const MAX_IDS: usize = 4;
    for seed in 0..40 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut tracker = Tracker::new((0..6).map(user).collect());
        let mut in_flight: Vec<Call> = Vec::new();
        let mut delivered: BTreeMap<UserId, Presence> = BTreeMap::new();
        for step in 0..2000 {
            let now = Timestamp::from_second(step).unwrap();
            match random.u8(0..8) {
                0 => tracker.add(user(random.u8(0..USERS))),
                1 => {
                    let id = user(random.u8(0..USERS));
                    tracker.remove(id);
                    delivered.remove(&id);
                }
                2 if !tracker.is_polling() => tracker.begin_poll(),
                3 | 4 => {
                    let expected = tracker.is_polling() || tracker.has_failed();
                    let busy = tracker.users.iter().filter(|(_, user)| user.call.is_some());
                    let busy: BTreeSet<_> = busy.map(|(id, _)| *id).collect();
                    let call = tracker.next_call(MAX_IDS);
                    assert_eq!(call.is_some(), expected);
                    in_flight.extend(call.inspect(|call| {
                        assert!(call.ids.len() <= MAX_IDS && call.ids.iter().all(|id| !busy.contains(id)));
                    }));
                }
                5 if !in_flight.is_empty() => {
                    let call = in_flight.swap_remove(random.usize(..in_flight.len()));
                    let presences =
                        call.ids.iter().map(|id| presence(*id, random.usize(0..3))).skip(usize::from(step % 7 == 0));
                    tracker.succeeded(&call, presences.collect(), now);
                }
                6 if !in_flight.is_empty() => {
                    let call = in_flight.swap_remove(random.usize(..in_flight.len()));
                    tracker.failed(call, error(random.bool()), now);
                }
                7 => {
                    let has_event = tracker.has_event();
                    let event = tracker.next_event();
                    assert_eq!(event.is_some(), has_event);
                    if let Some(Event::Change(change)) = event {
                        let before = delivered.insert(change.user, change.after);
                        assert_eq!(change.before, before);
                    }
                }
                _ => {}
            }
            assert_invariants(&tracker, &in_flight);
        }
    }
}
