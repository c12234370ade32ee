//! Sends recorded requests with the raw client and with the facade.

use std::sync::{Arc, OnceLock};

use graph_presence::jiff::{Span, SpanRelativeTo};
use graph_presence::{
    AccessToken, Activity, ApiVersion, Availability, Client, DateTimeTimeZone, Expiration, PreferredState, Presence,
    SessionId, SessionState, StatusMessage, UserClient, UserId, Workplace,
};
use graph_presence_conformance::{Request, Version};
use graph_presence_raw as raw;
use graph_presence_raw::operation::{Action, Binding, Operation, UserPath};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The presences that a call returned, as Graph's JSON without null properties. `None` for an action.
pub(crate) type Read = Option<Value>;

pub(crate) type BoxError = Box<dyn std::error::Error>;

/// Sends the request with the raw client. Returns the status and the decoded content of the response.
pub(crate) async fn raw(root: &str, token: &str, request: &Request) -> Result<(u16, Result<Read, BoxError>), BoxError> {
    let exec = Arc::new(BearerExec { token: format!("Bearer {token}"), status: OnceLock::new() });
    let client = raw::Client::new(&format!("{root}/{}", request.version), raw::Inner::new(exec.clone()));
    let read = read_raw(&client, request).await;
    match exec.status.get() {
        Some(status) => Ok((*status, read)),
        None => Err(read.err().unwrap_or_else(|| "no response".into())),
    }
}

/// Authorizes the request of a call and stores the status of its response.
#[derive(Debug)]
struct BearerExec {
    token: String,
    status: OnceLock<u16>,
}

impl raw::Exec for BearerExec {
    fn exec<'a>(
        &'a self,
        client: &'a raw::reqwest::Client,
        mut request: raw::reqwest::Request,
        _operation: Operation,
    ) -> raw::Execution<'a> {
        request.headers_mut().insert("authorization", self.token.parse().unwrap());
        Box::pin(async move {
            let response = client.execute(request).await?;
            self.status.get_or_init(|| response.status().as_u16());
            Ok(response)
        })
    }
}

async fn read_raw(client: &raw::Client, request: &Request) -> Result<Read, BoxError> {
    let operation = raw_operation(operation(request))?;
    let user = match operation.binding() {
        Some(Binding::User) => UserPath::User(user_id(request)),
        Some(Binding::Communications) => UserPath::Communications(user_id(request)),
        Some(Binding::Me) | None => UserPath::Me,
    };
    let read = match operation.action() {
        Action::GetPresence => match user {
            UserPath::Me => serde_json::to_value(client.me_get_presence(None).await?.into_inner())?,
            UserPath::User(id) => serde_json::to_value(client.users_get_presence(id, None).await?.into_inner())?,
            UserPath::Communications(id) => match client.communications_get_presences(id, None).await?.into_inner() {
                raw::types::PresenceOrCollection::Presence(presence) => serde_json::to_value(presence)?,
                raw::types::PresenceOrCollection::Collection(collection) => {
                    let [presence] = collection.value.as_slice() else {
                        return Err(format!("expected 1 presence, got {}", collection.value.len()).into());
                    };
                    serde_json::to_value(presence)?
                }
            },
        },
        Action::GetPresencesByUserId => {
            let response = client.communications_get_presences_by_user_id(&body(request)?).await?;
            serde_json::to_value(response.into_inner().value)?
        }
        Action::SetPresence => return no_value(client.set_presence(user, &body(request)?).await),
        Action::ClearPresence => return no_value(client.clear_presence(user, &body(request)?).await),
        Action::SetUserPreferredPresence => {
            return no_value(client.set_user_preferred_presence(user, &body(request)?).await);
        }
        Action::ClearUserPreferredPresence => return no_value(client.clear_user_preferred_presence(user).await),
        Action::SetStatusMessage => return no_value(client.set_status_message(user, &body(request)?).await),
        Action::SetManualLocation => return no_value(client.set_manual_location(user, &body(request)?).await),
        Action::SetAutomaticLocation => return no_value(client.set_automatic_location(user, &body(request)?).await),
        Action::ClearAutomaticLocation => return no_value(client.clear_automatic_location(user).await),
        Action::ClearLocation => return no_value(client.clear_location(user).await),
        Action::CreateSubscription
        | Action::ListSubscriptions
        | Action::GetSubscription
        | Action::UpdateSubscription
        | Action::DeleteSubscription
        | Action::ReauthorizeSubscription => return Err(not_recorded(operation)),
    };
    Ok(Some(without_nulls(read)))
}

fn no_value<E: Into<BoxError>>(response: Result<raw::ResponseValue<()>, E>) -> Result<Read, BoxError> {
    response.map(|_| None).map_err(Into::into)
}

/// Returns the raw client's operation for a method and a path template, such as `GET /me/presence`.
pub(crate) fn raw_operation(name: &str) -> Result<Operation, BoxError> {
    let matches = |operation: &Operation| format!("{} {}", operation.method(), operation.path()) == name;
    Operation::ALL.iter().copied().find(matches).ok_or_else(|| format!("unknown operation: {name}").into())
}

fn not_recorded(operation: Operation) -> BoxError {
    format!("operation without recorded examples: {}", operation.name()).into()
}

/// Sends the request with the facade.
pub(crate) async fn facade(root: &str, token: &str, request: &Request) -> Result<Read, BoxError> {
    let mut client = Client::builder(AccessToken::new(token)).base_url(root).version(match request.version {
        Version::V1 => ApiVersion::V1,
        Version::Beta => ApiVersion::Beta,
    });
    if let Some(session) = text(request, "/sessionId") {
        client = client.session_id(SessionId::parse(session)?);
    }
    let client = client.build()?;
    let operation = raw_operation(operation(request))?;
    let user = match operation.binding() {
        Some(Binding::User) => client.user(UserId::parse(user_id(request))?),
        Some(Binding::Communications) => client.communications(UserId::parse(user_id(request))?),
        Some(Binding::Me) | None => client.me(),
    };
    let read = match operation.action() {
        Action::GetPresence => wire(&user.get_presence().await?),
        Action::GetPresencesByUserId => {
            let body: raw::types::GetPresencesByUserIdRequest = body(request)?;
            let ids = body.ids.iter().map(|id| UserId::parse(id)).collect::<Result<Vec<_>, _>>()?;
            client.presences(&ids).send().await?.complete()?.iter().map(wire).collect()
        }
        _ => {
            call_action(&user, operation, request).await?;
            return Ok(None);
        }
    };
    Ok(Some(read))
}

async fn call_action(user: &UserClient, operation: Operation, request: &Request) -> Result<(), BoxError> {
    let availability = Availability::from(text(request, "/availability").unwrap_or_default());
    let activity = Activity::from(text(request, "/activity").unwrap_or_default());
    let workplace = || -> Result<Workplace, BoxError> {
        let workplace = Workplace::of(&text(request, "/workLocationType").unwrap_or_default().into())?;
        Ok(match text(request, "/placeId") {
            Some(place) => workplace.at(place),
            None => workplace,
        })
    };
    match operation.action() {
        Action::SetPresence => {
            let mut call = user.set_presence(SessionState::try_from((availability, activity))?);
            if let Some(duration) = text(request, "/expirationDuration") {
                call = call.expires_after(Expiration::parse(duration)?);
            }
            call.await?;
        }
        Action::ClearPresence => user.clear_presence().await?,
        Action::SetUserPreferredPresence => {
            let mut call = user.set_preferred_presence(PreferredState::try_from((availability, activity))?);
            if let Some(duration) = text(request, "/expirationDuration") {
                let duration: Span = duration.parse()?;
                call = call.expires_after(duration.to_duration(SpanRelativeTo::days_are_24_hours())?.unsigned_abs());
            }
            call.await?;
        }
        Action::ClearUserPreferredPresence => user.clear_preferred_presence().await?,
        Action::SetStatusMessage => {
            let content = text(request, "/statusMessage/message/content").unwrap_or_default();
            let content_type = text(request, "/statusMessage/message/contentType").unwrap_or_default();
            let mut message = StatusMessage::new(content, content_type)?;
            if let Some(date_time) = text(request, "/statusMessage/expiryDateTime/dateTime") {
                let zone = text(request, "/statusMessage/expiryDateTime/timeZone").unwrap_or_default();
                message = message.until(DateTimeTimeZone::new(date_time.parse()?, zone)?);
            }
            user.set_status_message(message).await?;
        }
        Action::SetManualLocation => user.set_manual_location(workplace()?).await?,
        Action::SetAutomaticLocation => user.set_automatic_location(workplace()?).await?,
        Action::ClearAutomaticLocation => user.clear_automatic_location().await?,
        Action::ClearLocation => user.clear_location().await?,
        Action::GetPresence
        | Action::GetPresencesByUserId
        | Action::CreateSubscription
        | Action::ListSubscriptions
        | Action::GetSubscription
        | Action::UpdateSubscription
        | Action::DeleteSubscription
        | Action::ReauthorizeSubscription => return Err(not_recorded(operation)),
    }
    Ok(())
}

/// Returns the user id in the request's path, or `me`.
pub(crate) fn user_id(request: &Request) -> &str {
    let template = operation(request).split(['/', ' ']).rev();
    let segments = request.url.split('/').rev();
    template.zip(segments).find(|(name, _)| name.starts_with('{')).map_or("me", |(_, segment)| segment)
}

/// Returns the recorded name of the request's operation, such as `GET /me/presence`.
pub(crate) fn operation(request: &Request) -> &str {
    request.operation.as_deref().unwrap_or_default()
}

/// Removes null properties. To the service and to clients, a null property is the same as a missing one.
pub(crate) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter(|(_, member)| !member.is_null())
                .map(|(name, member)| (name, without_nulls(member)))
                .collect(),
        ),
        Value::Array(members) => members.into_iter().map(without_nulls).collect(),
        scalar => scalar,
    }
}

fn text<'a>(request: &'a Request, pointer: &str) -> Option<&'a str> {
    request.body.as_ref()?.pointer(pointer)?.as_str()
}

fn body<T: DeserializeOwned>(request: &Request) -> Result<T, serde_json::Error> {
    serde_json::from_value(request.body.clone().unwrap_or_default())
}

/// Converts a presence of the facade to Graph's JSON.
fn wire(presence: &Presence) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), without_nulls(value));
    put("availability", json!(presence.availability.as_str()));
    put("activity", json!(presence.activity.as_str()));
    // An id that is not a GUID is an unknown property.
    let other_id = presence.extra().find(|(name, _)| *name == "id").map(|(_, id)| serde_json::from_str(&id).unwrap());
    if let Some(id) = presence.id.map(|id| json!(id.to_string())).or(other_id) {
        put("id", id);
    }
    if let Some(number) = &presence.sequence_number {
        put("sequenceNumber", json!(number));
    }
    if let Some(settings) = &presence.out_of_office {
        put("outOfOfficeSettings", json!({"isOutOfOffice": settings.is_out_of_office, "message": settings.message}));
    }
    if let Some(location) = &presence.work_location {
        put(
            "workLocation",
            json!({
                "placeId": location.place_id,
                "source": location.source.as_str(),
                "workLocationType": location.location_type.as_str(),
            }),
        );
    }
    if let Some(message) = &presence.status_message {
        put(
            "statusMessage",
            json!({
                "message": {"content": message.content(), "contentType": message.content_type()},
                "expiryDateTime": message
                    .expiry()
                    .map(|expiry| json!({"dateTime": expiry.date_time(), "timeZone": expiry.time_zone()})),
                "publishedDateTime": message.published().map(|instant| instant.to_string()),
            }),
        );
    }
    Value::Object(members)
}
