//! Compares the resources that can be subscribed to with the facade's subscriptions.

use std::sync::{Arc, Mutex};

use graph_presence::bytes::Bytes;
use graph_presence::http::{Request, Response};
use graph_presence::subscription::NewSubscription;
use graph_presence::{HttpClient, HttpFuture, UserId};
use graph_presence_conformance::Recording;
use serde_json::Value;

use super::calls::{self, ADA};
use super::symmetric_difference;
use crate::check::Check;

const BOB: &str = "66825e03-7ef5-42da-9069-724602c31f6b";

#[tokio::test]
async fn facade_subscribes_to_the_resources_of_the_pages() {
    super::run(Check::Subscriptions, compare).await;
}

async fn compare(recording: &Recording) -> Vec<String> {
    let page = recording.facts.subscriptions.iter();
    let mut page: Vec<_> = page.map(|row| normalized(&row.resource, &row.change_types)).collect();
    let mut facade = vec![requested(&[ADA]).await, requested(&[ADA, BOB]).await];
    page.sort();
    facade.sort();
    symmetric_difference(&page, &facade, "facade")
}

/// Returns the resource and the change types that the facade requests when it subscribes to these users.
async fn requested(users: &[&str]) -> String {
    let sent = Arc::new(Mutex::new(Value::Null));
    let client = calls::client("token").http_client(RecordingClient(sent.clone())).build().unwrap();
    let ids = users.iter().map(|id| UserId::parse(id).unwrap());
    let subscription = NewSubscription::new(ids, "https://example.com/notifications").unwrap();
    client.subscriptions().create(subscription).await.unwrap_err();
    let sent = sent.lock().unwrap();
    let text = |name: &str| sent.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let resource = users.iter().fold(text("resource"), |resource, id| resource.replace(id, "{id}"));
    normalized(&resource, &text("changeType"))
}

/// Formats a resource and its change types, without spaces between ids and without the `...` after them.
fn normalized(resource: &str, change_types: &str) -> String {
    let resource = resource.replace(", ...", "").replace("', '", "','");
    format!("{} of {}", change_types.to_lowercase(), resource.trim_start_matches('/'))
}

/// An HTTP client that stores the request body and returns 403.
struct RecordingClient(Arc<Mutex<Value>>);

impl HttpClient for RecordingClient {
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
        *self.0.lock().unwrap() = serde_json::from_slice(request.body()).unwrap();
        let response = Response::builder().status(403).body(Bytes::new());
        Box::pin(async { Ok(response?) })
    }
}
