//! Calls of the token source, and the token cache.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::jiff::SignedDuration;
use graph_presence::{AccessToken, Client, Clock, TokenFuture, TokenSource, token_fn};
use httpmock::{HttpMockResponse, MockServer};

use crate::in_process::{PausedClock, Service, response};
use crate::server::status;
use crate::virtual_clock::VirtualClock;

/// Returns the tokens `t1`, `t2`, …, each valid for an hour, or fails as configured.
#[derive(Clone, Default)]
struct Issuer {
    calls: Arc<AtomicUsize>,
    failures: Arc<Mutex<VecDeque<bool>>>,
    clock: VirtualClock,
}

impl Issuer {
    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    fn client(&self, server: &MockServer) -> Client {
        Client::builder(self.clone()).base_url(server.base_url()).clock(self.clock.clone()).build().unwrap()
    }
}

impl TokenSource for Issuer {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            tokio::task::yield_now().await;
            let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
            if self.failures.lock().unwrap().pop_front().unwrap_or(false) {
                return Err("the authorization server is down".into());
            }
            let hour = SignedDuration::from_hours(1);
            Ok(AccessToken::new(format!("t{number}")).expires_at(graph_presence::Clock::now(&self.clock) + hour))
        })
    }
}

/// Responds with 401 to every token except `valid`. Returns the tokens that were sent.
async fn token_checking_server(server: &MockServer, valid: &'static str) -> Arc<Mutex<Vec<String>>> {
    let tokens: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = tokens.clone();
    server
        .mock_async(|when, then| {
            when.any_request();
            then.respond_with(move |request| {
                let token = request.headers()["authorization"].to_str().unwrap().to_owned();
                let is_valid = token == format!("Bearer {valid}") || valid == "any";
                log.lock().unwrap().push(token);
                if is_valid { HttpMockResponse::builder().status(200).body("{}").build() } else { status(401) }
            });
        })
        .await;
    tokens
}

#[tokio::test]
async fn token_is_cached_until_five_minutes_before_it_expires() {
    let server = MockServer::start_async().await;
    token_checking_server(&server, "any").await;
    let issuer = Issuer::default();
    let client = issuer.client(&server);
    for (minutes, expected) in [(0, 1), (30, 1), (24, 1), (1, 2), (54, 2), (1, 3)] {
        issuer.clock.advance(Duration::from_secs(minutes * 60));
        client.me().get_presence().send().await.unwrap();
        assert_eq!(issuer.calls(), expected, "{minutes} minutes later");
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_requests_share_one_token_call() {
    let clock = PausedClock::start();
    let (calls, expiry) = (Arc::new(AtomicUsize::new(0)), Clock::now(&clock) + Duration::from_secs(3600));
    let counter = calls.clone();
    let tokens = token_fn(move || {
        counter.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(AccessToken::new("t").expires_at(expiry))
        }
    });
    let service = Service::new(async |_| response(200, "{}"));
    let client = Client::builder(tokens).http_client(service).clock(clock).build().unwrap();
    let requests = (0..50).map(|_| tokio::spawn(client.me().get_presence().send()));
    for request in requests.collect::<Vec<_>>() {
        request.await.unwrap().unwrap();
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn requests_do_not_queue_for_uncached_tokens() {
    let clock = PausedClock::start();
    let tokens = token_fn(|| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(AccessToken::new("t"))
    });
    let service = Service::new(async |_| response(200, "{}"));
    let client = Client::builder(tokens).http_client(service).clock(clock.clone()).build().unwrap();
    let requests = (0..100).map(|_| tokio::spawn(client.me().get_presence().send()));
    for request in requests.collect::<Vec<_>>() {
        request.await.unwrap().unwrap();
    }
    // The first token shows that tokens are not cached.
    assert!(Clock::elapsed(&clock) <= Duration::from_secs(3), "{:?}", Clock::elapsed(&clock));
}

#[tokio::test]
async fn rejected_token_is_replaced_once() {
    let server = MockServer::start_async().await;
    let tokens = token_checking_server(&server, "t2").await;
    let issuer = Issuer::default();
    issuer.client(&server).me().get_presence().send().await.unwrap();
    assert_eq!(*tokens.lock().unwrap(), ["Bearer t1", "Bearer t2"]);

    let server = MockServer::start_async().await;
    let tokens = token_checking_server(&server, "other").await;
    let issuer = Issuer::default();
    let error = issuer.client(&server).me().get_presence().send().await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(*tokens.lock().unwrap(), ["Bearer t1", "Bearer t2"]);
}

#[tokio::test]
async fn rejected_token_is_not_sent_again() {
    let server = MockServer::start_async().await;
    let tokens = token_checking_server(&server, "other").await;
    let client = Client::builder(AccessToken::new("only")).base_url(server.base_url()).build().unwrap();
    let error = client.me().get_presence().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get presence: request failed with 401 Unauthorized: requires the Presence.Read permission (delegated only); /me \
         requires a delegated token: an application uses Client::user"
    );
    assert_eq!(*tokens.lock().unwrap(), ["Bearer only"]);
}

#[tokio::test]
async fn cached_token_is_used_while_the_source_fails() {
    let server = MockServer::start_async().await;
    let tokens = token_checking_server(&server, "any").await;
    let issuer = Issuer::default();
    let client = issuer.client(&server);
    client.me().get_presence().send().await.unwrap();

    issuer.failures.lock().unwrap().extend([true, true]);
    issuer.clock.advance(Duration::from_secs(58 * 60));
    client.me().get_presence().send().await.unwrap();
    assert_eq!(*tokens.lock().unwrap(), ["Bearer t1", "Bearer t1"]);

    issuer.clock.advance(Duration::from_secs(2 * 60));
    let error = client.me().get_presence().send().await.unwrap_err();
    assert_eq!(error.to_string(), "get presence: failed to get an access token from the token source");
    client.me().get_presence().send().await.unwrap();
    assert_eq!(tokens.lock().unwrap().last().unwrap(), "Bearer t4");
}

#[tokio::test]
async fn token_without_expiry_is_not_cached() {
    let server = MockServer::start_async().await;
    token_checking_server(&server, "any").await;
    let calls = Arc::new(AtomicUsize::new(0));
    let count = calls.clone();
    let source = token_fn(move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { Ok(AccessToken::new("t")) }
    });
    let client = Client::builder(source).base_url(server.base_url()).build().unwrap();
    for _ in 0..3 {
        client.me().get_presence().send().await.unwrap();
    }
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}
