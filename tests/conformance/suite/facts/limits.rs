//! The numbers that limit calls against the facade and, where only the service counts, against the emulator.

use std::time::Duration;

use graph_presence::jiff::{Span, SpanRelativeTo};
use graph_presence::presences::GetPresences;
use graph_presence::subscription::NewSubscription;
use graph_presence::{Activity, Availability, Expiration, PreferredState, Quota, SessionState, UserId};
use graph_presence_conformance::{Expiry, Limits, Recording};
use graph_presence_emulator::{Caller, Emulator, Guid, SteppedClock};

use super::calls::{self, ADA, APPLICATION};
use crate::differences::Check;

#[tokio::test]
async fn the_limits_of_the_pages_are_kept() {
    super::hold(Check::Limits, compare).await;
}

async fn compare(recording: &Recording) -> Vec<String> {
    let operations = calls::of(recording);
    let is_about = |action: &str| operations.iter().any(|operation| operation.ends_with(action));
    let Limits { durations, requests, people, defaults } = &recording.facts.limits;
    let mut found = Vec::new();
    for range in durations {
        let page = format!("{} to {}", range.from, range.to);
        let facade = format!("{} to {}", Expiration::MIN, Expiration::MAX);
        if !is_about("/setPresence") {
            found.push(format!("the page has the range {page} for nothing that the facade limits"));
        } else if page != facade {
            found.push(format!("the page has {page}, the facade {facade}"));
        }
    }
    for rate in requests {
        let count = u32::try_from(rate.count).ok();
        let page = count.and_then(|count| Quota::new(count, Duration::from_secs(rate.seconds)).ok());
        if page != Some(Quota::default()) {
            found.push(format!("the page has {} requests in {} s, the facade another quota", rate.count, rate.seconds));
        }
    }
    for people in people {
        let facade = if is_about("/getPresencesByUserId") {
            Some(GetPresences::MAX_IDS as u64)
        } else if is_about("/subscriptions") {
            Some(people_of_one_subscription())
        } else {
            None
        };
        if facade != Some(*people) {
            let facade = facade.map_or_else(|| "no limit".to_owned(), |people| people.to_string());
            found.push(format!("the page has {people} people, the facade {facade}"));
        }
    }
    for expiry in defaults {
        if is_about("/setPresence") {
            found.extend(session_default(expiry).await);
        } else if is_about("/setUserPreferredPresence") {
            found.extend(preference_default(expiry, defaults).await);
        } else {
            found.push(format!("the page has the default {} for nothing that expires", expiry.after));
        }
    }
    found
}

/// The most people that the facade takes into one subscription.
fn people_of_one_subscription() -> u64 {
    let fits = |count: &u64| {
        let people = (0..*count).map(|number| UserId::parse(&format!("{number:08x}-7ef5-42da-9069-724602c31f6b")));
        NewSubscription::new(people.map(Result::unwrap), "https://example.com/notifications").is_ok()
    };
    (1..2000).rev().find(fits).unwrap()
}

async fn session_default(expiry: &Expiry) -> Vec<String> {
    let mut found = Vec::new();
    if expiry.after != Expiration::MIN.to_string() {
        let facade = Expiration::MIN;
        found.push(format!("the page has the default {}, the facade says {facade}", expiry.after));
    }
    // A state that does not fade.
    let busy = (Availability::Busy, Activity::InACall);
    let emulator = emulator().await;
    let token = emulator.token(Caller::application(guid(APPLICATION)));
    let client = calls::client(&token).base_url(emulator.url()).build().unwrap();
    client.user(ada()).set_presence(SessionState::InACall).send().await.unwrap();
    if let Some(shown) = lasts(&emulator, &busy, &expiry.after).await {
        found.push(format!("the page has the default {}, the emulator shows {shown}", expiry.after));
    }
    found
}

async fn preference_default(expiry: &Expiry, all: &[Expiry]) -> Vec<String> {
    let named = |availability: &str| all.iter().any(|other| other.of.iter().any(|of| of == availability));
    let is_meant = |state: &PreferredState| {
        let availability = state.availability();
        match expiry.of.as_slice() {
            [] => !named(availability.as_str()),
            of => of.iter().any(|of| of == availability.as_str()),
        }
    };
    let mut found = Vec::new();
    for state in PreferredState::ALL.into_iter().filter(is_meant) {
        let emulator = emulator().await;
        // Beneath the preference, there is a session that says something else.
        emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
        let token = emulator.token(Caller::application(guid(APPLICATION)));
        let client = calls::client(&token).base_url(emulator.url()).build().unwrap();
        client.user(ada()).set_preferred_presence(state).send().await.unwrap();
        if let Some(shown) = lasts(&emulator, &(state.availability(), state.activity()), &expiry.after).await {
            found.push(format!("the page has the default {} for {state}, the emulator shows {shown}", expiry.after));
        }
    }
    if found.is_empty() && !PreferredState::ALL.iter().any(is_meant) {
        found.push(format!(
            "the page has the default {} for {}, which is no preference",
            expiry.after,
            expiry.of.join(", ")
        ));
    }
    found
}

/// Whether a state shows until a time has passed, and not after it; else what shows at the wrong time.
async fn lasts(emulator: &Emulator, state: &(Availability, Activity), after: &str) -> Option<String> {
    let span: Span = after.parse().unwrap();
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).unwrap().unsigned_abs();
    let second = Duration::from_secs(1);
    for (step, expected) in [(duration.saturating_sub(second), true), (second, false)] {
        emulator.advance(step).unwrap();
        let token = emulator.token(Caller::user(guid(ADA)));
        let client = calls::client(&token).base_url(emulator.url()).build().unwrap();
        let shown = client.me().get_presence().send().await.unwrap();
        if ((&shown.availability, &shown.activity) == (&state.0, &state.1)) != expected {
            let when = if expected { "a second before" } else { "then" };
            return Some(format!("{}/{} {when}", shown.availability, shown.activity));
        }
    }
    None
}

async fn emulator() -> Emulator {
    let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse().unwrap());
    Emulator::builder().clock(clock).start().await.unwrap()
}

fn ada() -> UserId {
    UserId::parse(ADA).unwrap()
}

fn guid(text: &str) -> Guid {
    Guid::parse(text).unwrap()
}

#[tokio::test]
async fn another_number_is_told() {
    let change = |limits: &mut Limits| {
        limits.durations.iter_mut().for_each(|range| range.to = "PT5H".to_owned());
        limits.requests.iter_mut().for_each(|rate| rate.count += 1);
        limits.people.iter_mut().for_each(|people| *people += 1);
        limits.defaults.iter_mut().for_each(|expiry| expiry.after = "PT6M".to_owned());
    };
    let cases: [(_, &[&str]); 3] = [
        (
            "en v1.0.presence-setpresence",
            &[
                "the page has PT5M to PT5H, the facade PT5M to PT4H",
                "the page has the default PT6M, the facade says PT5M",
                "the page has the default PT6M, the emulator shows Offline/Offline a second before",
            ],
        ),
        (
            "en v1.0.cloudcommunications-getpresencesbyuserid",
            &[
                "the page has 1501 requests in 30 s, the facade another quota",
                "the page has 651 people, the facade 650",
            ],
        ),
        ("en concept.changenotifications-for-presence", &["the page has 651 people, the facade 650"]),
    ];
    for (name, expected) in cases {
        let mut recording = crate::recordings::named(name);
        change(&mut recording.facts.limits);
        assert_eq!(compare(&recording).await, expected, "{name}");
    }
    let mut recording = crate::recordings::named("en v1.0.presence-setuserpreferredpresence");
    change(&mut recording.facts.limits);
    let found = compare(&recording).await;
    assert_eq!(found.len(), PreferredState::ALL.len(), "{found:?}");
    recording.facts.paths.clear();
    assert_eq!(compare(&recording).await[0], "the page has the default PT6M for nothing that expires");
}
