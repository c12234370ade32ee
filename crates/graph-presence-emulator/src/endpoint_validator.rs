//! Validation of notification endpoints ("Webhook notificationUrl validation").

use tokio::sync::{mpsc, oneshot};
use url::Url;
use uuid::Uuid;

/// A request to validate an endpoint, with the channel for the outcome.
pub(crate) struct Validation {
    url: String,
    outcome: oneshot::Sender<bool>,
}

impl Validation {
    /// Validates the endpoint and reports the outcome.
    pub(crate) async fn run(self, client: &reqwest::Client) {
        // The receiver is dropped if the subscriber has disconnected.
        let _ = self.outcome.send(is_valid(client, &self.url).await);
    }
}

/// A handle to request validations from the task that sends notifications.
#[derive(Clone)]
pub(crate) struct EndpointValidator(mpsc::UnboundedSender<Validation>);

impl EndpointValidator {
    /// Creates a validator and the receiver of its requests.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Validation>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Returns `true` if the endpoint responds with the validation token that it receives.
    pub(crate) async fn validate(&self, url: String) -> bool {
        let (outcome, response) = oneshot::channel();
        self.0.send(Validation { url, outcome }).is_ok() && response.await.unwrap_or(false)
    }
}

/// Returns `true` if the endpoint responds with the validation token in plain text.
async fn is_valid(client: &reqwest::Client, url: &str) -> bool {
    let Ok(mut url) = Url::parse(url) else {
        return false;
    };
    let token = format!("Validation: {}", Uuid::new_v4());
    url.query_pairs_mut().append_pair("validationToken", &token);
    let Ok(response) = client.post(url).header("Content-Type", "text/plain; charset=utf-8").send().await else {
        return false;
    };
    let is_text = response
        .headers()
        .get("Content-Type")
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/plain"));
    response.status() == 200 && is_text && response.text().await.is_ok_and(|text| text == token)
}
