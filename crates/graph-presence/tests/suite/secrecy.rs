//! Tokens, people and what they write do not print.

use std::error::Error as _;

use graph_presence::{StatusMessage, UserId};
use httpmock::MockServer;
use serde_json::json;

use crate::server::{ADA, APPLICATION, TOKEN, ada, always, client};

const TEXT: &str = "Interview with Acme";

fn assert_discreet(printed: &str) {
    for secret in [TOKEN, ADA, APPLICATION, TEXT, "ada@example.com", "B4-ROOM"] {
        assert!(!printed.contains(secret), "{secret} is in {printed}");
    }
}

#[tokio::test]
async fn clients_requests_and_answers_print_nobody() {
    let server = MockServer::start_async().await;
    let body = json!({
        "id": ADA,
        "statusMessage": {"message": {"content": TEXT}},
        "outOfOfficeSettings": {"isOutOfOffice": true, "message": TEXT},
        "workLocation": {"placeId": "B4-ROOM"},
    });
    always(&server, |then| then.status(200).json_body(body)).await;
    let client = client(&server);
    let user = client.user(ada());
    let message = StatusMessage::text(TEXT).unwrap();
    let presence = user.get().send().await.unwrap();
    assert_eq!(presence.status_message.as_ref().unwrap().content(), TEXT);

    assert_discreet(&format!("{client:?}"));
    assert_discreet(&format!("{user:?} {:?}", client.presences([ada()])));
    assert_discreet(&format!("{:?} {:?}", user.get(), user.status_message(message)));
    assert_discreet(&format!("{:?}", user.set(graph_presence::SessionState::Away)));
    assert_discreet(&format!("{presence:#?}"));
}

#[tokio::test]
async fn errors_print_nobody_all_the_way_down() {
    let server = MockServer::start_async().await;
    let naming = json!({"error": {"code": "Forbidden", "message": format!("{ADA} may not say {TEXT}")}});
    let refusal = always(&server, |then| then.status(403).json_body(naming)).await;
    let mut errors = vec![client(&server).user(ada()).get().send().await.unwrap_err()];
    refusal.delete_async().await;
    always(&server, |then| then.status(200).body(format!("[\"{TEXT}\""))).await;
    errors.push(client(&server).user(ada()).get().send().await.unwrap_err());
    errors.push(UserId::parse("ada@example.com").unwrap_err());

    let nowhere = graph_presence::Client::builder(graph_presence::AccessToken::new(TOKEN))
        .base_url("http://127.0.0.1:1")
        .build()
        .unwrap();
    errors.push(nowhere.user(ada()).get().send().await.unwrap_err());

    for error in &errors {
        assert_discreet(&format!("{error} {error:?} {error:#?}"));
        let mut source = error.source();
        while let Some(cause) = source {
            assert_discreet(&format!("{cause} {cause:?}"));
            source = cause.source();
        }
    }
}
