//! Compares limits and defaults with the facade and, for defaults of the service, with the emulator.

use std::time::Duration;

use graph_presence::jiff::{Span, SpanRelativeTo};
use graph_presence::presences::GetPresences;
use graph_presence::subscription::NewSubscription;
use graph_presence::{Activity, Availability, Expiration, PreferredState, Quota, SessionState, UserId};
use graph_presence_conformance::{DefaultExpiration, Limits, Recording};
use graph_presence_emulator::{Caller, Emulator, Guid, SteppedClock};

use super::calls::{self, ADA, APPLICATION};
use crate::check::Check;

#[tokio::test]
async fn facade_and_emulator_have_the_limits_of_the_pages() {
    super::run(Check::Limits, compare).await;
}

async fn compare(recording: &Recording) -> Vec<String> {
    let operations = calls::operations(recording);
    let documents = |action: &str| operations.iter().any(|operation| operation.ends_with(action));
    let Limits { duration_ranges, rate_limits, max_users, default_expirations } = &recording.facts.limits;
    let mut found = Vec::new();
    for range in duration_ranges {
        let page = format!("{} to {}", range.from, range.to);
        let facade = format!("{} to {}", Expiration::MIN, Expiration::MAX);
        if !documents("/setPresence") {
            found.push(format!("the page has the range {page}, but no operation with a range"));
        } else if page != facade {
            found.push(format!("range {page} on the page, {facade} in the facade"));
        }
    }
    for rate in rate_limits {
        let count = u32::try_from(rate.requests).ok();
        let page = count.and_then(|count| Quota::new(count, Duration::from_secs(rate.seconds)).ok());
        if page != Some(Quota::default()) {
            found.push(format!(
                "{} requests in {} s on the page, another quota in the facade",
                rate.requests, rate.seconds
            ));
        }
    }
    for users in max_users {
        let facade = if documents("/getPresencesByUserId") {
            Some(GetPresences::MAX_IDS as u64)
        } else if documents("/subscriptions") {
            Some(max_users_per_subscription())
        } else {
            None
        };
        if facade != Some(*users) {
            let facade = facade.map_or_else(|| "no limit".to_owned(), |users| users.to_string());
            found.push(format!("{users} users on the page, {facade} in the facade"));
        }
    }
    for default in default_expirations {
        if documents("/setPresence") {
            found.extend(compare_session_default(default).await);
        } else if documents("/setUserPreferredPresence") {
            found.extend(compare_preference_default(default, default_expirations).await);
        } else {
            found.push(format!("the page has the default {}, but no operation with an expiration", default.duration));
        }
    }
    found
}

/// Returns the maximum number of users in one subscription of the facade.
fn max_users_per_subscription() -> u64 {
    let is_allowed = |count: &u64| {
        let users = (0..*count).map(|number| UserId::parse(&format!("{number:08x}-7ef5-42da-9069-724602c31f6b")));
        NewSubscription::new(users.map(Result::unwrap), "https://example.com/notifications").is_ok()
    };
    (1..2000).rev().find(is_allowed).unwrap()
}

async fn compare_session_default(default: &DefaultExpiration) -> Vec<String> {
    let mut found = Vec::new();
    if default.duration != Expiration::MIN.to_string() {
        let facade = Expiration::MIN;
        found.push(format!("default {} on the page, {facade} in the facade", default.duration));
    }
    // A state that does not become inactive before the session expires.
    let busy = (Availability::Busy, Activity::InACall);
    let emulator = emulator().await;
    let token = emulator.token(Caller::application(guid(APPLICATION)));
    let client = calls::client(&token).base_url(emulator.url()).build().unwrap();
    client.user(ada()).set_presence(SessionState::InACall).send().await.unwrap();
    if let Some(wrong) = wrong_state(&emulator, &busy, &default.duration).await {
        found.push(format!("default {} on the page, but the emulator shows {wrong}", default.duration));
    }
    found
}

async fn compare_preference_default(default: &DefaultExpiration, all: &[DefaultExpiration]) -> Vec<String> {
    let is_listed =
        |availability: &str| all.iter().any(|other| other.availabilities.iter().any(|of| of == availability));
    let applies_to = |state: &PreferredState| {
        let availability = state.availability();
        match default.availabilities.as_slice() {
            [] => !is_listed(availability.as_str()),
            of => of.iter().any(|of| of == availability.as_str()),
        }
    };
    let mut found = Vec::new();
    for state in PreferredState::ALL.into_iter().filter(applies_to) {
        let emulator = emulator().await;
        // The preferred presence takes precedence over a session with another state.
        emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
        let token = emulator.token(Caller::application(guid(APPLICATION)));
        let client = calls::client(&token).base_url(emulator.url()).build().unwrap();
        client.user(ada()).set_preferred_presence(state).send().await.unwrap();
        if let Some(wrong) = wrong_state(&emulator, &(state.availability(), state.activity()), &default.duration).await
        {
            found.push(format!("default {} for {state} on the page, but the emulator shows {wrong}", default.duration));
        }
    }
    if found.is_empty() && !PreferredState::ALL.iter().any(applies_to) {
        found.push(format!(
            "default {} for {} on the page, which is not a preferred state",
            default.duration,
            default.availabilities.join(", ")
        ));
    }
    found
}

/// Checks that a state is visible until its expiration and not after it. Returns the state that is visible at the wrong
/// time.
async fn wrong_state(emulator: &Emulator, state: &(Availability, Activity), expiration: &str) -> Option<String> {
    let span: Span = expiration.parse().unwrap();
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).unwrap().unsigned_abs();
    let second = Duration::from_secs(1);
    for (step, expected) in [(duration.saturating_sub(second), true), (second, false)] {
        emulator.advance(step).unwrap();
        let token = emulator.token(Caller::user(guid(ADA)));
        let client = calls::client(&token).base_url(emulator.url()).build().unwrap();
        let shown = client.me().get_presence().send().await.unwrap();
        if ((&shown.availability, &shown.activity) == (&state.0, &state.1)) != expected {
            let when = if expected { "1 s before" } else { "at" };
            return Some(format!("{}/{} {when} the expiration", shown.availability, shown.activity));
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
async fn different_numbers_are_reported() {
    let change = |limits: &mut Limits| {
        limits.duration_ranges.iter_mut().for_each(|range| range.to = "PT5H".to_owned());
        limits.rate_limits.iter_mut().for_each(|rate| rate.requests += 1);
        limits.max_users.iter_mut().for_each(|users| *users += 1);
        limits.default_expirations.iter_mut().for_each(|default| default.duration = "PT6M".to_owned());
    };
    let cases: [(_, &[&str]); 3] = [
        (
            "en v1.0.presence-setpresence",
            &[
                "range PT5M to PT5H on the page, PT5M to PT4H in the facade",
                "default PT6M on the page, PT5M in the facade",
                "default PT6M on the page, but the emulator shows Offline/Offline 1 s before the expiration",
            ],
        ),
        (
            "en v1.0.cloudcommunications-getpresencesbyuserid",
            &[
                "1501 requests in 30 s on the page, another quota in the facade",
                "651 users on the page, 650 in the facade",
            ],
        ),
        ("en concept.changenotifications-for-presence", &["651 users on the page, 650 in the facade"]),
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
    assert_eq!(compare(&recording).await[0], "the page has the default PT6M, but no operation with an expiration");
}
