//! A service in the test's own task, and tokio's paused clock as everybody's: hours pass in an instant, in the same way
//! each time.

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
use crate::time::VirtualClock;

/// The time that tokio tells, from a fixed instant on.
#[derive(Clone, Debug)]
pub(crate) struct PausedClock(Instant);

impl PausedClock {
    /// In a test of `start_paused`.
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

/// Client and service have the same time.
impl graph_presence_emulator::Clock for PausedClock {
    fn now(&self) -> Timestamp {
        Clock::now(self)
    }
}

/// What answers requests.
#[derive(Clone)]
pub(crate) struct Service(Arc<dyn Fn(Request<Bytes>) -> HttpFuture<'static> + Send + Sync>);

impl Service {
    pub(crate) fn new<F: Future<Output = Response<Bytes>> + Send + 'static>(
        answer: impl Fn(Request<Bytes>) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |request| {
            let answer = answer(request);
            Box::pin(async { Ok(answer.await) })
        }))
    }
}

impl HttpClient for Service {
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
        self.0(request)
    }
}

/// A client whose requests `service` answers, on tokio's clock.
pub(crate) fn builder(service: impl HttpClient, clock: &PausedClock) -> ClientBuilder {
    let random = std::sync::Mutex::new(fastrand::Rng::with_seed(7));
    Client::builder(AccessToken::new(TOKEN))
        .http_client(service)
        .session_id(SessionId::parse(APPLICATION).unwrap())
        .clock(clock.clone())
        .jitter(move || (random.lock().unwrap().f64() * 2_f64.powi(32)) as u32)
}

pub(crate) fn answer(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    Response::builder().status(status).body(body.into()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_handed_in_client_is_given_the_whole_request_and_gives_the_whole_answer() {
    let clock = PausedClock::start();
    let service = Service::new(async |request: Request<Bytes>| {
        let authorized =
            request.headers().get("authorization").is_some_and(|value| value == &format!("Bearer {TOKEN}"));
        let asked = (request.method().as_str(), request.uri().to_string(), request.body().is_empty(), authorized);
        match (asked.0, asked.1.as_str(), asked.2, asked.3) {
            ("GET", "https://graph.microsoft.com/v1.0/me/presence", true, true) => {
                answer(200, r#"{"availability":"Busy","activity":"InACall"}"#)
            }
            ("POST", "https://graph.microsoft.com/v1.0/me/presence/clearPresence", false, true) => {
                answer(404, r#"{"error":{"code":"NotFound","message":""}}"#)
            }
            _ => answer(400, format!("{asked:?}")),
        }
    });
    let client = builder(service, &clock).build().unwrap();
    assert!(client.me().get_presence().send().await.unwrap().is_in_a_call());
    let refused = client.me().clear_presence().send().await.unwrap_err();
    assert_eq!((refused.is_not_found(), refused.code()), (true, Some("NotFound")));
}

#[tokio::test(start_paused = true)]
async fn a_handed_in_client_that_never_answers_is_given_up_after_the_time_limit() {
    let clock = PausedClock::start();
    let service = Service::new(async |_| std::future::pending().await);
    let client = builder(service, &clock).timeout(Duration::from_secs(3)).retry(RetryPolicy::none()).build().unwrap();
    let error = client.me().get_presence().send().await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    assert_eq!(clock.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_handed_in_client_that_fails_is_asked_again() {
    struct Broken(std::sync::atomic::AtomicUsize);

    impl HttpClient for Broken {
        fn send(&self, _: Request<Bytes>) -> HttpFuture<'_> {
            let turn = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Box::pin(async move { if turn < 2 { Err("cut".into()) } else { Ok(answer(200, "{}")) } })
        }
    }

    let client = builder(Broken(0.into()), &PausedClock::start()).build().unwrap();
    client.me().get_presence().send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_a_handed_in_client_has_the_same_limit_of_size() {
    let service = Service::new(async |_| answer(200, vec![b' '; (32 << 20) + 1]));
    let client = builder(service, &PausedClock::start()).build().unwrap();
    let error = client.user(ada()).get_presence().send().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
}
