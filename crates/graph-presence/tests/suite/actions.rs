//! What every action sends, on every path.

use std::time::Duration;

use graph_presence::{
    ApiVersion, Client, Person, PreferredState, SessionState, StatusMessage, WorkLocationType, Workplace, jiff,
};

use crate::calls;
use crate::server::{ADA, ada};
use crate::wire::Wire;

async fn lines_of_all_actions(version: ApiVersion, person: impl Fn(&Client) -> Person) -> String {
    let wire = Wire::start().await;
    for (name, call) in calls::of_person(&person(&wire.client(version))) {
        let done = call.await;
        // An empty collection is no answer by /communications.
        assert!(done.is_ok() || name == "get", "{name}: {done:?}");
    }
    wire.lines()
}

#[tokio::test]
async fn every_action_on_oneself() {
    insta::assert_snapshot!(lines_of_all_actions(ApiVersion::V1, Client::me).await);
}

#[tokio::test]
async fn another_path_or_version_changes_nothing_else() {
    let own = lines_of_all_actions(ApiVersion::V1, Client::me).await;
    let at = |path: &str| own.replace("/v1.0/me/presence", path);
    let by_user = format!("users/{ADA}/presence");
    let by_communications = format!("communications/presences/{ADA}");
    for version in [ApiVersion::V1, ApiVersion::Beta] {
        let root = version.as_str();
        let user = lines_of_all_actions(version, |client| client.user(ada())).await;
        assert_eq!(user, at(&format!("/{root}/{by_user}")));
        let communications = lines_of_all_actions(version, |client| client.communications(ada())).await;
        assert_eq!(communications, at(&format!("/{root}/{by_communications}")));
    }
    let own_beta = lines_of_all_actions(ApiVersion::Beta, Client::me).await;
    assert_eq!(own_beta, at("/beta/me/presence"));
}

#[tokio::test]
async fn every_preferred_state() {
    let wire = Wire::start().await;
    let me = wire.client(ApiVersion::V1).me();
    for state in PreferredState::ALL {
        me.prefer(state).send().await.unwrap();
    }
    insta::assert_snapshot!(wire.lines());
}

#[tokio::test]
async fn a_preference_of_any_length_is_written_canonically() {
    let cases = [
        (Duration::from_hours(8), "PT8H"),
        (Duration::from_mins(90), "PT1H30M"),
        (Duration::from_secs(5400), "PT1H30M"),
        (Duration::from_hours(24), "PT24H"),
        (Duration::from_hours(24 * 30), "PT720H"),
        (Duration::from_secs(1), "PT1S"),
        (Duration::from_millis(1500), "PT1.5S"),
        (Duration::from_nanos(1), "PT0.000000001S"),
    ];
    let wire = Wire::start().await;
    let me = wire.client(ApiVersion::V1).me();
    for (duration, written) in cases {
        me.prefer(PreferredState::Busy).expires_after(duration).send().await.unwrap();
        let lines = wire.lines();
        let last = lines.lines().last().unwrap();
        assert!(last.ends_with(&format!(r#""expirationDuration":"{written}"}}"#)), "{last}");
    }
}

#[tokio::test]
async fn every_work_location_with_and_without_a_place() {
    let wire = Wire::start().await;
    let me = wire.client(ApiVersion::V1).me();
    for workplace in [Workplace::OFFICE, Workplace::REMOTE, Workplace::TIME_OFF] {
        me.manual_location(workplace.clone()).send().await.unwrap();
        me.automatic_location(workplace.at("b4 \"north\"")).send().await.unwrap();
    }
    let from_outside = Workplace::of(&WorkLocationType::from("TIMEOFF")).unwrap();
    me.manual_location(from_outside).send().await.unwrap();
    insta::assert_snapshot!(wire.lines());
}

#[tokio::test]
async fn a_status_message_ends_at_the_time_and_in_the_zone_that_were_given() {
    let wire = Wire::start().await;
    let me = wire.client(ApiVersion::V1).me();
    let message = StatusMessage::text("Lunch").unwrap();
    let zoned: jiff::Zoned = "2026-11-20T17:00:00[Europe/Helsinki]".parse().unwrap();
    let instant: jiff::Timestamp = "2026-11-20T15:00:00.25Z".parse().unwrap();
    me.status_message(message.clone().until(&zoned)).send().await.unwrap();
    me.status_message(message.clone().until(zoned)).send().await.unwrap();
    me.status_message(message.until(instant)).send().await.unwrap();
    insta::assert_snapshot!(wire.lines());
}

#[tokio::test]
async fn every_request_can_be_sent_again_and_is_the_same() {
    let wire = Wire::start().await;
    let me = wire.client(ApiVersion::V1).me();
    let message = StatusMessage::text("Lunch").unwrap();
    let actions = [
        me.clear(),
        me.clear_preferred(),
        me.status_message(message),
        me.clear_status_message(),
        me.manual_location(Workplace::OFFICE.at("b4")),
        me.automatic_location(Workplace::REMOTE),
        me.clear_automatic_location(),
        me.clear_location(),
    ];
    let set = me.set(SessionState::Presenting);
    let prefer = me.prefer(PreferredState::Away).expires_after(Duration::from_mins(1));
    let get = me.get();
    for _ in 0..2 {
        for action in &actions {
            action.clone().send().await.unwrap();
        }
        set.clone().send().await.unwrap();
        prefer.clone().send().await.unwrap();
        get.clone().send().await.unwrap();
    }
    let log = wire.log();
    let (first, second) = log.split_at(log.len() / 2);
    assert_eq!(first, second);
    assert_eq!(wire.lines().lines().count(), 22);
}
