//! A server with one answer, and a client of it.

use std::sync::atomic::{AtomicUsize, Ordering};

use graph_presence::{AccessToken, Client, ClientBuilder, SessionId, UserId};
use httpmock::{HttpMockResponse, Mock, MockServer, Then};

use crate::time::VirtualClock;

pub(crate) const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
pub(crate) const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
pub(crate) const TOKEN: &str = "c2VjcmV0";

pub(crate) fn ada() -> UserId {
    UserId::parse(ADA).unwrap()
}

/// As many users as one likes.
pub(crate) fn users(count: usize) -> Vec<UserId> {
    (0..count).map(|number| UserId::parse(&format!("00000000-0000-0000-0000-{number:012}")).unwrap()).collect()
}

/// A client on which waiting takes no time, and the jitter is always one half.
pub(crate) fn builder(url: impl Into<String>) -> ClientBuilder {
    Client::builder(AccessToken::new(TOKEN))
        .base_url(url)
        .session_id(SessionId::parse(APPLICATION).unwrap())
        .clock(VirtualClock::default())
        .jitter(|| 1 << 31)
}

pub(crate) fn client(server: &MockServer) -> Client {
    builder(server.base_url()).build().unwrap()
}

/// Answers with each of `answers` in turn, and with the last for good.
pub(crate) async fn in_turn(server: &MockServer, answers: Vec<HttpMockResponse>) -> Mock<'_> {
    let asked = AtomicUsize::new(0);
    server
        .mock_async(|when, then| {
            when.any_request();
            then.respond_with(move |_| {
                let turn = asked.fetch_add(1, Ordering::SeqCst);
                answers.get(turn).or(answers.last()).unwrap().clone()
            });
        })
        .await
}

pub(crate) fn status(code: u16) -> HttpMockResponse {
    HttpMockResponse::builder().status(code).build()
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
