//! The message and the sources of every error that the facade creates.

use std::error::Error as _;
use std::fmt::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use graph_presence::bytes::Bytes;
use graph_presence::hold::HoldStatus;
use graph_presence::http::{Request, Response};
use graph_presence::jiff::{Timestamp, civil};
use graph_presence::subscription::NewSubscription;
use graph_presence::{
    AccessToken, Activity, Availability, Client, ClientBuilder, Clock, Cloud, DateTimeTimeZone, Error, Expiration,
    HttpClient, HttpFuture, PreferredState, Quota, Result, RetryPolicy, SessionId, SessionState, Sleep, StatusMessage,
    UserId, WorkLocationType, Workplace, token_fn,
};
use tokio::net::TcpListener;

use crate::broken_connections::{get, send_and_close};
use crate::hold_runtime::lose_hold_with_its_runtime;
use crate::in_process::{self, PausedClock, Service, paused_runtime, response};
use crate::operations::new_subscription;
use crate::server::{TOKEN, ada, builder, users};

mod coverage;

/// A call of a constructor of `Error`, and errors that it creates.
struct Site {
    name: &'static str,
    errors: Vec<Error>,
    /// The reason why a test cannot create the error.
    not_covered: Option<&'static str>,
}

fn site(name: &'static str, errors: impl IntoIterator<Item = Error>) -> Site {
    Site { name, errors: errors.into_iter().collect(), not_covered: None }
}

fn not_covered(name: &'static str, reason: &'static str) -> Site {
    Site { name, errors: Vec::new(), not_covered: Some(reason) }
}

/// Returns the constructor calls of each file in `src`, in their order in the file.
fn sites() -> Vec<(&'static str, Vec<Site>)> {
    vec![
        ("client.rs", client_sites()),
        ("core.rs", vec![site("missing session id", [missing_session_id()])]),
        ("date_time.rs", vec![site("time zone", [error(DateTimeTimeZone::new(noon(), "Atlantis Standard Time"))])]),
        ("hold/renewer.rs", vec![site("no runtime", [hold_without_runtime()]), site("panic", [hold_panic()])]),
        ("hold/schedule.rs", vec![site("second hold", [second_hold()]), site("runtime shutdown", [hold_shutdown()])]),
        ("id.rs", vec![site("id", [user_id("ada@example.com"), user_id("ada"), error(SessionId::parse("my-app"))])]),
        ("preferred.rs", vec![site("unsupported pair", [error(PreferredState::try_from(pair()))])]),
        ("presences/stream.rs", stream_sites()),
        ("quota.rs", quota_sites()),
        ("retry.rs", retry_sites()),
        ("session.rs", session_sites()),
        ("status_message.rs", status_message_sites()),
        ("subscription/new.rs", subscription_sites()),
        ("token_cache.rs", vec![site("token source", [token_source_error()])]),
        ("transport.rs", transport_sites()),
        ("transport/exchange.rs", exchange_sites()),
        ("transport/subscriptions.rs", subscription_transport_sites()),
        ("user_client/preferred.rs", preferred_expiration_sites()),
        ("watch.rs", watch_sites()),
        ("workplace.rs", vec![site("work location type", [error(Workplace::of(&WorkLocationType::Unspecified))])]),
    ]
}

#[test]
fn messages_and_sources_of_all_errors() {
    let mut text = String::new();
    for (file, sites) in sites().into_iter().chain([("error/message.rs", status_sites())]) {
        writeln!(text, "src/{file}").unwrap();
        for Site { name, errors, not_covered } in sites {
            for error in errors {
                writeln!(text, "  {name}: {error}").unwrap();
                let mut source = error.source();
                while let Some(error) = source {
                    writeln!(text, "    source: {}", without_os_code(&error.to_string())).unwrap();
                    source = error.source();
                }
            }
            if let Some(reason) = not_covered {
                writeln!(text, "  {name}: not covered: {reason}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(text);
}

/// Removes the number of an operating system's error, which depends on the platform.
fn without_os_code(message: &str) -> &str {
    message.split(" (os error").next().unwrap_or_default()
}

fn error<T>(result: Result<T>) -> Error {
    result.err().expect("an error")
}

fn user_id(text: &str) -> Error {
    error(UserId::parse(text))
}

fn noon() -> civil::DateTime {
    civil::date(2026, 11, 20).at(12, 0, 0, 0)
}

fn pair() -> (Availability, Activity) {
    (Availability::Busy, Activity::from("Levitating"))
}

/// Returns a builder for clients that do not send requests.
fn offline() -> ClientBuilder {
    builder("http://127.0.0.1:1")
}

/// Runs a future on a paused clock.
fn paused<T>(future: impl Future<Output = T>) -> T {
    paused_runtime().block_on(future)
}

/// Runs a future that uses the network.
fn networked<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Returns a client whose requests all get a response of this status and body. Call it on a paused clock.
fn client(status: u16, body: impl Into<Bytes>) -> Client {
    let body = body.into();
    client_with(move |_| response(status, body.clone()))
}

fn client_with(respond: impl Fn(Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static) -> Client {
    let service = Service::new(move |request| std::future::ready(respond(request)));
    in_process::builder(service, &PausedClock::start()).build().unwrap()
}

/// Returns the error of reading a user's presence from a response.
fn get_error(status: u16, body: &'static str) -> Error {
    paused(async { error(client(status, body).user(ada()).get_presence().await) })
}

fn client_sites() -> Vec<Site> {
    let base_url = |url: &str| error(builder(url).build());
    vec![
        site("zero timeout", [error(offline().timeout(Duration::ZERO).build())]),
        site("base URL that cannot be parsed", [base_url("graph.microsoft.com"), base_url("https://")]),
        site(
            "base URL",
            [
                base_url("file:///graph"),
                base_url("https://user:secret@graph.microsoft.com"),
                base_url("http://graph.microsoft.com"),
            ],
        ),
    ]
}

fn missing_session_id() -> Error {
    let client = Client::builder(AccessToken::new(TOKEN)).base_url("http://127.0.0.1:1").build().unwrap();
    networked(async { error(client.me().clear_presence().await) })
}

fn hold_without_runtime() -> Error {
    error(offline().build().unwrap().me().hold(SessionState::Away).start())
}

fn hold_panic() -> Error {
    struct PanickingClient;

    impl HttpClient for PanickingClient {
        fn send(&self, _: Request<Bytes>) -> HttpFuture<'_> {
            panic!("bug in the HTTP client")
        }
    }

    paused(async {
        let client = in_process::builder(PanickingClient, &PausedClock::start()).build().unwrap();
        let hold = client.me().hold(SessionState::Away).start().unwrap();
        let mut statuses = hold.statuses();
        loop {
            if let HoldStatus::Retrying { error, .. } = statuses.changed().await.unwrap() {
                return error;
            }
        }
    })
}

fn second_hold() -> Error {
    paused(async {
        let client = client(200, "");
        let _first = client.me().hold(SessionState::Away).start().unwrap();
        error(client.me().hold(SessionState::InACall).start())
    })
}

fn hold_shutdown() -> Error {
    let (_, _, hold) = lose_hold_with_its_runtime();
    match hold.status() {
        HoldStatus::Lost { error, .. } => error,
        other => panic!("{other:?}"),
    }
}

fn stream_sites() -> Vec<Site> {
    let client = paused(async { client(200, r#"{"value":[]}"#) });
    let no_runtime = client.presences(users(1)).send().now_or_never().expect("the error does not wait");
    let mut stream = client.presences(users(1)).stream();
    // The runtime is shut down after the first poll.
    paused(async { assert!(stream.next().now_or_never().is_none()) });
    let chunk = paused(stream.next()).unwrap();
    vec![
        site("concurrency", [error(paused(client.presences(users(1)).concurrency(0).send()))]),
        site("no runtime", [error(no_runtime)]),
        site("runtime shutdown", [error(chunk.result)]),
    ]
}

fn quota_sites() -> Vec<Site> {
    vec![
        site("requests", [error(Quota::new(1, Duration::from_secs(30)))]),
        site("period", [error(Quota::new(1500, Duration::ZERO))]),
    ]
}

fn retry_sites() -> Vec<Site> {
    let policy = |policy| error(offline().retry(policy).build());
    vec![
        site("attempts", [policy(RetryPolicy::default().max_attempts(0))]),
        site("backoff", [policy(RetryPolicy::default().max_backoff(Duration::from_millis(499)))]),
    ]
}

fn session_sites() -> Vec<Site> {
    vec![
        site("unsupported pair", [error(SessionState::try_from(pair()))]),
        site("expiration that cannot be parsed", [error(Expiration::parse("0:05:00"))]),
        site("expiration", [error(Expiration::parse("PT4M59S")), error(Expiration::hours(5))]),
    ]
}

fn status_message_sites() -> Vec<Site> {
    vec![
        site("empty content", [error(StatusMessage::text("")), error(StatusMessage::text(" "))]),
        site("content type", [error(StatusMessage::new("<b>Lunch</b>", "html"))]),
    ]
}

/// A clock at the last instant that can be represented.
#[derive(Debug)]
struct LastInstant;

impl Clock for LastInstant {
    fn now(&self) -> Timestamp {
        Timestamp::MAX
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> Sleep<'_> {
        Box::pin(std::future::ready(()))
    }
}

fn subscription_sites() -> Vec<Site> {
    let new = |count, url| error(NewSubscription::new(users(count), url));
    let create = |builder: ClientBuilder, lifetime| {
        let subscription = new_subscription([ada()]).expires_after(lifetime);
        networked(async { error(builder.build().unwrap().subscriptions().create(subscription).await) })
    };
    let hour = Duration::from_mins(60);
    vec![
        site("number of users", [new(0, "https://example.com"), new(651, "https://example.com")]),
        site("client state", [error(new_subscription([ada()]).client_state("s".repeat(129)))]),
        site("lifetime", [create(offline(), Duration::ZERO), create(offline(), 2 * hour)]),
        site("clock", [create(offline().clock(LastInstant), hour)]),
        site("notification URL that cannot be parsed", [new(1, "example.com/notifications")]),
        site("notification URL", [new(1, "http://example.com/notifications")]),
    ]
}

fn token_source_error() -> Error {
    let client = Client::builder(token_fn(async || Err("the key ring is locked".into())));
    networked(async { error(client.build().unwrap().me().get_presence().await) })
}

fn transport_sites() -> Vec<Site> {
    let collection = paused(async { error(client(200, r#"{"value":[]}"#).communications(ada()).get_presence().await) });
    vec![
        not_covered("TLS setup", "fails only if the platform's certificate verifier cannot be created"),
        not_covered("unexpected response", "the statuses of all operations are decoded or are error responses"),
        not_covered("URL of the next page", "the URL was parsed before"),
        site("collection instead of one presence", [collection]),
        site("object that is not a presence", [get_error(200, r#"{"error":{"code":"Odd"}}"#)]),
        site("JSON", [get_error(200, r#"{"id":5}"#), get_error(200, "?"), get_error(200, "{")]),
        not_covered("decode_error", "its callers are listed separately"),
    ]
}

fn exchange_sites() -> Vec<Site> {
    let too_large = vec![b' '; (32 << 20) + 1];
    vec![
        site("timeout of the token source", [token_timeout(1)]),
        site("timeout of the token source after a 401", [token_timeout(2)]),
        site("error response", [get_error(404, r#"{"error":{"code":"NotFound","message":"secret"}}"#)]),
        site("HTML", [get_error(200, "<html>")]),
        site("HTTP client", [http_client_error(false), http_client_error(true)]),
        site("unsupported operation", [unsupported_operation()]),
        site("connection", [connection_refused(), request_timeout(), incomplete_body()]),
        site("size of the body", [paused(async { error(client(200, too_large).me().get_presence().await) })]),
        not_covered("request body", "bodies are bytes, which can be cloned"),
        site("token that is not a header value", [invalid_token()]),
    ]
}

/// Returns the error of a token source that does not return from the call of this number.
fn token_timeout(call: u32) -> Error {
    let calls = AtomicU32::new(0);
    let tokens = token_fn(move || {
        let number = calls.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            if number == call {
                std::future::pending::<()>().await;
            }
            Ok(AccessToken::new(TOKEN))
        }
    });
    paused(async {
        let service = Service::new(async |_| response(401, ""));
        let client = Client::builder(tokens).http_client(service).clock(PausedClock::start()).build().unwrap();
        error(client.me().get_presence().await)
    })
}

fn http_client_error(hangs: bool) -> Error {
    struct FailingClient {
        hangs: bool,
    }

    impl HttpClient for FailingClient {
        fn send(&self, _: Request<Bytes>) -> HttpFuture<'_> {
            Box::pin(async {
                if self.hangs {
                    std::future::pending::<()>().await;
                }
                Err("connection reset".into())
            })
        }
    }

    paused(async {
        let builder = in_process::builder(FailingClient { hangs }, &PausedClock::start());
        error(builder.retry(RetryPolicy::none()).build().unwrap().me().get_presence().await)
    })
}

fn unsupported_operation() -> Error {
    let client = offline().cloud(Cloud::UsGovernmentL4).build().unwrap();
    networked(async { error(client.me().set_manual_location(Workplace::REMOTE).await) })
}

fn connection_refused() -> Error {
    networked(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        error(builder(url).build().unwrap().me().get_presence().await)
    })
}

fn request_timeout() -> Error {
    networked(async {
        // Connections are accepted by the operating system, and never get a response.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let builder = builder(format!("http://{}", listener.local_addr().unwrap()));
        let client = builder.timeout(Duration::from_millis(1)).retry(RetryPolicy::none()).build().unwrap();
        error(client.me().get_presence().await)
    })
}

fn incomplete_body() -> Error {
    let incomplete = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"availab";
    let (result, _) = networked(get((0..4).map(|_| send_and_close(incomplete)).collect()));
    error(result)
}

fn invalid_token() -> Error {
    let client = Client::builder(AccessToken::new("line\nbreak")).build().unwrap();
    networked(async { error(client.me().get_presence().await) })
}

fn subscription_transport_sites() -> Vec<Site> {
    let list = |link: &str| {
        let body = format!(r#"{{"value":[],"@odata.nextLink":"{link}"}}"#);
        paused(async { error(client(200, body).subscriptions().list().await) })
    };
    let get = |id: &str| networked(async { error(offline().build().unwrap().subscriptions().get(id).await) });
    vec![
        site("circular link", [list("https://graph.microsoft.com/v1.0/subscriptions?$skiptoken=a")]),
        site("link to another origin", [list("https://example.com/v1.0/subscriptions")]),
        site("subscription id", [get(""), get("..")]),
    ]
}

fn preferred_expiration_sites() -> Vec<Site> {
    let expiration = |duration| {
        let request = offline().build().unwrap().me().set_preferred_presence(PreferredState::Busy);
        networked(async { error(request.expires_after(duration).await) })
    };
    vec![site("zero", [expiration(Duration::ZERO)]), site("too long", [expiration(Duration::MAX)])]
}

fn watch_sites() -> Vec<Site> {
    let watch = || offline().build().unwrap().watch([ada()]);
    vec![
        site("no runtime", [error(watch().start())]),
        site("poll interval", [paused(async { error(watch().poll_interval(Duration::from_millis(999)).start()) })]),
        site("quota share", [paused(async { error(watch().quota_share(1.01).start()) })]),
    ]
}

/// Returns the variants of the message of an error response.
fn status_sites() -> Vec<Site> {
    let me = |status| paused(async { error(client(status, "").me().get_presence().await) });
    let user = |status| paused(async { error(client(status, "").user(ada()).get_presence().await) });
    let code = r#"{"error":{"code":"Forbidden","innerError":{"request-id":"r-1"}}}"#;
    let set = paused(async { error(client(403, code).user(ada()).set_presence(SessionState::Away).await) });
    let set_location =
        paused(async { error(client(403, code).user(ada()).set_manual_location(Workplace::OFFICE).await) });
    assert_eq!((set.code(), set.request_id()), (Some("Forbidden"), Some("r-1")));
    vec![
        site("permission", [user(403), set, set_location]),
        site("/me", [me(400), me(401), me(403), me(404)]),
        site("reason phrase", [user(409), user(499)]),
        site("attempts", [user(503)]),
        site("deadline", [retry_deadline()]),
        site("budget", [retry_budget()]),
    ]
}

fn retry_deadline() -> Error {
    paused(async {
        let throttled = || Response::builder().status(429).header("Retry-After", "61").body(Bytes::new()).unwrap();
        let error = error(client_with(move |_| throttled()).me().get_presence().await);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(61)));
        error
    })
}

fn retry_budget() -> Error {
    paused(async {
        let client = client(503, "");
        let mut last = None;
        for _ in 0..40 {
            last = client.me().get_presence().await.err();
        }
        last.unwrap()
    })
}
