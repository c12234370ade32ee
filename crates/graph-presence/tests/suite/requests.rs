//! Complete requests: method, path, headers and body.

use graph_presence::{ApiVersion, DateTimeTimeZone, Expiration, SessionState, StatusMessage, jiff};

use crate::recording_server::RecordingServer;
use crate::server::ada;

#[tokio::test]
async fn get_requests() {
    let server = RecordingServer::start().await;
    let client = server.client(ApiVersion::V1);
    client.me().get_presence().send().await.unwrap();
    client.user(ada()).get_presence().send().await.unwrap();
    client.communications(ada()).get_presence().send().await.unwrap_err();
    client.presences([ada()]).send().await.unwrap().complete().unwrap();
    insta::assert_snapshot!(server.log());
}

#[tokio::test]
async fn beta_changes_only_the_path() {
    let server = RecordingServer::start().await;
    server.client(ApiVersion::Beta).me().get_presence().send().await.unwrap();
    insta::assert_snapshot!(server.log());
}

#[tokio::test]
async fn set_presence_for_every_session_state() {
    let server = RecordingServer::start().await;
    let user = server.client(ApiVersion::V1).user(ada());
    for state in SessionState::ALL {
        user.set_presence(state).send().await.unwrap();
    }
    user.set_presence(SessionState::InACall).expires_after(Expiration::minutes(90).unwrap()).send().await.unwrap();
    insta::assert_snapshot!(server.log());
}

#[tokio::test]
async fn set_status_message_with_and_without_expiry() {
    let server = RecordingServer::start().await;
    let user = server.client(ApiVersion::V1).user(ada());
    let message = StatusMessage::text("Say \"hei\" 👋").unwrap();
    user.set_status_message(message.clone()).send().await.unwrap();
    let end = jiff::civil::date(2022, 10, 18).at(17, 5, 33, 207_978_100);
    let until = DateTimeTimeZone::new(end, "Pacific Standard Time").unwrap();
    user.set_status_message(message.until(until)).send().await.unwrap();
    insta::assert_snapshot!(server.log());
}

#[tokio::test]
async fn cloned_request_is_sent_identically() {
    let server = RecordingServer::start().await;
    let request = server.client(ApiVersion::V1).user(ada()).set_presence(SessionState::Away);
    request.clone().send().await.unwrap();
    let first = server.log();
    request.send().await.unwrap();
    assert_eq!(server.log(), format!("{first}{first}"));
}
