//! The raw client underneath: the one module that names it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use graph_presence_raw as raw;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use raw::types;

use crate::date_time::DateTimeTimeZone;
use crate::error::{Answer, Error, Result};
use crate::id::{SessionId, UserId};
use crate::operation::Operation;
use crate::presence::{OutOfOfficeSettings, Presence, WorkLocation};
use crate::session::{Expiration, SessionState};
use crate::state::{Activity, Availability};
use crate::status_message::StatusMessage;
use crate::token::TokenSource;

type RawError = raw::Error<types::MicrosoftGraphODataErrorsODataError>;
type RawResult<T> = std::result::Result<raw::ResponseValue<T>, RawError>;

/// Carries calls to one base URL.
pub(crate) struct Transport {
    http: reqwest::Client,
    base: String,
    tokens: Arc<dyn TokenSource>,
}

impl Transport {
    pub(crate) fn new(base: String, tokens: Arc<dyn TokenSource>, timeout: Duration) -> Result<Self> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("graph-presence/", env!("CARGO_PKG_VERSION")))
            // A redirect would carry the token to another host.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout)
            .build()
            .map_err(|error| Error::connection(error.into()))?;
        Ok(Self { http, base, tokens })
    }

    pub(crate) async fn get_own(&self, operation: &'static Operation) -> Result<Presence> {
        let call = self.call(operation).await?;
        let answer = call.client.me_get_presence(None).await;
        call.finish(answer).map(Presence::from)
    }

    pub(crate) async fn get_user(&self, operation: &'static Operation, id: &UserId) -> Result<Presence> {
        let call = self.call(operation).await?;
        let answer = call.client.users_get_presence(id.as_str(), None).await;
        call.finish(answer).map(Presence::from)
    }

    pub(crate) async fn get_communications(&self, operation: &'static Operation, id: &UserId) -> Result<Presence> {
        let call = self.call(operation).await?;
        let answer = call.client.communications_get_presences(id.as_str(), None).await;
        match call.finish(answer)? {
            types::PresenceOrCollection::Presence(presence) => Ok(presence.into()),
            types::PresenceOrCollection::Collection(collection) => {
                let count = collection.value.len();
                let [presence] = <[_; 1]>::try_from(collection.value)
                    .map_err(|_| call.unreadable(format!("a collection of {count} presences instead of one")))?;
                Ok(presence.into())
            }
        }
    }

    pub(crate) async fn get_many(&self, operation: &'static Operation, ids: &[UserId]) -> Result<Vec<Presence>> {
        let body = types::GetPresencesByUserIdRequest { ids: ids.iter().map(|id| id.as_str().to_owned()).collect() };
        let call = self.call(operation).await?;
        let answer = call.client.communications_get_presences_by_user_id(&body).await;
        Ok(call.finish(answer)?.value.into_iter().map(Presence::from).collect())
    }

    pub(crate) async fn set_session(
        &self,
        operation: &'static Operation,
        id: &UserId,
        session: &SessionId,
        state: SessionState,
        expiration: Option<Expiration>,
    ) -> Result<()> {
        let body = types::SetPresenceRequest {
            session_id: session.as_str().to_owned(),
            availability: state.availability().to_string(),
            activity: state.activity().to_string(),
            expiration_duration: expiration.map(|expiration| expiration.to_string()),
        };
        let call = self.call(operation).await?;
        let answer = call.client.users_user_presence_set_presence(id.as_str(), &body).await;
        call.finish(answer)
    }

    pub(crate) async fn set_status_message(
        &self,
        operation: &'static Operation,
        id: &UserId,
        message: &StatusMessage,
    ) -> Result<()> {
        let body = types::SetStatusMessageRequest { status_message: message.into() };
        let call = self.call(operation).await?;
        let answer = call.client.users_user_presence_set_status_message(id.as_str(), &body).await;
        call.finish(answer)
    }

    async fn call(&self, operation: &'static Operation) -> Result<Call> {
        let token = self.tokens.token().await.map_err(|error| Error::token(error).during(operation))?;
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", token.secret()))
            .map_err(|error| Error::token(error.into()).during(operation))?;
        authorization.set_sensitive(true);
        let exchange = Arc::new(Exchange { authorization, head: OnceLock::new() });
        let inner = raw::Inner::new(exchange.clone());
        let client = raw::Client::new_with_client(&self.base, self.http.clone(), inner);
        Ok(Call { client, exchange, operation })
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
}

/// What the raw client does not keep of a request and its answer.
#[derive(Debug)]
struct Exchange {
    authorization: HeaderValue,
    head: OnceLock<(http::StatusCode, HeaderMap)>,
}

impl raw::Exec for Exchange {
    fn exec<'a>(
        &'a self,
        client: &'a reqwest::Client,
        mut request: reqwest::Request,
        _operation: &'static str,
    ) -> raw::Execution<'a> {
        Box::pin(async move {
            request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
            let response = client.execute(request).await?;
            self.head.get_or_init(|| (response.status(), response.headers().clone()));
            Ok(response)
        })
    }
}

impl Call {
    fn finish<T>(&self, answer: RawResult<T>) -> Result<T> {
        answer.map(raw::ResponseValue::into_inner).map_err(|error| self.failure(error).during(self.operation))
    }

    fn failure(&self, error: RawError) -> Error {
        let answer = self.answer();
        match error {
            raw::Error::ErrorResponse(body) => {
                let error = body.into_inner().error;
                let inner_id = error.inner_error.and_then(|inner| inner.request_id);
                let answer = answer.unwrap_or_default();
                Error::refused(Answer {
                    code: Some(error.code),
                    message: error.message,
                    request_id: answer.request_id.or(inner_id),
                    ..answer
                })
            }
            raw::Error::CommunicationError(error)
            | raw::Error::ResponseBodyError(error)
            | raw::Error::InvalidUpgrade(error) => {
                // The URL names a person.
                let fault = Error::connection(error.without_url().into());
                match answer {
                    Some(answer) => fault.answered(answer),
                    None => fault,
                }
            }
            raw::Error::InvalidResponsePayload(_, error) => match answer {
                Some(answer) if !answer.status.is_success() => Error::refused(answer),
                answer => {
                    // The parser's own words repeat the value that it stumbled over, which may be a person's.
                    let place =
                        format!("{:?} error at line {}, column {}", error.classify(), error.line(), error.column());
                    Error::unreadable(place.into()).answered(answer.unwrap_or_default())
                }
            },
            raw::Error::UnexpectedResponse(_) => Error::refused(answer.unwrap_or_default()),
            raw::Error::InvalidRequest(what) | raw::Error::Custom(what) => Error::connection(what.into()),
        }
    }

    fn unreadable(&self, what: String) -> Error {
        Error::unreadable(what.into()).answered(self.answer().unwrap_or_default()).during(self.operation)
    }

    fn answer(&self) -> Option<Answer> {
        let (status, headers) = self.exchange.head.get()?;
        let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
        let seconds = text(RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok());
        Some(Answer {
            status: *status,
            request_id: text("request-id"),
            retry_after: seconds.map(Duration::from_secs),
            ..Answer::default()
        })
    }
}

impl From<types::MicrosoftGraphPresence> for Presence {
    fn from(answer: types::MicrosoftGraphPresence) -> Self {
        let availability = answer.availability.as_deref();
        let activity = answer.activity.as_deref();
        Self {
            id: answer.id.map(UserId::from_answer),
            availability: availability.map_or(Availability::PresenceUnknown, Availability::from),
            activity: activity.map_or(Activity::PresenceUnknown, Activity::from),
            status_message: answer.status_message.map(StatusMessage::from),
            out_of_office: answer
                .out_of_office_settings
                .map(|settings| OutOfOfficeSettings::from_answer(settings.is_out_of_office, settings.message)),
            work_location: answer.work_location.map(|location| {
                WorkLocation::from_answer(
                    location.work_location_type.as_deref(),
                    location.source.as_deref(),
                    location.place_id,
                )
            }),
            sequence_number: answer.sequence_number,
        }
    }
}

impl From<types::MicrosoftGraphPresenceStatusMessage> for StatusMessage {
    fn from(answer: types::MicrosoftGraphPresenceStatusMessage) -> Self {
        let (content, content_type) = answer.message.map_or((None, None), |body| (body.content, body.content_type));
        let expiry = answer.expiry_date_time.and_then(|expiry| {
            let date_time = expiry.date_time?;
            Some(DateTimeTimeZone::from_answer(date_time, expiry.time_zone))
        });
        let published = answer.published_date_time.and_then(|instant| instant.parse().ok());
        Self::from_answer(content, content_type, expiry, published)
    }
}

impl From<&StatusMessage> for types::MicrosoftGraphPresenceStatusMessage {
    fn from(message: &StatusMessage) -> Self {
        Self {
            message: Some(types::MicrosoftGraphItemBody {
                content: Some(message.content().to_owned()),
                content_type: Some(message.content_type().to_owned()),
            }),
            expiry_date_time: message.expiry().map(|expiry| types::MicrosoftGraphDateTimeTimeZone {
                date_time: Some(expiry.date_time().to_owned()),
                time_zone: Some(expiry.time_zone().to_owned()),
            }),
            published_date_time: None,
        }
    }
}
