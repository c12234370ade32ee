//! A server with one answer, and a client of it.

use graph_presence::{AccessToken, Client, SessionId, UserId};
use httpmock::{Mock, MockServer, Then};

pub(crate) const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
pub(crate) const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
pub(crate) const TOKEN: &str = "c2VjcmV0";

pub(crate) fn ada() -> UserId {
    UserId::parse(ADA).unwrap()
}

pub(crate) fn client(server: &MockServer) -> Client {
    Client::builder(AccessToken::new(TOKEN))
        .base_url(server.base_url())
        .session(SessionId::parse(APPLICATION).unwrap())
        .build()
        .unwrap()
}

/// Answers every request in the same way.
pub(crate) async fn always(server: &MockServer, answer: impl FnOnce(Then) -> Then) -> Mock<'_> {
    server
        .mock_async(|when, then| {
            when.any_request();
            answer(then);
        })
        .await
}
