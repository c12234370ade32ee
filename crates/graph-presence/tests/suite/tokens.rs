//! When a token is asked for.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::jiff::SignedDuration;
use graph_presence::{AccessToken, Client, Clock, TokenFuture, TokenSource, token_fn};
use httpmock::{HttpMockResponse, MockServer};

use crate::in_process::{PausedClock, Service, answer};
use crate::server::status;
use crate::time::VirtualClock;

/// Gives out `t1`, `t2` ... each good for an hour, or what it is told to.
#[derive(Clone, Default)]
struct Issuer {
    asked: Arc<AtomicUsize>,
    failures: Arc<Mutex<VecDeque<bool>>>,
    clock: VirtualClock,
}

impl Issuer {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn client(&self, server: &MockServer) -> Client {
        Client::builder(self.clone()).base_url(server.base_url()).clock(self.clock.clone()).build().unwrap()
    }
}

impl TokenSource for Issuer {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            tokio::task::yield_now().await;
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            if self.failures.lock().unwrap().pop_front().unwrap_or(false) {
                return Err("the authorization server is down".into());
            }
            let hour = SignedDuration::from_hours(1);
            Ok(AccessToken::new(format!("t{number}")).expires_at(graph_presence::Clock::now(&self.clock) + hour))
        })
    }
}

/// Answers 401 to every token but `good`.
async fn guarded(server: &MockServer, good: &'static str) -> Arc<Mutex<Vec<String>>> {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = seen.clone();
    server
        .mock_async(|when, then| {
            when.any_request();
            then.respond_with(move |request| {
                let token = request.headers()["authorization"].to_str().unwrap().to_owned();
                let known = token == format!("Bearer {good}") || good == "any";
                log.lock().unwrap().push(token);
                if known { HttpMockResponse::builder().status(200).body("{}").build() } else { status(401) }
            });
        })
        .await;
    seen
}

#[tokio::test]
async fn a_token_is_kept_until_five_minutes_before_it_expires() {
    let server = MockServer::start_async().await;
    guarded(&server, "any").await;
    let issuer = Issuer::default();
    let client = issuer.client(&server);
    for (minutes, asked) in [(0, 1), (30, 1), (24, 1), (1, 2), (54, 2), (1, 3)] {
        issuer.clock.advance(Duration::from_secs(minutes * 60));
        client.me().get_presence().send().await.unwrap();
        assert_eq!(issuer.asked(), asked, "{minutes} minutes later");
    }
}

#[tokio::test(start_paused = true)]
async fn many_callers_ask_once() {
    let clock = PausedClock::start();
    let (asked, expiry) = (Arc::new(AtomicUsize::new(0)), Clock::now(&clock) + Duration::from_secs(3600));
    let counter = asked.clone();
    let tokens = token_fn(move || {
        counter.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(AccessToken::new("t").expires_at(expiry))
        }
    });
    let service = Service::new(async |_| answer(200, "{}"));
    let client = Client::builder(tokens).http_client(service).clock(clock).build().unwrap();
    let calls = (0..50).map(|_| tokio::spawn(client.me().get_presence().send()));
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn callers_do_not_queue_for_tokens_that_are_not_kept() {
    let clock = PausedClock::start();
    let tokens = token_fn(|| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(AccessToken::new("t"))
    });
    let service = Service::new(async |_| answer(200, "{}"));
    let client = Client::builder(tokens).http_client(service).clock(clock.clone()).build().unwrap();
    let calls = (0..100).map(|_| tokio::spawn(client.me().get_presence().send()));
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    // The first says that they are not kept.
    assert!(Clock::elapsed(&clock) <= Duration::from_secs(3), "{:?}", Clock::elapsed(&clock));
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let server = MockServer::start_async().await;
    let seen = guarded(&server, "t2").await;
    let issuer = Issuer::default();
    issuer.client(&server).me().get_presence().send().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["Bearer t1", "Bearer t2"]);

    let server = MockServer::start_async().await;
    let seen = guarded(&server, "another").await;
    let issuer = Issuer::default();
    let error = issuer.client(&server).me().get_presence().send().await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(*seen.lock().unwrap(), ["Bearer t1", "Bearer t2"]);
}

#[tokio::test]
async fn the_same_token_is_not_tried_twice() {
    let server = MockServer::start_async().await;
    let seen = guarded(&server, "another").await;
    let client = Client::builder(AccessToken::new("only")).base_url(server.base_url()).build().unwrap();
    let error = client.me().get_presence().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get presence: request failed with 401 Unauthorized: requires the Presence.Read permission (delegated only); /me \
         requires a delegated token: an application uses Client::user"
    );
    assert_eq!(*seen.lock().unwrap(), ["Bearer only"]);
}

#[tokio::test]
async fn a_source_that_fails_early_leaves_the_old_token_in_use() {
    let server = MockServer::start_async().await;
    let seen = guarded(&server, "any").await;
    let issuer = Issuer::default();
    let client = issuer.client(&server);
    client.me().get_presence().send().await.unwrap();

    issuer.failures.lock().unwrap().extend([true, true]);
    issuer.clock.advance(Duration::from_secs(58 * 60));
    client.me().get_presence().send().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["Bearer t1", "Bearer t1"]);

    issuer.clock.advance(Duration::from_secs(2 * 60));
    let error = client.me().get_presence().send().await.unwrap_err();
    assert_eq!(error.to_string(), "get presence: failed to get an access token from the token source");
    client.me().get_presence().send().await.unwrap();
    assert_eq!(seen.lock().unwrap().last().unwrap(), "Bearer t4");
}

#[tokio::test]
async fn a_token_that_does_not_say_when_it_expires_is_asked_for_each_time() {
    let server = MockServer::start_async().await;
    guarded(&server, "any").await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let source = token_fn(move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { Ok(AccessToken::new("t")) }
    });
    let client = Client::builder(source).base_url(server.base_url()).build().unwrap();
    for _ in 0..3 {
        client.me().get_presence().send().await.unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}
