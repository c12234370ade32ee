//! A webhook endpoint that receives notifications.

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
    received: mpsc::UnboundedReceiver<Value>,
    behavior: Arc<Behavior>,
}

struct Behavior {
    notifications: mpsc::UnboundedSender<Value>,
    /// The statuses of the next responses to notifications; 202 afterwards.
    statuses: Mutex<VecDeque<u16>>,
    /// Status, content type and body of the response to validation, instead of the token.
    validation: Mutex<Option<(u16, &'static str, &'static str)>>,
    /// The query strings of the validation requests.
    validations: Mutex<Vec<String>>,
}

impl Endpoint {
    pub(crate) async fn start() -> Self {
        let (behavior, received) = behavior();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = router(&behavior);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, received, behavior }
    }

    /// Starts an HTTPS endpoint with this certificate.
    #[cfg(all(feature = "https", feature = "rich"))]
    pub(crate) async fn secure(certificate: &rcgen::Certificate, key: &rcgen::KeyPair) -> Self {
        let (behavior, received) = behavior();
        let listener = tls::TlsListener::new(certificate, key).await;
        let url = format!("https://{}/hook", axum::serve::Listener::local_addr(&listener).unwrap());
        let router = router(&behavior);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, received, behavior }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn respond_with(&self, statuses: &[u16]) {
        self.behavior.statuses.lock().unwrap().extend(statuses);
    }

    pub(crate) fn respond_to_validation_with(&self, status: u16, kind: &'static str, text: &'static str) {
        *self.behavior.validation.lock().unwrap() = Some((status, kind, text));
    }

    /// Returns the query strings of the validation requests.
    pub(crate) fn validations(&self) -> Vec<String> {
        self.behavior.validations.lock().unwrap().clone()
    }

    /// Returns `true` if all received notifications have been read.
    pub(crate) fn is_drained(&self) -> bool {
        self.received.is_empty()
    }

    /// Returns the next notification.
    pub(crate) async fn next(&mut self) -> Value {
        let mut body = self.next_body().await;
        assert_eq!(body["value"].as_array().map(Vec::len), Some(1), "{body}");
        body["value"][0].take()
    }

    /// Returns the body with the next notification.
    pub(crate) async fn next_body(&mut self) -> Value {
        // A missing notification fails the test instead of blocking it.
        let next = tokio::time::timeout(Duration::from_secs(60), self.received.recv()).await;
        next.unwrap().unwrap()
    }
}

fn behavior() -> (Arc<Behavior>, mpsc::UnboundedReceiver<Value>) {
    let (notifications, received) = mpsc::unbounded_channel();
    let (statuses, validation, validations) = Default::default();
    (Arc::new(Behavior { notifications, statuses, validation, validations }), received)
}

fn router(behavior: &Arc<Behavior>) -> Router {
    Router::new().route("/{name}", post(receive)).with_state(Arc::clone(behavior))
}

async fn receive(
    State(behavior): State<Arc<Behavior>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let query = query.unwrap_or_default();
    if let Some((_, token)) = query.split_once("validationToken=") {
        behavior.validations.lock().unwrap().push(query.clone());
        let token = token.replace('+', " ").replace("%3A", ":");
        let configured = *behavior.validation.lock().unwrap();
        return match configured {
            Some((status, kind, text)) => {
                let text = text.replace("TOKEN", &token);
                (StatusCode::from_u16(status).unwrap(), [("content-type", kind)], text).into_response()
            }
            None => ([("content-type", "text/plain")], token).into_response(),
        };
    }
    assert!(headers["content-type"].to_str().unwrap().starts_with("application/json"));
    behavior.notifications.send(serde_json::from_slice(&body).unwrap()).unwrap();
    let status = behavior.statuses.lock().unwrap().pop_front().unwrap_or(202);
    StatusCode::from_u16(status).unwrap().into_response()
}
