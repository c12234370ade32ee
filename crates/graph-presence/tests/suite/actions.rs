//! What every action sends, on every path.

use std::time::Duration;

use graph_presence::{
    ApiVersion, Client, PreferredState, RequestFuture, Result, SessionState, StatusMessage, UserClient,
    WorkLocationType, Workplace, jiff,
};

use crate::calls;
use crate::server::{ADA, ada};
use crate::wire::Wire;

async fn lines_of_all_actions(version: ApiVersion, user: impl Fn(&Client) -> UserClient) -> String {
    let wire = Wire::start().await;
    for (name, call) in calls::of_user(&user(&wire.client(version))) {
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
        me.set_preferred_presence(state).send().await.unwrap();
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
        me.set_preferred_presence(PreferredState::Busy).expires_after(duration).send().await.unwrap();
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
        me.set_manual_location(workplace.clone()).send().await.unwrap();
        me.set_automatic_location(workplace.at("b4 \"north\"")).send().await.unwrap();
    }
    let from_outside = Workplace::of(&WorkLocationType::from("TIMEOFF")).unwrap();
    me.set_manual_location(from_outside).send().await.unwrap();
    insta::assert_snapshot!(wire.lines());
}

#[tokio::test]
async fn a_status_message_ends_at_the_time_and_in_the_zone_that_were_given() {
    let wire = Wire::start().await;
    let me = wire.client(ApiVersion::V1).me();
    let message = StatusMessage::text("Lunch").unwrap();
    let zoned: jiff::Zoned = "2026-11-20T17:00:00[Europe/Helsinki]".parse().unwrap();
    let instant: jiff::Timestamp = "2026-11-20T15:00:00.25Z".parse().unwrap();
    me.set_status_message(message.clone().until(&zoned)).send().await.unwrap();
    me.set_status_message(message.clone().until(zoned)).send().await.unwrap();
    me.set_status_message(message.until(instant)).send().await.unwrap();
    insta::assert_snapshot!(wire.lines());
}

/// Awaits a clone of a request each time, without `send`.
fn repeatable<R>(request: R) -> Box<dyn Fn() -> RequestFuture<Result<()>>>
where
    R: Clone + IntoFuture<IntoFuture = RequestFuture<Result<()>>> + 'static,
{
    Box::new(move || request.clone().into_future())
}

#[tokio::test]
async fn every_request_can_be_sent_again_and_is_the_same() {
    let wire = Wire::start().await;
    let me = wire.client(ApiVersion::V1).me();
    let message = StatusMessage::text("Lunch").unwrap();
    let actions = [
        repeatable(me.clear_presence()),
        repeatable(me.clear_preferred_presence()),
        repeatable(me.set_status_message(message)),
        repeatable(me.clear_status_message()),
        repeatable(me.set_manual_location(Workplace::OFFICE.at("b4"))),
        repeatable(me.set_automatic_location(Workplace::REMOTE)),
        repeatable(me.clear_automatic_location()),
        repeatable(me.clear_location()),
    ];
    let set = me.set_presence(SessionState::Presenting);
    let prefer = me.set_preferred_presence(PreferredState::Away).expires_after(Duration::from_mins(1));
    let get = me.get_presence();
    for _ in 0..2 {
        for action in &actions {
            action().await.unwrap();
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
