//! A mock server, and clients for it.

use std::sync::atomic::{AtomicUsize, Ordering};

use graph_presence::{AccessToken, Client, ClientBuilder, SessionId, UserId};
use httpmock::{HttpMockResponse, Mock, MockServer, Then};

use crate::virtual_clock::VirtualClock;

pub(crate) const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
pub(crate) const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
pub(crate) const TOKEN: &str = "c2VjcmV0";

pub(crate) fn ada() -> UserId {
    UserId::parse(ADA).unwrap()
}

/// Returns the ids of `count` users.
pub(crate) fn users(count: usize) -> Vec<UserId> {
    (0..count).map(|number| UserId::parse(&format!("00000000-0000-0000-0000-{number:012}")).unwrap()).collect()
}

/// Returns the builder of a client whose waits take no time, and whose jitter is always one half.
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

/// Returns each of `responses` in turn, and then the last one repeatedly.
pub(crate) async fn in_turn(server: &MockServer, responses: Vec<HttpMockResponse>) -> Mock<'_> {
    let requests = AtomicUsize::new(0);
    server
        .mock_async(|when, then| {
            when.any_request();
            then.respond_with(move |_| {
                let number = requests.fetch_add(1, Ordering::SeqCst);
                responses.get(number).or(responses.last()).unwrap().clone()
            });
        })
        .await
}

pub(crate) fn status(code: u16) -> HttpMockResponse {
    HttpMockResponse::builder().status(code).build()
}

/// Returns the same response to every request.
pub(crate) async fn always(server: &MockServer, response: impl FnOnce(Then) -> Then) -> Mock<'_> {
    server
        .mock_async(|when, then| {
            when.any_request();
            response(then);
        })
        .await
}
