//! What is told of calls by spans and events, and what is not.

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

use crate::calls;
use crate::server::{ADA, APPLICATION, TOKEN, ada, always, builder, in_turn, status};
use crate::wire::Wire;

/// Keeps all that is told on this thread, by whomever.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Told>>);

thread_local! {
    static HERE: RefCell<Option<Recorder>> = const { RefCell::new(None) };
}

/// Tells each thread's recorder, where there is one. A subscriber for each thread would miss spans: while there is only
/// one, a thread without it may decide for all that a span interests nobody.
struct Router;

#[derive(Default)]
struct Told {
    spans: Vec<Entry>,
    events: Vec<Entry>,
    /// The numbers of the spans that are entered.
    within: Vec<usize>,
}

struct Entry {
    what: &'static Metadata<'static>,
    parent: Option<usize>,
    fields: Fields,
}

impl Entry {
    fn own(&self) -> bool {
        self.what.target().starts_with("graph_presence")
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

fn number(id: &Id) -> usize {
    usize::try_from(id.into_u64()).unwrap() - 1
}

impl Subscriber for Router {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let number = here(|told| {
            let parent = attributes.parent().map(number).or(told.within.last().copied());
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            told.spans.push(Entry { what: attributes.metadata(), parent, fields });
            told.spans.len() as u64
        });
        Id::from_u64(number.unwrap_or(u64::MAX))
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        here(|told| told.spans.get_mut(number(span)).map(|span| values.record(&mut span.fields)));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        here(|told| {
            let parent = told.within.last().copied();
            let mut fields = Fields::default();
            event.record(&mut fields);
            told.events.push(Entry { what: event.metadata(), parent, fields });
        });
    }

    fn enter(&self, span: &Id) {
        here(|told| told.within.push(number(span)));
    }

    fn exit(&self, _: &Id) {
        here(|told| told.within.pop());
    }

    fn current_span(&self) -> Current {
        let current = here(|told| {
            let within = *told.within.last()?;
            Some(Current::new(Id::from_u64(within as u64 + 1), told.spans.get(within)?.what))
        });
        current.flatten().unwrap_or_else(Current::none)
    }
}

fn here<T>(tell: impl FnOnce(&mut Told) -> T) -> Option<T> {
    HERE.with_borrow(|recorder| recorder.as_ref().map(|recorder| tell(&mut recorder.0.lock().unwrap())))
}

impl Recorder {
    /// Records this thread from now on.
    fn start() -> Self {
        static ROUTER: Once = Once::new();
        ROUTER.call_once(|| tracing::subscriber::set_global_default(Router).unwrap());
        let recorder = Self::default();
        HERE.set(Some(recorder.clone()));
        recorder
    }

    /// The crate's own spans and events: a line for each, below the span that it belongs to.
    fn story(&self, server: &MockServer) -> String {
        let told = self.0.lock().unwrap();
        let mut story = String::new();
        told.below(None, 0, &mut story);
        story.replace(&format!("server.port={}", server.port()), "server.port={port}")
    }

    /// Method and template of each attempt, in order.
    fn attempts(&self) -> Vec<String> {
        let told = self.0.lock().unwrap();
        let attempts = told.spans.iter().filter(|span| span.own() && span.what.name() == "attempt");
        attempts.map(|span| span.fields.0["otel.name"].clone()).collect()
    }

    /// Everything that anybody told, in one text.
    fn everything(&self) -> String {
        let told = self.0.lock().unwrap();
        told.spans.iter().chain(&told.events).map(|entry| format!("{:?} {:?}\n", entry.what, entry.fields.0)).collect()
    }
}

impl Told {
    fn below(&self, parent: Option<usize>, depth: usize, story: &mut String) {
        for event in self.events.iter().filter(|event| event.own() && event.parent == parent && parent.is_some()) {
            line(depth, event.what.level().as_str(), event, story);
        }
        for (number, span) in self.spans.iter().enumerate().filter(|(_, span)| span.own() && span.parent == parent) {
            line(depth, span.what.name(), span, story);
            self.below(Some(number), depth + 1, story);
        }
    }
}

fn line(depth: usize, name: &str, entry: &Entry, story: &mut String) {
    let fields: Vec<_> = entry.fields.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
    writeln!(story, "{:indent$}{name}: {}", "", fields.join(", "), indent = 2 * depth).unwrap();
}

#[tokio::test]
async fn a_call_and_its_attempt() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).json_body(json!({}))).await;
    let recorder = Recorder::start();
    builder(server.base_url()).build().unwrap().user(ada()).get_presence().send().await.unwrap();
    insta::assert_snapshot!(recorder.story(&server));
}

#[tokio::test]
async fn every_attempt_and_every_wait_until_it_passes() {
    let server = MockServer::start_async().await;
    let throttled = HttpMockResponse::builder().status(429).header("retry-after", "7").build();
    in_turn(&server, vec![status(503), throttled, status(200)]).await;
    let recorder = Recorder::start();
    builder(server.base_url()).build().unwrap().me().clear_presence().send().await.unwrap();
    insta::assert_snapshot!(recorder.story(&server));
}

#[tokio::test]
async fn a_refused_token_is_followed_by_another_attempt() {
    let server = MockServer::start_async().await;
    in_turn(&server, vec![status(401), status(403)]).await;
    let asked = Arc::new(Mutex::new(0));
    let tokens = token_fn(move || {
        *asked.lock().unwrap() += 1;
        std::future::ready(Ok(graph_presence::AccessToken::new(asked.lock().unwrap().to_string())))
    });
    let client = graph_presence::Client::builder(tokens).base_url(server.base_url()).build().unwrap();
    let recorder = Recorder::start();
    client.me().clear_preferred_presence().send().await.unwrap_err();
    insta::assert_snapshot!(recorder.story(&server));
}

#[tokio::test]
async fn how_a_call_can_fail() {
    let server = MockServer::start_async().await;
    let recorder = Recorder::start();
    let client = || builder(server.base_url()).retry(graph_presence::RetryPolicy::none());

    in_turn(&server, vec![status(404), status(503), status(200)]).await;
    let refused = client().build().unwrap();
    refused.communications(ada()).clear_presence().send().await.unwrap_err();
    refused.me().clear_presence().send().await.unwrap_err();
    refused.me().get_presence().send().await.unwrap_err();

    let nowhere = client().base_url("http://127.0.0.1:1").build().unwrap();
    nowhere.me().get_presence().send().await.unwrap_err();
    let china = client().cloud(graph_presence::Cloud::China).build().unwrap();
    china.me().get_presence().send().await.unwrap_err();
    let signed_out = graph_presence::Client::builder(token_fn(async || Err("signed out".into())));
    signed_out.base_url(server.base_url()).build().unwrap().me().get_presence().send().await.unwrap_err();
    insta::assert_snapshot!(recorder.story(&server));
}

#[tokio::test]
async fn a_wait_for_the_quota() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(204)).await;
    let client = builder(server.base_url()).quota(Quota::new(2, Duration::from_secs(30)).unwrap()).build().unwrap();
    client.me().clear_presence().send().await.unwrap();
    let recorder = Recorder::start();
    client.me().clear_presence().send().await.unwrap();
    insta::assert_snapshot!(recorder.story(&server));
}

#[tokio::test]
async fn a_call_belongs_to_what_surrounds_it() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(204)).await;
    let client = builder(server.base_url()).build().unwrap();
    let recorder = Recorder::start();
    let surrounding = tracing::info_span!(target: "program", "shift begins");
    tracing::Instrument::instrument(client.me().clear_presence().send(), surrounding).await.unwrap();
    let told = recorder.0.lock().unwrap();
    let parents: Vec<_> = told
        .spans
        .iter()
        .filter(|span| span.own())
        .map(|span| (span.what.name(), told.spans[span.parent.unwrap()].what.name()))
        .collect();
    assert_eq!(parents, [("call", "shift begins"), ("attempt", "call")]);
}

#[tokio::test]
async fn the_template_is_the_path_without_ids() {
    for version in [ApiVersion::V1, ApiVersion::Beta] {
        let wire = Wire::start().await;
        let client = wire.client(version);
        let recorder = Recorder::start();
        let mut all = calls::of_client(&client);
        for user in [client.me(), client.user(ada()), client.communications(ada())] {
            all.extend(calls::of_user(&user));
        }
        let count = all.len();
        for (_, call) in all {
            // Some cannot be read from the one answer that there is.
            let _: Result<(), Error> = call.await;
        }
        let lines = wire.lines().replace(&format!("/users/{ADA}"), "/users/{user-id}");
        let lines = lines.replace(&format!("/presences/{ADA}"), "/presences/{presence-id}");
        let lines = lines.replace("/s-1", "/{subscription-id}");
        let sent: Vec<_> = lines.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(recorder.attempts(), sent);
        assert_eq!(sent.len(), count);
    }
}

#[tokio::test]
async fn no_token_no_user_and_no_text_is_told() {
    const TEXT: &str = "Interview with Acme";
    let server = MockServer::start_async().await;
    let naming = json!({"error": {"code": "Forbidden", "message": format!("{ADA} may not say {TEXT}")}}).to_string();
    let told_off = |code| HttpMockResponse::builder().status(code).body(naming.clone()).build();
    let presence = json!({"id": ADA, "statusMessage": {"message": {"content": TEXT}}}).to_string();
    let answer = HttpMockResponse::builder().status(200).body(presence).build();
    let broken = HttpMockResponse::builder().status(200).body(format!("[\"{TEXT}\"")).build();
    in_turn(&server, vec![told_off(503), told_off(403), answer, broken]).await;
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
