//! The facade's calls for the operations that a page documents.

use graph_presence::bytes::Bytes;
use graph_presence::http::{Request, Response};
use graph_presence::subscription::NewSubscription;
use graph_presence::{
    AccessToken, Client, ClientBuilder, Error, HttpClient, HttpFuture, PreferredState, SessionId, SessionState,
    StatusMessage, UserId, Workplace,
};
use graph_presence_conformance::{Operations, Recording};
use graph_presence_raw::operation::{Action, Binding};

use crate::call::raw_operation;

/// The application (client) id of the session.
pub(super) const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
/// The user whose presence is read and set.
pub(super) const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";

/// Returns the operations that a page documents: those of its request templates, and the creation of a subscription if
/// the page lists resources for subscriptions. The check `paths` reports templates that are not in the spec.
pub(super) fn operations(recording: &Recording) -> Vec<String> {
    let operations = Operations::built_in().unwrap();
    let facts = &recording.facts;
    let paths = facts.paths.iter().filter_map(|template| operation(&operations, template));
    let subscriptions = (!facts.subscriptions.is_empty()).then(|| "POST /subscriptions".to_owned());
    paths.chain(subscriptions).collect()
}

/// Returns the operation of the spec for a request template.
pub(super) fn operation(operations: &Operations, template: &str) -> Option<String> {
    let (method, path) = template.split_once(' ')?;
    operations.find(method, path).map(str::to_owned)
}

/// Makes the facade's call for an operation.
pub(super) async fn send(client: &Client, operation: &str) -> Result<(), Error> {
    let ada = UserId::parse(ADA)?;
    let operation = raw_operation(operation).unwrap();
    let user = match operation.binding() {
        Some(Binding::User) => client.user(ada),
        Some(Binding::Communications) => client.communications(ada),
        Some(Binding::Me) | None => client.me(),
    };
    match operation.action() {
        Action::GetPresence => user.get_presence().await.map(drop),
        Action::GetPresencesByUserId => client.presences([ada]).await?.complete().map(drop),
        Action::SetPresence => user.set_presence(SessionState::Available).await,
        Action::ClearPresence => user.clear_presence().await,
        Action::SetUserPreferredPresence => user.set_preferred_presence(PreferredState::Busy).await,
        Action::ClearUserPreferredPresence => user.clear_preferred_presence().await,
        Action::SetStatusMessage => user.set_status_message(StatusMessage::text("Back at five")?).await,
        Action::SetManualLocation => user.set_manual_location(Workplace::REMOTE).await,
        Action::SetAutomaticLocation => user.set_automatic_location(Workplace::REMOTE).await,
        Action::ClearAutomaticLocation => user.clear_automatic_location().await,
        Action::ClearLocation => user.clear_location().await,
        Action::CreateSubscription => {
            let subscription = NewSubscription::new([ada], "https://example.com/notifications")?;
            client.subscriptions().create(subscription).await.map(drop)
        }
        Action::ListSubscriptions
        | Action::GetSubscription
        | Action::UpdateSubscription
        | Action::DeleteSubscription
        | Action::ReauthorizeSubscription => panic!("operation without recorded facts: {}", operation.name()),
    }
}

/// An HTTP client that returns this status for every request.
pub(super) struct FixedStatus(pub(super) u16);

impl HttpClient for FixedStatus {
    fn send(&self, _: Request<Bytes>) -> HttpFuture<'_> {
        let response = Response::builder().status(self.0).body(Bytes::new());
        Box::pin(async { Ok(response?) })
    }
}

/// Returns a builder whose client can make every call.
pub(super) fn client(token: &str) -> ClientBuilder {
    Client::builder(AccessToken::new(token)).session_id(SessionId::parse(APPLICATION).unwrap())
}
