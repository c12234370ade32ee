//! The raw client underneath: the one module that names it.

mod exchange;
mod response;
#[cfg(feature = "serde")]
mod serialised;
mod subscriptions;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use graph_presence_raw as raw;
use raw::types;

use crate::binding::UserBinding;
use crate::error::{Error, ResponseDetails, Result};
use crate::id::{SessionId, UserId};
use crate::iso8601;
use crate::operation::{self, Operation};
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

/// Calls the one of three generated methods that is for the path.
macro_rules! on_path {
    ($client:expr, $path:expr, $(&$body:ident,)? $me:ident | $user:ident | $communications:ident) => {
        match $path {
            UserBinding::Me => $client.$me($(&$body)?).await,
            UserBinding::User(id) => $client.$user(&id.to_string() $(, &$body)?).await,
            UserBinding::Communications(id) => $client.$communications(&id.to_string() $(, &$body)?).await,
        }
    };
}

type RawError = raw::Error<types::MicrosoftGraphODataErrorsODataError>;
type RawResult<T> = std::result::Result<raw::ResponseValue<T>, RawError>;

/// Carries calls to one base URL.
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
            // A redirect would carry the token to another host.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout);
        if base.starts_with("http:") {
            // What is meant for this machine must not pass a proxy in clear text.
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| Error::builder(error.into()))?;
        let server = Arc::new(telemetry::Server::new(&base));
        Ok(Self { http, base, server, retry, shared: Arc::new(shared) })
    }

    /// The same, for callers that try again by themselves.
    pub(crate) fn trying_once(&self) -> Self {
        Self { retry: self.retry.max_attempts(1), ..self.clone() }
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.retry
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) async fn get(&self, path: &UserBinding) -> Result<Presence> {
        match path {
            UserBinding::Me => {
                let call = self.call_on(path, &operation::GET_OWN);
                let answer = call.client.me_get_presence(None).await;
                call.presence(call.finish(answer)?)
            }
            UserBinding::User(id) => {
                let call = self.call_on(path, &operation::GET);
                let answer = call.client.users_get_presence(&id.to_string(), None).await;
                call.presence(call.finish(answer)?)
            }
            UserBinding::Communications(id) => {
                let call = self.call_on(path, &operation::GET);
                let answer = call.client.communications_get_presences(&id.to_string(), None).await;
                match call.finish(answer)? {
                    types::PresenceOrCollection::Presence(presence) => call.presence(presence),
                    types::PresenceOrCollection::Collection(collection) => {
                        let count = collection.value.len();
                        let [presence] = <[_; 1]>::try_from(collection.value).map_err(|_| {
                            call.unreadable(format!("a collection of {count} presences instead of one"))
                        })?;
                        call.presence(presence)
                    }
                }
            }
        }
    }

    pub(crate) async fn get_many(&self, ids: &[UserId]) -> Result<Vec<Presence>> {
        let body = types::GetPresencesByUserIdRequest { ids: ids.iter().map(UserId::to_string).collect() };
        let call = self.call(&operation::GET_MANY);
        let response = call.client.communications_get_presences_by_user_id(&body).await;
        Ok(call.finish(response)?.value.into_iter().map(Presence::from_wire).collect())
    }

    pub(crate) async fn set_session(
        &self,
        path: &UserBinding,
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
        let call = self.call_on(path, &operation::SET_SESSION);
        call.finish(on_path!(
            call.client,
            path,
            &body,
            me_presence_set_presence
                | users_user_presence_set_presence
                | communications_presences_presence_set_presence
        ))
    }

    pub(crate) async fn clear_session(&self, path: &UserBinding, session: &SessionId) -> Result<()> {
        let body = types::ClearPresenceRequest { session_id: session.to_string() };
        let call = self.call_on(path, &operation::CLEAR_SESSION);
        call.finish(on_path!(
            call.client,
            path,
            &body,
            me_presence_clear_presence
                | users_user_presence_clear_presence
                | communications_presences_presence_clear_presence
        ))
    }

    pub(crate) async fn prefer(
        &self,
        path: &UserBinding,
        state: PreferredState,
        expires_after: Option<Duration>,
    ) -> Result<()> {
        let body = types::SetUserPreferredPresenceRequest {
            availability: state.availability().to_string(),
            activity: state.activity().to_string(),
            expiration_duration: expires_after.map(iso8601::write),
        };
        let call = self.call_on(path, &operation::PREFER);
        call.finish(on_path!(
            call.client,
            path,
            &body,
            me_presence_set_user_preferred_presence
                | users_user_presence_set_user_preferred_presence
                | communications_presences_presence_set_user_preferred_presence
        ))
    }

    pub(crate) async fn clear_preferred(&self, path: &UserBinding) -> Result<()> {
        let call = self.call_on(path, &operation::CLEAR_PREFERRED);
        call.finish(on_path!(
            call.client,
            path,
            me_presence_clear_user_preferred_presence
                | users_user_presence_clear_user_preferred_presence
                | communications_presences_presence_clear_user_preferred_presence
        ))
    }

    pub(crate) async fn set_status_message(&self, path: &UserBinding, message: &StatusMessage) -> Result<()> {
        // When it was published is the service's to say.
        let status_message =
            types::MicrosoftGraphPresenceStatusMessage { published_date_time: None, ..message.to_wire() };
        let body = types::SetStatusMessageRequest { status_message };
        let call = self.call_on(path, &operation::SET_STATUS_MESSAGE);
        call.finish(on_path!(
            call.client,
            path,
            &body,
            me_presence_set_status_message
                | users_user_presence_set_status_message
                | communications_presences_presence_set_status_message
        ))
    }

    pub(crate) async fn set_manual_location(&self, path: &UserBinding, workplace: &Workplace) -> Result<()> {
        let body = workplace.to_wire();
        let call = self.call_on(path, &operation::SET_MANUAL_LOCATION);
        call.finish(on_path!(
            call.client,
            path,
            &body,
            me_presence_set_manual_location
                | users_user_presence_set_manual_location
                | communications_presences_presence_set_manual_location
        ))
    }

    pub(crate) async fn set_automatic_location(&self, path: &UserBinding, workplace: &Workplace) -> Result<()> {
        let body = workplace.to_wire();
        let call = self.call_on(path, &operation::SET_AUTOMATIC_LOCATION);
        call.finish(on_path!(
            call.client,
            path,
            &body,
            me_presence_set_automatic_location
                | users_user_presence_set_automatic_location
                | communications_presences_presence_set_automatic_location
        ))
    }

    pub(crate) async fn clear_automatic_location(&self, path: &UserBinding) -> Result<()> {
        let call = self.call_on(path, &operation::CLEAR_AUTOMATIC_LOCATION);
        call.finish(on_path!(
            call.client,
            path,
            me_presence_clear_automatic_location
                | users_user_presence_clear_automatic_location
                | communications_presences_presence_clear_automatic_location
        ))
    }

    pub(crate) async fn clear_location(&self, path: &UserBinding) -> Result<()> {
        let call = self.call_on(path, &operation::CLEAR_LOCATION);
        call.finish(on_path!(
            call.client,
            path,
            me_presence_clear_location
                | users_user_presence_clear_location
                | communications_presences_presence_clear_location
        ))
    }

    /// Begins a call about one person.
    fn call_on(&self, path: &UserBinding, operation: &'static Operation) -> Call {
        Call { own: matches!(path, UserBinding::Me), ..self.call_at(path.template(), operation) }
    }

    /// Begins a call about nobody, or about many.
    fn call(&self, operation: &'static Operation) -> Call {
        self.call_at("", operation)
    }

    fn call_at(&self, person: &'static str, operation: &'static Operation) -> Call {
        let span = telemetry::Call::new(&self.server, person, operation);
        let exchange = Arc::new(Exchange::new(self.shared.clone(), self.retry, operation, span));
        let inner = raw::Inner::new(exchange.clone());
        let client = raw::Client::new_with_client(&self.base, self.http.clone(), inner);
        Call { client, exchange, operation, own: false }
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
    operation: &'static Operation,
    /// Whether it is about the person that the token is for.
    own: bool,
}

impl Call {
    fn finish<T>(&self, answer: RawResult<T>) -> Result<T> {
        if let Some(failure) = self.exchange.failure() {
            return Err(self.fail(failure));
        }
        answer.map(raw::ResponseValue::into_inner).map_err(|error| match error {
            raw::Error::InvalidResponsePayload(_, error) => self.misread(&error),
            _ => self.unreadable("no answer that the operation has".to_owned()),
        })
    }

    /// Carries out a request that the raw client does not have.
    async fn read<T: serde::de::DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T> {
        let (http, request) = request.build_split();
        let outcome = match request {
            Ok(request) => self.exchange.carry_out(&http, request).await,
            Err(error) => Err(Error::connection(error.without_url().into())),
        };
        let answer = outcome.map_err(|error| self.fail(error))?;
        serde_json::from_slice(answer.body()).map_err(|error| self.misread(&error))
    }

    /// Every property of a presence is optional, so that any object can be taken for one: an error, or a collection that
    /// could not be read as such. One that has nothing of a presence, and something else, is none.
    fn presence(&self, answer: types::MicrosoftGraphPresence) -> Result<Presence> {
        let says_nothing = answer.id.is_none() && answer.availability.is_none() && answer.activity.is_none();
        let presence = Presence::from_wire(answer);
        if says_nothing && presence.extra.keys().next().is_some() {
            return Err(self.unreadable("an object that is no presence".to_owned()));
        }
        Ok(presence)
    }

    /// The parser's own words repeat the value that it stumbled over, which may be a person's.
    fn misread(&self, error: &serde_json::Error) -> Error {
        let (line, column) = (error.line(), error.column());
        self.unreadable(format!("{:?} error at line {line}, column {column}", error.classify()))
    }

    fn unreadable(&self, what: String) -> Error {
        let answer = ResponseDetails { status: self.exchange.status(), ..ResponseDetails::default() };
        self.fail(Error::decode(what.into()).with_response(answer))
    }

    fn fail(&self, error: Error) -> Error {
        self.exchange.span.failed(&error);
        error.during(self.operation).with_signed_in_user(self.own)
    }
}
