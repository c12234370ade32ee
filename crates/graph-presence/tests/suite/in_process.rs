//! A service in the same process, on tokio's paused clock: hours pass instantly, and every run is the same.

use std::sync::Arc;
use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::http::{Request, Response};
use graph_presence::jiff::Timestamp;
use graph_presence::{
    AccessToken, Client, ClientBuilder, Clock, HttpClient, HttpFuture, RetryPolicy, SessionId, Sleep,
};
use tokio::time::Instant;

use crate::server::{APPLICATION, TOKEN, ada};
use crate::virtual_clock::VirtualClock;

/// Tokio's clock, starting at a fixed timestamp.
#[derive(Clone, Debug)]
pub(crate) struct PausedClock(Instant);

impl PausedClock {
    /// Starts the clock. The test needs `start_paused`.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for PausedClock {
    fn now(&self) -> Timestamp {
        VirtualClock::start() + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The emulator can use the client's clock.
impl graph_presence_emulator::Clock for PausedClock {
    fn now(&self) -> Timestamp {
        Clock::now(self)
    }
}

/// A service that responds to requests with a function.
#[derive(Clone)]
pub(crate) struct Service(Arc<dyn Fn(Request<Bytes>) -> HttpFuture<'static> + Send + Sync>);

impl Service {
    pub(crate) fn new<F: Future<Output = Response<Bytes>> + Send + 'static>(
        respond: impl Fn(Request<Bytes>) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |request| {
            let response = respond(request);
            Box::pin(async { Ok(response.await) })
        }))
    }
}

impl HttpClient for Service {
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
        self.0(request)
    }
}

/// Returns the builder of a client that sends its requests to `service`, on tokio's clock.
pub(crate) fn builder(service: impl HttpClient, clock: &PausedClock) -> ClientBuilder {
    let random = std::sync::Mutex::new(fastrand::Rng::with_seed(7));
    Client::builder(AccessToken::new(TOKEN))
        .http_client(service)
        .session_id(SessionId::parse(APPLICATION).unwrap())
        .clock(clock.clone())
        .jitter(move || (random.lock().unwrap().f64() * 2_f64.powi(32)) as u32)
}

/// Returns a runtime with a paused clock, for tests that shut it down.
pub(crate) fn paused_runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

pub(crate) fn response(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    Response::builder().status(status).body(body.into()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn http_client_receives_the_complete_request_and_returns_the_response() {
    let clock = PausedClock::start();
    let service = Service::new(async |request: Request<Bytes>| {
        let authorized =
            request.headers().get("authorization").is_some_and(|value| value == &format!("Bearer {TOKEN}"));
        let received = (request.method().as_str(), request.uri().to_string(), request.body().is_empty(), authorized);
        match (received.0, received.1.as_str(), received.2, received.3) {
            ("GET", "https://graph.microsoft.com/v1.0/me/presence", true, true) => {
                response(200, r#"{"availability":"Busy","activity":"InACall"}"#)
            }
            ("POST", "https://graph.microsoft.com/v1.0/me/presence/clearPresence", false, true) => {
                response(404, r#"{"error":{"code":"NotFound","message":""}}"#)
            }
            _ => response(400, format!("{received:?}")),
        }
    });
    let client = builder(service, &clock).build().unwrap();
    assert!(client.me().get_presence().send().await.unwrap().is_in_a_call());
    let error = client.me().clear_presence().send().await.unwrap_err();
    assert_eq!((error.is_not_found(), error.code()), (true, Some("NotFound")));
}

#[tokio::test(start_paused = true)]
async fn http_client_that_never_responds_times_out() {
    let clock = PausedClock::start();
    let service = Service::new(async |_| std::future::pending().await);
    let client = builder(service, &clock).timeout(Duration::from_secs(3)).retry(RetryPolicy::none()).build().unwrap();
    let error = client.me().get_presence().send().await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    assert_eq!(clock.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn http_client_errors_are_retried() {
    struct Broken(std::sync::atomic::AtomicUsize);

    impl HttpClient for Broken {
        fn send(&self, _: Request<Bytes>) -> HttpFuture<'_> {
            let number = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Box::pin(async move { if number < 2 { Err("connection reset".into()) } else { Ok(response(200, "{}")) } })
        }
    }

    let client = builder(Broken(0.into()), &PausedClock::start()).build().unwrap();
    client.me().get_presence().send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn oversized_response_of_an_http_client_is_rejected() {
    let service = Service::new(async |_| response(200, vec![b' '; (32 << 20) + 1]));
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let error = client.user(ada()).get_presence().send().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
}
