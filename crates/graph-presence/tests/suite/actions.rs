//! Requests of all actions, for every path of a user.

use std::time::Duration;

use graph_presence::{
    ApiVersion, Client, PreferredState, RequestFuture, Result, SessionState, StatusMessage, UserClient,
    WorkLocationType, Workplace, jiff,
};

use crate::operations;
use crate::recording_server::RecordingServer;
use crate::server::{ADA, ada};

async fn request_lines_of_all_actions(version: ApiVersion, user: impl Fn(&Client) -> UserClient) -> String {
    let server = RecordingServer::start().await;
    for (name, call) in operations::of_user(&user(&server.client(version))) {
        let result = call.await;
        // `/communications` must return one presence: an empty collection is an error.
        assert!(result.is_ok() || name == "get presence", "{name}: {result:?}");
    }
    server.lines()
}

#[tokio::test]
async fn all_actions_of_the_signed_in_user() {
    insta::assert_snapshot!(request_lines_of_all_actions(ApiVersion::V1, Client::me).await);
}

#[tokio::test]
async fn path_and_version_affect_only_the_url() {
    let expected = request_lines_of_all_actions(ApiVersion::V1, Client::me).await;
    let with_path = |path: &str| expected.replace("/v1.0/me/presence", path);
    let by_user = format!("users/{ADA}/presence");
    let by_communications = format!("communications/presences/{ADA}");
    for version in [ApiVersion::V1, ApiVersion::Beta] {
        let root = version.as_str();
        let user = request_lines_of_all_actions(version, |client| client.user(ada())).await;
        assert_eq!(user, with_path(&format!("/{root}/{by_user}")));
        let communications = request_lines_of_all_actions(version, |client| client.communications(ada())).await;
        assert_eq!(communications, with_path(&format!("/{root}/{by_communications}")));
    }
    let me_beta = request_lines_of_all_actions(ApiVersion::Beta, Client::me).await;
    assert_eq!(me_beta, with_path("/beta/me/presence"));
}

#[tokio::test]
async fn set_preferred_presence_for_every_state() {
    let server = RecordingServer::start().await;
    let me = server.client(ApiVersion::V1).me();
    for state in PreferredState::ALL {
        me.set_preferred_presence(state).send().await.unwrap();
    }
    insta::assert_snapshot!(server.lines());
}

#[tokio::test]
async fn preferred_presence_expiration_is_sent_in_iso_8601() {
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
    let server = RecordingServer::start().await;
    let me = server.client(ApiVersion::V1).me();
    for (duration, written) in cases {
        me.set_preferred_presence(PreferredState::Busy).expires_after(duration).send().await.unwrap();
        let lines = server.lines();
        let last = lines.lines().last().unwrap();
        assert!(last.ends_with(&format!(r#""expirationDuration":"{written}"}}"#)), "{last}");
    }
}

#[tokio::test]
async fn set_work_locations_with_and_without_place_id() {
    let server = RecordingServer::start().await;
    let me = server.client(ApiVersion::V1).me();
    for workplace in [Workplace::OFFICE, Workplace::REMOTE, Workplace::TIME_OFF] {
        me.set_manual_location(workplace.clone()).send().await.unwrap();
        me.set_automatic_location(workplace.at("b4 \"north\"")).send().await.unwrap();
    }
    let parsed = Workplace::of(&WorkLocationType::from("TIMEOFF")).unwrap();
    me.set_manual_location(parsed).send().await.unwrap();
    insta::assert_snapshot!(server.lines());
}

#[tokio::test]
async fn status_message_expiry_keeps_its_time_zone() {
    let server = RecordingServer::start().await;
    let me = server.client(ApiVersion::V1).me();
    let message = StatusMessage::text("Lunch").unwrap();
    let zoned: jiff::Zoned = "2026-11-20T17:00:00[Europe/Helsinki]".parse().unwrap();
    let instant: jiff::Timestamp = "2026-11-20T15:00:00.25Z".parse().unwrap();
    me.set_status_message(message.clone().until(&zoned)).send().await.unwrap();
    me.set_status_message(message.clone().until(zoned)).send().await.unwrap();
    me.set_status_message(message.until(instant)).send().await.unwrap();
    insta::assert_snapshot!(server.lines());
}

/// Returns a function that awaits a clone of a request.
fn repeatable<R>(request: R) -> Box<dyn Fn() -> RequestFuture<Result<()>>>
where
    R: Clone + IntoFuture<IntoFuture = RequestFuture<Result<()>>> + 'static,
{
    Box::new(move || request.clone().into_future())
}

#[tokio::test]
async fn cloned_requests_are_sent_identically() {
    let server = RecordingServer::start().await;
    let me = server.client(ApiVersion::V1).me();
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
    let log = server.log();
    let (first, second) = log.split_at(log.len() / 2);
    assert_eq!(first, second);
    assert_eq!(server.lines().lines().count(), 22);
}
