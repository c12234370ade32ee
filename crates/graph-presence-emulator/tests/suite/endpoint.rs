//! A program that is notified.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

#[cfg(all(feature = "https", feature = "rich"))]
mod tls;

pub(crate) struct Endpoint {
    url: String,
    said: mpsc::UnboundedReceiver<Value>,
    script: Arc<Script>,
}

struct Script {
    heard: mpsc::UnboundedSender<Value>,
    /// What the next notifications are answered; then 202.
    statuses: Mutex<VecDeque<u16>>,
    /// What validation is answered instead of the token.
    validation: Mutex<Option<(u16, &'static str, &'static str)>>,
    validated: Mutex<Vec<String>>,
}

impl Endpoint {
    pub(crate) async fn start() -> Self {
        let (script, said) = script();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = router(&script);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, said, script }
    }

    /// One that shows this certificate.
    #[cfg(all(feature = "https", feature = "rich"))]
    pub(crate) async fn secure(certificate: &rcgen::Certificate, key: &rcgen::KeyPair) -> Self {
        let (script, said) = script();
        let exchange = tls::Exchange::new(certificate, key).await;
        let url = format!("https://{}/hook", axum::serve::Listener::local_addr(&exchange).unwrap());
        let router = router(&script);
        tokio::spawn(async move { axum::serve(exchange, router).await });
        Self { url, said, script }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn answer(&self, statuses: &[u16]) {
        self.script.statuses.lock().unwrap().extend(statuses);
    }

    pub(crate) fn answer_validation(&self, status: u16, kind: &'static str, text: &'static str) {
        *self.script.validation.lock().unwrap() = Some((status, kind, text));
    }

    /// The queries with which it was asked to validate itself.
    pub(crate) fn validated(&self) -> Vec<String> {
        self.script.validated.lock().unwrap().clone()
    }

    /// Whether nothing came that was not read.
    pub(crate) fn is_silent(&self) -> bool {
        self.said.is_empty()
    }

    /// The next notification.
    pub(crate) async fn next(&mut self) -> Value {
        let mut body = self.next_body().await;
        assert_eq!(body["value"].as_array().map(Vec::len), Some(1), "{body}");
        body["value"][0].take()
    }

    /// The next notification with what is around it.
    pub(crate) async fn next_body(&mut self) -> Value {
        // Nothing in here depends on this: without it a notification that never comes would hang the suite.
        let next = tokio::time::timeout(Duration::from_secs(20), self.said.recv()).await;
        next.unwrap().unwrap()
    }
}

fn script() -> (Arc<Script>, mpsc::UnboundedReceiver<Value>) {
    let (heard, said) = mpsc::unbounded_channel();
    let (statuses, validation, validated) = Default::default();
    (Arc::new(Script { heard, statuses, validation, validated }), said)
}

fn router(script: &Arc<Script>) -> Router {
    Router::new().route("/{name}", post(receive)).with_state(Arc::clone(script))
}

async fn receive(
    State(script): State<Arc<Script>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let query = query.unwrap_or_default();
    if let Some((_, token)) = query.split_once("validationToken=") {
        script.validated.lock().unwrap().push(query.clone());
        let token = token.replace('+', " ").replace("%3A", ":");
        let said = *script.validation.lock().unwrap();
        return match said {
            Some((status, kind, text)) => {
                let text = text.replace("TOKEN", &token);
                (StatusCode::from_u16(status).unwrap(), [("content-type", kind)], text).into_response()
            }
            None => ([("content-type", "text/plain")], token).into_response(),
        };
    }
    assert!(headers["content-type"].to_str().unwrap().starts_with("application/json"));
    script.heard.send(serde_json::from_slice(&body).unwrap()).unwrap();
    let status = script.statuses.lock().unwrap().pop_front().unwrap_or(202);
    StatusCode::from_u16(status).unwrap().into_response()
}
