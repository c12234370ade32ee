//! Spans and events of the feature `tracing`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use graph_presence::{ApiVersion, Error, Quota, StatusMessage, token_fn};
use httpmock::{HttpMockResponse, MockServer};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_core::span::Current;

use crate::operations;
use crate::recording_server::RecordingServer;
use crate::server::{ADA, APPLICATION, TOKEN, ada, always, builder, in_turn, status};

/// Records all spans and events of a thread.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Recording>>);

thread_local! {
    static RECORDER: RefCell<Option<Recorder>> = const { RefCell::new(None) };
}

/// Forwards spans and events to the recorder of the thread, if there is one. With one subscriber per thread, spans
/// would be missing: tracing caches the interest of the subscriber that registers a call site first, and a thread may
/// not have one.
struct Dispatcher;

#[derive(Default)]
struct Recording {
    spans: Vec<Entry>,
    events: Vec<Entry>,
    /// The indexes of the spans that are entered.
    entered: Vec<usize>,
}

struct Entry {
    metadata: &'static Metadata<'static>,
    parent: Option<usize>,
    fields: Fields,
}

impl Entry {
    fn is_from_this_crate(&self) -> bool {
        self.metadata.target().starts_with("graph_presence")
    }
}

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

fn index(id: &Id) -> usize {
    usize::try_from(id.into_u64()).unwrap() - 1
}

impl Subscriber for Dispatcher {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let index = with_recording(|recording| {
            let parent = attributes.parent().map(index).or(recording.entered.last().copied());
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            recording.spans.push(Entry { metadata: attributes.metadata(), parent, fields });
            recording.spans.len() as u64
        });
        Id::from_u64(index.unwrap_or(u64::MAX))
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        with_recording(|recording| recording.spans.get_mut(index(span)).map(|span| values.record(&mut span.fields)));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        with_recording(|recording| {
            let parent = recording.entered.last().copied();
            let mut fields = Fields::default();
            event.record(&mut fields);
            recording.events.push(Entry { metadata: event.metadata(), parent, fields });
        });
    }

    fn enter(&self, span: &Id) {
        with_recording(|recording| recording.entered.push(index(span)));
    }

    fn exit(&self, _: &Id) {
        with_recording(|recording| recording.entered.pop());
    }

    fn current_span(&self) -> Current {
        let current = with_recording(|recording| {
            let entered = *recording.entered.last()?;
            Some(Current::new(Id::from_u64(entered as u64 + 1), recording.spans.get(entered)?.metadata))
        });
        current.flatten().unwrap_or_else(Current::none)
    }
}

fn with_recording<T>(record: impl FnOnce(&mut Recording) -> T) -> Option<T> {
    RECORDER.with_borrow(|recorder| recorder.as_ref().map(|recorder| record(&mut recorder.0.lock().unwrap())))
}

impl Recorder {
    /// Starts recording on this thread.
    fn start() -> Self {
        static DISPATCHER: Once = Once::new();
        DISPATCHER.call_once(|| tracing::subscriber::set_global_default(Dispatcher).unwrap());
        let recorder = Self::default();
        RECORDER.set(Some(recorder.clone()));
        recorder
    }

    /// Returns the spans and events of this crate as a tree, with a line for each.
    fn tree(&self, server: &MockServer) -> String {
        let recording = self.0.lock().unwrap();
        let mut tree = String::new();
        recording.write_children(None, 0, &mut tree);
        tree.replace(&format!("server.port={}", server.port()), "server.port={port}")
    }

    /// Returns method and URL template of each attempt, in order.
    fn attempts(&self) -> Vec<String> {
        let recording = self.0.lock().unwrap();
        let attempts =
            recording.spans.iter().filter(|span| span.is_from_this_crate() && span.metadata.name() == "attempt");
        attempts.map(|span| span.fields.0["otel.name"].clone()).collect()
    }

    /// Returns all spans and events, including those of other crates.
    fn everything(&self) -> String {
        let recording = self.0.lock().unwrap();
        recording
            .spans
            .iter()
            .chain(&recording.events)
            .map(|entry| format!("{:?} {:?}\n", entry.metadata, entry.fields.0))
            .collect()
    }
}

impl Recording {
    fn write_children(&self, parent: Option<usize>, depth: usize, tree: &mut String) {
        for event in
            self.events.iter().filter(|event| event.is_from_this_crate() && event.parent == parent && parent.is_some())
        {
            write_line(depth, event.metadata.level().as_str(), event, tree);
        }
        for (index, span) in
            self.spans.iter().enumerate().filter(|(_, span)| span.is_from_this_crate() && span.parent == parent)
        {
            write_line(depth, span.metadata.name(), span, tree);
            self.write_children(Some(index), depth + 1, tree);
        }
    }
}

fn write_line(depth: usize, name: &str, entry: &Entry, tree: &mut String) {
    let fields: Vec<_> = entry.fields.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
    writeln!(tree, "{:indent$}{name}: {}", "", fields.join(", "), indent = 2 * depth).unwrap();
}

#[tokio::test]
async fn call_with_one_attempt() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).json_body(json!({}))).await;
    let recorder = Recorder::start();
    builder(server.base_url()).build().unwrap().user(ada()).get_presence().send().await.unwrap();
    insta::assert_snapshot!(recorder.tree(&server));
}

#[tokio::test]
async fn attempts_and_waits_of_a_retried_call() {
    let server = MockServer::start_async().await;
    let throttled = HttpMockResponse::builder().status(429).header("retry-after", "7").build();
    in_turn(&server, vec![status(503), throttled, status(200)]).await;
    let recorder = Recorder::start();
    builder(server.base_url()).build().unwrap().me().clear_presence().send().await.unwrap();
    insta::assert_snapshot!(recorder.tree(&server));
}

#[tokio::test]
async fn rejected_token_is_followed_by_another_attempt() {
    let server = MockServer::start_async().await;
    in_turn(&server, vec![status(401), status(403)]).await;
    let calls = Arc::new(Mutex::new(0));
    let tokens = token_fn(move || {
        *calls.lock().unwrap() += 1;
        std::future::ready(Ok(graph_presence::AccessToken::new(calls.lock().unwrap().to_string())))
    });
    let client = graph_presence::Client::builder(tokens).base_url(server.base_url()).build().unwrap();
    let recorder = Recorder::start();
    client.me().clear_preferred_presence().send().await.unwrap_err();
    insta::assert_snapshot!(recorder.tree(&server));
}

#[tokio::test]
async fn errors_of_calls() {
    let server = MockServer::start_async().await;
    let recorder = Recorder::start();
    let client = || builder(server.base_url()).retry(graph_presence::RetryPolicy::none());

    in_turn(&server, vec![status(404), status(503), status(200)]).await;
    let client_of_server = client().build().unwrap();
    client_of_server.communications(ada()).clear_presence().send().await.unwrap_err();
    client_of_server.me().clear_presence().send().await.unwrap_err();
    client_of_server.me().get_presence().send().await.unwrap_err();

    let unreachable = client().base_url("http://127.0.0.1:1").build().unwrap();
    unreachable.me().get_presence().send().await.unwrap_err();
    let china = client().cloud(graph_presence::Cloud::China).build().unwrap();
    china.me().get_presence().send().await.unwrap_err();
    let signed_out = graph_presence::Client::builder(token_fn(async || Err("signed out".into())));
    signed_out.base_url(server.base_url()).build().unwrap().me().get_presence().send().await.unwrap_err();
    insta::assert_snapshot!(recorder.tree(&server));
}

#[tokio::test]
async fn wait_for_the_quota() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(204)).await;
    let client = builder(server.base_url()).quota(Quota::new(2, Duration::from_secs(30)).unwrap()).build().unwrap();
    client.me().clear_presence().send().await.unwrap();
    let recorder = Recorder::start();
    client.me().clear_presence().send().await.unwrap();
    insta::assert_snapshot!(recorder.tree(&server));
}

#[tokio::test]
async fn call_is_a_child_of_the_current_span() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(204)).await;
    let client = builder(server.base_url()).build().unwrap();
    let recorder = Recorder::start();
    let outer = tracing::info_span!(target: "program", "outer");
    tracing::Instrument::instrument(client.me().clear_presence().send(), outer).await.unwrap();
    let recording = recorder.0.lock().unwrap();
    let parents: Vec<_> = recording
        .spans
        .iter()
        .filter(|span| span.is_from_this_crate())
        .map(|span| (span.metadata.name(), recording.spans[span.parent.unwrap()].metadata.name()))
        .collect();
    assert_eq!(parents, [("call", "outer"), ("attempt", "call")]);
}

#[tokio::test]
async fn url_template_is_the_path_without_ids() {
    for version in [ApiVersion::V1, ApiVersion::Beta] {
        let server = RecordingServer::start().await;
        let client = server.client(version);
        let recorder = Recorder::start();
        let mut all = operations::of_client(&client);
        for user in [client.me(), client.user(ada()), client.communications(ada())] {
            all.extend(operations::of_user(&user));
        }
        let count = all.len();
        for (_, call) in all {
            // Not every operation can decode the response of the server.
            let _: Result<(), Error> = call.await;
        }
        let lines = server.lines().replace(&format!("/users/{ADA}"), "/users/{user-id}");
        let lines = lines.replace(&format!("/presences/{ADA}"), "/presences/{presence-id}");
        let lines = lines.replace("/s-1", "/{subscription-id}");
        let sent: Vec<_> = lines.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(recorder.attempts(), sent);
        assert_eq!(sent.len(), count);
    }
}

#[tokio::test]
async fn spans_and_events_are_redacted() {
    const TEXT: &str = "Interview at Contoso";
    let server = MockServer::start_async().await;
    let error = json!({"error": {"code": "Forbidden", "message": format!("{ADA} cannot set {TEXT}")}}).to_string();
    let error_response = |code| HttpMockResponse::builder().status(code).body(error.clone()).build();
    let presence = json!({"id": ADA, "statusMessage": {"message": {"content": TEXT}}}).to_string();
    let presence_response = HttpMockResponse::builder().status(200).body(presence).build();
    let invalid_response = HttpMockResponse::builder().status(200).body(format!("[\"{TEXT}\"")).build();
    in_turn(&server, vec![error_response(503), error_response(403), presence_response, invalid_response]).await;
    let client = builder(server.base_url()).build().unwrap();
    let recorder = Recorder::start();
    client.user(ada()).set_status_message(StatusMessage::text(TEXT).unwrap()).send().await.unwrap_err();
    client.user(ada()).get_presence().send().await.unwrap();
    client.user(ada()).get_presence().send().await.unwrap_err();
    client.user(ada()).clear_presence().send().await.unwrap();
    client.subscriptions().get("5f1c").await.unwrap_err();
    let everything = recorder.everything();
    assert!(everything.contains("url.template"), "{everything}");
    for secret in [TOKEN, ADA, APPLICATION, TEXT, "5f1c", "Forbidden"] {
        assert!(!everything.contains(secret), "{secret} is in {everything}");
    }
}
