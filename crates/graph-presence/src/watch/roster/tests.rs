//! Whatever happens in whatever order, the books agree.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::error::{Error, ResponseDetails};
use crate::id::UserId;
use crate::presence::Presence;
use crate::state::{Activity, Availability};
use crate::watch::event::Event;
use crate::watch::roster::{Call, Roster, alike};

fn person(number: u8) -> UserId {
    UserId::parse(&format!("00000000-0000-0000-0000-{number:012}")).unwrap()
}

fn shows(id: &UserId, state: usize) -> Presence {
    Presence {
        id: Some(id.clone()),
        availability: Availability::KNOWN[state].clone(),
        activity: Activity::Available,
        status_message: None,
        out_of_office: None,
        work_location: None,
        sequence_number: None,
        extra: BTreeMap::new(),
    }
}

fn refused(may_pass: bool) -> Error {
    let status = if may_pass { http::StatusCode::BAD_GATEWAY } else { http::StatusCode::FORBIDDEN };
    Error::error_status(ResponseDetails { status, ..ResponseDetails::default() })
}

fn check(roster: &Roster, under_way: &[Call]) {
    let untold = roster.people.iter().filter_map(|(id, known)| Some((known.untold.as_ref()?.ticket, id.clone())));
    assert_eq!(roster.untold, untold.collect());
    for known in roster.people.values() {
        let before = known.untold.as_ref().and_then(|untold| untold.before.as_deref());
        assert!(!before.is_some_and(|before| alike(before, known.latest.as_deref().unwrap())));
        assert!(known.call.is_none_or(|number| under_way.iter().any(|call| call.number == number)));
    }
    for waiting in [&roster.fresh, &roster.again] {
        assert!(waiting.iter().all(|id| roster.people[id].call.is_none()));
    }
    assert!(roster.fresh.is_disjoint(&roster.again));
    assert_eq!(roster.failing, roster.people.values().filter(|known| known.failing).count());
    assert_eq!(roster.failing_since.is_some(), roster.failing > 0);
}

#[test]
fn the_books_agree_whatever_happens() {
    const PEOPLE: u8 = 12;
    const MOST: usize = 4;
    for seed in 0..40 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut roster = Roster::new((0..6).map(person).collect());
        let mut under_way: Vec<Call> = Vec::new();
        let mut told: BTreeMap<UserId, Presence> = BTreeMap::new();
        for step in 0..2000 {
            let now = Timestamp::from_second(step).unwrap();
            match random.u8(0..8) {
                0 => roster.add(person(random.u8(0..PEOPLE))),
                1 => {
                    let id = person(random.u8(0..PEOPLE));
                    roster.remove(&id);
                    told.remove(&id);
                }
                2 if !roster.is_sweeping() => roster.begin_sweep(),
                3 | 4 => {
                    let expected = roster.is_sweeping() || roster.has_failed();
                    let busy = roster.people.iter().filter(|(_, known)| known.call.is_some());
                    let busy: BTreeSet<_> = busy.map(|(id, _)| id.clone()).collect();
                    let call = roster.next_call(MOST);
                    assert_eq!(call.is_some(), expected);
                    under_way.extend(call.inspect(|call| {
                        assert!(call.ids.len() <= MOST && call.ids.iter().all(|id| !busy.contains(id)));
                    }));
                }
                5 if !under_way.is_empty() => {
                    let call = under_way.swap_remove(random.usize(..under_way.len()));
                    let answer =
                        call.ids.iter().map(|id| shows(id, random.usize(0..3))).skip(usize::from(step % 7 == 0));
                    roster.answered(&call, answer.collect(), now);
                }
                6 if !under_way.is_empty() => {
                    let call = under_way.swap_remove(random.usize(..under_way.len()));
                    roster.failed(call, refused(random.bool()), now);
                }
                7 => {
                    let has_event = roster.has_event();
                    let event = roster.next_event();
                    assert_eq!(event.is_some(), has_event);
                    if let Some(Event::Change(change)) = event {
                        let before = told.insert(change.user, change.after);
                        assert_eq!(change.before, before);
                    }
                }
                _ => {}
            }
            check(&roster, &under_way);
        }
    }
}
