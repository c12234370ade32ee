//! The resources that can be subscribed to against what the facade asks for.

use std::sync::{Arc, Mutex};

use graph_presence::bytes::Bytes;
use graph_presence::http::{Request, Response};
use graph_presence::subscription::NewSubscription;
use graph_presence::{HttpClient, HttpFuture, UserId};
use graph_presence_conformance::Recording;
use serde_json::Value;

use super::calls::{self, ADA};
use super::one_sided;
use crate::differences::Check;

const BOB: &str = "66825e03-7ef5-42da-9069-724602c31f6b";

#[tokio::test]
async fn the_facade_subscribes_to_what_the_pages_say() {
    super::hold(Check::Subscriptions, compare).await;
}

async fn compare(recording: &Recording) -> Vec<String> {
    let stated = recording.facts.subscriptions.iter();
    let mut stated: Vec<_> = stated.map(|one| described(&one.resource, &one.changes)).collect();
    let mut asked = vec![asked_for(&[ADA]).await, asked_for(&[ADA, BOB]).await];
    stated.sort();
    asked.sort();
    one_sided(&stated, &asked, "the facade")
}

/// What the facade asks for when it subscribes to people.
async fn asked_for(people: &[&str]) -> String {
    let sent = Arc::new(Mutex::new(Value::Null));
    let client = calls::client("token").http_client(Noting(sent.clone())).build().unwrap();
    let ids = people.iter().map(|id| UserId::parse(id).unwrap());
    let wanted = NewSubscription::new(ids, "https://example.com/notifications").unwrap();
    client.subscriptions().create(wanted).await.unwrap_err();
    let sent = sent.lock().unwrap();
    let text = |name: &str| sent.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let resource = people.iter().fold(text("resource"), |resource, id| resource.replace(id, "{id}"));
    described(&resource, &text("changeType"))
}

/// Resource and change, without what pages are free in: spaces, and how they say that a list may go on.
fn described(resource: &str, changes: &str) -> String {
    let resource = resource.replace(", ...", "").replace("', '", "','");
    format!("{} of {}", changes.to_lowercase(), resource.trim_start_matches('/'))
}

/// Notes what is sent, and refuses it.
struct Noting(Arc<Mutex<Value>>);

impl HttpClient for Noting {
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
        *self.0.lock().unwrap() = serde_json::from_slice(request.body()).unwrap();
        let answer = Response::builder().status(403).body(Bytes::new());
        Box::pin(async { Ok(answer?) })
    }
}
