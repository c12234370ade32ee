//! Sends requests with the raw client. Apart from `operation`, which uses its table, no other module depends on the raw
//! client.

mod exchange;
mod response;
#[cfg(feature = "serde")]
mod serde_impls;
mod subscriptions;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use graph_presence_raw as raw;
use raw::{UserPath, types};
use serde_json::error::Category;

use crate::binding::UserBinding;
use crate::error::{Error, ResponseDetails, Result};
use crate::id::{SessionId, UserId};
use crate::iso8601;
use crate::operation::Operation;
use crate::preferred::PreferredState;
use crate::presence::Presence;
use crate::retry::RetryPolicy;
use crate::session::{Expiration, SessionState};
use crate::status_message::StatusMessage;
use crate::telemetry;
use crate::workplace::Workplace;

use self::exchange::Exchange;
pub(crate) use self::exchange::Shared;
use self::wire::{FromWire, ToWire};

/// Returns the path of a user. `id` is the id of `user` as text.
fn path<'a>(user: &UserBinding, id: &'a str) -> UserPath<'a> {
    match user {
        UserBinding::Me => UserPath::Me,
        UserBinding::User(_) => UserPath::User(id),
        UserBinding::Communications(_) => UserPath::Communications(id),
    }
}

type RawError = raw::Error<types::MicrosoftGraphODataErrorsODataError>;
type RawResult<T> = std::result::Result<raw::ResponseValue<T>, RawError>;

/// Sends calls to one base URL.
#[derive(Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    base: String,
    server: Arc<telemetry::Server>,
    retry: RetryPolicy,
    shared: Arc<Shared>,
}

impl Transport {
    pub(crate) fn new(base: String, timeout: Duration, retry: RetryPolicy, shared: Shared) -> Result<Self> {
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("graph-presence/", env!("CARGO_PKG_VERSION")))
            // A redirect would send the token to another host.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout);
        if base.starts_with("http:") {
            // `http` is for loopback only: such a request must not go through a proxy in clear text.
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| Error::builder(error.into()))?;
        let server = Arc::new(telemetry::Server::new(&base));
        Ok(Self { http, base, server, retry, shared: Arc::new(shared) })
    }

    /// Returns a transport that sends each request once, for callers that retry themselves.
    pub(crate) fn without_retries(&self) -> Self {
        Self { retry: self.retry.max_attempts(1), ..self.clone() }
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.retry
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) async fn get_presence(&self, user: &UserBinding) -> Result<Presence> {
        let call = self.call(Operation::get_presence(user.kind()));
        let id = user.id_text();
        match path(user, &id) {
            UserPath::Me => {
                let response = call.client.me_get_presence(None).await;
                call.presence(call.finish(response)?)
            }
            UserPath::User(id) => {
                let response = call.client.users_get_presence(id, None).await;
                call.presence(call.finish(response)?)
            }
            UserPath::Communications(id) => {
                let response = call.client.communications_get_presences(id, None).await;
                call.single_presence(call.finish(response)?)
            }
        }
    }

    pub(crate) async fn get_presences(&self, ids: &[UserId]) -> Result<Vec<Presence>> {
        let body = types::GetPresencesByUserIdRequest { ids: ids.iter().map(UserId::to_string).collect() };
        let call = self.call(Operation::GetPresencesByUserId);
        let response = call.client.communications_get_presences_by_user_id(&body).await;
        Ok(call.finish(response)?.value.into_iter().map(Presence::from_wire).collect())
    }

    pub(crate) async fn set_presence(
        &self,
        user: &UserBinding,
        session: &SessionId,
        state: SessionState,
        expiration: Option<Expiration>,
    ) -> Result<()> {
        let body = types::SetPresenceRequest {
            session_id: session.to_string(),
            availability: state.availability().to_string(),
            activity: state.activity().to_string(),
            expiration_duration: expiration.map(|expiration| expiration.to_string()),
        };
        let call = self.call(Operation::set_presence(user.kind()));
        let id = user.id_text();
        call.finish(call.client.set_presence(path(user, &id), &body).await)
    }

    pub(crate) async fn clear_presence(&self, user: &UserBinding, session: &SessionId) -> Result<()> {
        let body = types::ClearPresenceRequest { session_id: session.to_string() };
        let call = self.call(Operation::clear_presence(user.kind()));
        let id = user.id_text();
        call.finish(call.client.clear_presence(path(user, &id), &body).await)
    }

    pub(crate) async fn set_preferred_presence(
        &self,
        user: &UserBinding,
        state: PreferredState,
        expires_after: Option<Duration>,
    ) -> Result<()> {
        let body = types::SetUserPreferredPresenceRequest {
            availability: state.availability().to_string(),
            activity: state.activity().to_string(),
            expiration_duration: expires_after.map(iso8601::format),
        };
        let call = self.call(Operation::set_user_preferred_presence(user.kind()));
        let id = user.id_text();
        call.finish(call.client.set_user_preferred_presence(path(user, &id), &body).await)
    }

    pub(crate) async fn clear_preferred_presence(&self, user: &UserBinding) -> Result<()> {
        let call = self.call(Operation::clear_user_preferred_presence(user.kind()));
        let id = user.id_text();
        call.finish(call.client.clear_user_preferred_presence(path(user, &id)).await)
    }

    pub(crate) async fn set_status_message(&self, user: &UserBinding, message: &StatusMessage) -> Result<()> {
        // The service sets the time of publication.
        let status_message =
            types::MicrosoftGraphPresenceStatusMessage { published_date_time: None, ..message.to_wire() };
        let body = types::SetStatusMessageRequest { status_message };
        let call = self.call(Operation::set_status_message(user.kind()));
        let id = user.id_text();
        call.finish(call.client.set_status_message(path(user, &id), &body).await)
    }

    pub(crate) async fn set_manual_location(&self, user: &UserBinding, workplace: &Workplace) -> Result<()> {
        let call = self.call(Operation::set_manual_location(user.kind()));
        let id = user.id_text();
        call.finish(call.client.set_manual_location(path(user, &id), &workplace.to_wire()).await)
    }

    pub(crate) async fn set_automatic_location(&self, user: &UserBinding, workplace: &Workplace) -> Result<()> {
        let call = self.call(Operation::set_automatic_location(user.kind()));
        let id = user.id_text();
        call.finish(call.client.set_automatic_location(path(user, &id), &workplace.to_wire()).await)
    }

    pub(crate) async fn clear_automatic_location(&self, user: &UserBinding) -> Result<()> {
        let call = self.call(Operation::clear_automatic_location(user.kind()));
        let id = user.id_text();
        call.finish(call.client.clear_automatic_location(path(user, &id)).await)
    }

    pub(crate) async fn clear_location(&self, user: &UserBinding) -> Result<()> {
        let call = self.call(Operation::clear_location(user.kind()));
        let id = user.id_text();
        call.finish(call.client.clear_location(path(user, &id)).await)
    }

    /// Starts a call.
    fn call(&self, operation: Operation) -> Call {
        let span = telemetry::Call::new(&self.server, operation);
        let exchange = Arc::new(Exchange::new(self.shared.clone(), self.retry, operation, span));
        let inner = raw::Inner::new(exchange.clone());
        let client = raw::Client::new_with_client(&self.base, self.http.clone(), inner);
        Call { client, exchange, operation }
    }
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Transport").field("base", &self.base).finish_non_exhaustive()
    }
}

/// One call of an operation.
struct Call {
    client: raw::Client,
    exchange: Arc<Exchange>,
    operation: Operation,
}

impl Call {
    /// Returns the decoded response, or the error of the call.
    fn finish<T>(&self, response: RawResult<T>) -> Result<T> {
        if let Some(error) = self.exchange.take_error() {
            return Err(self.fail(error));
        }
        response.map(raw::ResponseValue::into_inner).map_err(|error| match error {
            raw::Error::InvalidResponsePayload(_, error) => self.json_error(&error),
            _ => self.decode_error("unexpected response".to_owned()),
        })
    }

    /// Sends a request for which the raw client does not have a method, and decodes the response.
    async fn send<T: serde::de::DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T> {
        let (http, request) = request.build_split();
        let result = match request {
            Ok(request) => self.exchange.execute(&http, request).await,
            Err(error) => Err(Error::connection(error.without_url().into())),
        };
        let response = result.map_err(|error| self.fail(error))?;
        serde_json::from_slice(response.body()).map_err(|error| self.json_error(&error))
    }

    /// Returns the presence of a response of `/communications/presences/{id}`, which is a presence or a collection that
    /// contains one presence.
    fn single_presence(&self, response: types::PresenceOrCollection) -> Result<Presence> {
        match response {
            types::PresenceOrCollection::Presence(presence) => self.presence(presence),
            types::PresenceOrCollection::Collection(collection) => {
                let count = collection.value.len();
                let [presence] = <[_; 1]>::try_from(collection.value)
                    .map_err(|_| self.decode_error(format!("expected 1 presence, got {count}")))?;
                self.presence(presence)
            }
        }
    }

    /// Returns the presence of a response. Every property of a presence is optional, so that any object can be decoded
    /// as a presence, even an error. An object that has only unknown properties is rejected.
    fn presence(&self, response: types::MicrosoftGraphPresence) -> Result<Presence> {
        let has_no_state = response.id.is_none() && response.availability.is_none() && response.activity.is_none();
        let presence = Presence::from_wire(response);
        if has_no_state && !presence.extra.is_empty() {
            return Err(self.decode_error("expected a presence, got another object".to_owned()));
        }
        Ok(presence)
    }

    /// Creates the error of a body that is not the expected JSON. The parser's own message is left out, because it
    /// repeats the value, which may identify a user.
    fn json_error(&self, error: &serde_json::Error) -> Error {
        let problem = match error.classify() {
            Category::Data => "unexpected value",
            Category::Syntax | Category::Io => "invalid JSON",
            Category::Eof => "unexpected end of JSON",
        };
        self.decode_error(format!("{problem} at line {}, column {}", error.line(), error.column()))
    }

    fn decode_error(&self, reason: String) -> Error {
        let details = ResponseDetails { status: self.exchange.status(), ..ResponseDetails::default() };
        self.fail(Error::decode(reason.into()).with_response(details))
    }

    /// Records the error in the call's span, and adds the operation to it.
    fn fail(&self, error: Error) -> Error {
        self.exchange.span.record_error(&error);
        error.with_operation(self.operation)
    }
}
