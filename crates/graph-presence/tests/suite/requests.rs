//! What is sent, byte for byte where it matters.

use graph_presence::{ApiVersion, DateTimeTimeZone, Expiration, SessionState, StatusMessage, jiff};

use crate::server::ada;
use crate::wire::Wire;

#[tokio::test]
async fn reads_send_no_body_and_no_api_version() {
    let wire = Wire::start().await;
    let client = wire.client(ApiVersion::V1);
    client.me().get_presence().send().await.unwrap();
    client.user(ada()).get_presence().send().await.unwrap();
    client.communications(ada()).get_presence().send().await.unwrap_err();
    client.presences([ada()]).send().await.unwrap().complete().unwrap();
    insta::assert_snapshot!(wire.log());
}

#[tokio::test]
async fn beta_is_another_path_and_nothing_else() {
    let wire = Wire::start().await;
    wire.client(ApiVersion::Beta).me().get_presence().send().await.unwrap();
    insta::assert_snapshot!(wire.log());
}

#[tokio::test]
async fn every_state_of_a_session() {
    let wire = Wire::start().await;
    let user = wire.client(ApiVersion::V1).user(ada());
    for state in SessionState::ALL {
        user.set_presence(state).send().await.unwrap();
    }
    user.set_presence(SessionState::InACall).expires_after(Expiration::minutes(90).unwrap()).send().await.unwrap();
    insta::assert_snapshot!(wire.log());
}

#[tokio::test]
async fn a_status_message_with_and_without_expiry() {
    let wire = Wire::start().await;
    let user = wire.client(ApiVersion::V1).user(ada());
    let message = StatusMessage::text("Say \"hei\" 👋").unwrap();
    user.set_status_message(message.clone()).send().await.unwrap();
    let end = jiff::civil::date(2022, 10, 18).at(17, 5, 33, 207_978_100);
    let until = DateTimeTimeZone::new(end, "Pacific Standard Time").unwrap();
    user.set_status_message(message.until(until)).send().await.unwrap();
    insta::assert_snapshot!(wire.log());
}

#[tokio::test]
async fn a_request_is_a_value_that_can_be_sent_again() {
    let wire = Wire::start().await;
    let request = wire.client(ApiVersion::V1).user(ada()).set_presence(SessionState::Away);
    request.clone().send().await.unwrap();
    let first = wire.log();
    request.send().await.unwrap();
    assert_eq!(wire.log(), format!("{first}{first}"));
}
