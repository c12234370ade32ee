//! What is sent, byte for byte where it matters.

use std::sync::{Arc, Mutex};

use graph_presence::{
    AccessToken, ApiVersion, Client, DateTimeTimeZone, Expiration, SessionId, SessionState, StatusMessage, jiff,
};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};

use crate::server::{APPLICATION, TOKEN, ada};

/// Every request as it arrived: method, path with query, the headers that matter, body.
struct Wire {
    server: MockServer,
    log: Arc<Mutex<String>>,
}

impl Wire {
    async fn start() -> Self {
        let server = MockServer::start_async().await;
        let log = Arc::new(Mutex::new(String::new()));
        let written = log.clone();
        server
            .mock_async(|when, then| {
                when.any_request();
                then.respond_with(move |request| {
                    written.lock().unwrap().push_str(&describe(request));
                    HttpMockResponse::builder().status(200).body(r#"{"value":[]}"#).build()
                });
            })
            .await;
        Self { server, log }
    }

    fn client(&self, version: ApiVersion) -> Client {
        Client::builder(AccessToken::new(TOKEN))
            .base_url(self.server.base_url())
            .version(version)
            .session(SessionId::parse(APPLICATION).unwrap())
            .build()
            .unwrap()
    }

    fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

fn describe(request: &HttpMockRequest) -> String {
    let uri = request.uri();
    let mut text = format!("{} {}\n", request.method(), uri.path_and_query().unwrap());
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .filter(|(name, _)| !["host", "content-length"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    headers.sort();
    text.extend(headers);
    text.push_str(&request.body_string());
    text.push_str("\n\n");
    text.replace(env!("CARGO_PKG_VERSION"), "{version}")
}

#[tokio::test]
async fn reads_send_no_body_and_no_api_version() {
    let wire = Wire::start().await;
    let client = wire.client(ApiVersion::V1);
    client.me().get().send().await.unwrap();
    client.user(ada()).get().send().await.unwrap();
    client.communications(ada()).get().send().await.unwrap_err();
    client.presences([ada()]).send().await.unwrap();
    insta::assert_snapshot!(wire.log());
}

#[tokio::test]
async fn beta_is_another_path_and_nothing_else() {
    let wire = Wire::start().await;
    wire.client(ApiVersion::Beta).me().get().send().await.unwrap();
    insta::assert_snapshot!(wire.log());
}

#[tokio::test]
async fn every_state_of_a_session() {
    let wire = Wire::start().await;
    let user = wire.client(ApiVersion::V1).user(ada());
    for state in SessionState::ALL {
        user.set(state).send().await.unwrap();
    }
    user.set(SessionState::InACall).expires_after(Expiration::minutes(90).unwrap()).send().await.unwrap();
    insta::assert_snapshot!(wire.log());
}

#[tokio::test]
async fn a_status_message_with_and_without_expiry() {
    let wire = Wire::start().await;
    let user = wire.client(ApiVersion::V1).user(ada());
    let message = StatusMessage::text("Say \"hei\" 👋").unwrap();
    user.status_message(message.clone()).send().await.unwrap();
    let end = jiff::civil::date(2022, 10, 18).at(17, 5, 33, 207_978_100);
    let until = DateTimeTimeZone::new(end, "Pacific Standard Time").unwrap();
    user.status_message(message.until(until)).send().await.unwrap();
    insta::assert_snapshot!(wire.log());
}

#[tokio::test]
async fn a_request_is_a_value_that_can_be_sent_again() {
    let wire = Wire::start().await;
    let request = wire.client(ApiVersion::V1).user(ada()).set(SessionState::Away);
    request.clone().send().await.unwrap();
    let first = wire.log();
    request.send().await.unwrap();
    assert_eq!(wire.log(), format!("{first}{first}"));
}
