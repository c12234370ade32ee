//! A recorded request as a call: through the raw client and through the facade.

use std::sync::{Arc, OnceLock};

use graph_presence::jiff::{Span, SpanRelativeTo};
use graph_presence::{
    AccessToken, Activity, ApiVersion, Availability, Client, DateTimeTimeZone, Expiration, PreferredState, Presence,
    SessionId, SessionState, StatusMessage, UserId, Workplace,
};
use graph_presence_conformance::{Request, Version};
use graph_presence_raw as raw;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// What a call has read, in the words of the wire and without what is null; `None` after an action.
pub(crate) type Read = Option<Value>;

pub(crate) type Failure = Box<dyn std::error::Error>;

/// Makes the call with the raw client: the status of the answer, and what was read from it.
pub(crate) async fn raw(root: &str, token: &str, request: &Request) -> Result<(u16, Result<Read, Failure>), Failure> {
    let seen = Arc::new(Bearer { token: format!("Bearer {token}"), status: OnceLock::new() });
    let client = raw::Client::new(&format!("{root}/{}", request.version), raw::Inner::new(seen.clone()));
    let read = read_raw(&client, request).await;
    match seen.status.get() {
        Some(status) => Ok((*status, read)),
        None => Err(read.err().unwrap_or_else(|| "nothing was answered".into())),
    }
}

/// Authorizes the one request of a call, and notes the status of its answer.
#[derive(Debug)]
struct Bearer {
    token: String,
    status: OnceLock<u16>,
}

impl raw::Exec for Bearer {
    fn exec<'a>(
        &'a self,
        client: &'a raw::reqwest::Client,
        mut request: raw::reqwest::Request,
        _operation: &'static str,
    ) -> raw::Execution<'a> {
        request.headers_mut().insert("authorization", self.token.parse().unwrap());
        Box::pin(async move {
            let answer = client.execute(request).await?;
            self.status.get_or_init(|| answer.status().as_u16());
            Ok(answer)
        })
    }
}

async fn read_raw(client: &raw::Client, request: &Request) -> Result<Read, Failure> {
    let id = person(request);
    let read = match operation(request) {
        "GET /me/presence" => serde_json::to_value(client.me_get_presence(None).await?.into_inner())?,
        "GET /users/{user-id}/presence" => {
            serde_json::to_value(client.users_get_presence(id, None).await?.into_inner())?
        }
        "GET /communications/presences/{presence-id}" => {
            match client.communications_get_presences(id, None).await?.into_inner() {
                raw::types::PresenceOrCollection::Presence(presence) => serde_json::to_value(presence)?,
                raw::types::PresenceOrCollection::Collection(collection) => {
                    let [presence] = collection.value.as_slice() else { return Err("no collection of one".into()) };
                    serde_json::to_value(presence)?
                }
            }
        }
        "POST /communications/getPresencesByUserId" => {
            let answer = client.communications_get_presences_by_user_id(&body(request)?).await?;
            serde_json::to_value(answer.into_inner().value)?
        }
        action => {
            match action {
                "POST /users/{user-id}/presence/setPresence" => {
                    client.users_user_presence_set_presence(id, &body(request)?).await?;
                }
                "POST /users/{user-id}/presence/clearPresence" => {
                    client.users_user_presence_clear_presence(id, &body(request)?).await?;
                }
                "POST /users/{user-id}/presence/setUserPreferredPresence" => {
                    client.users_user_presence_set_user_preferred_presence(id, &body(request)?).await?;
                }
                "POST /users/{user-id}/presence/clearUserPreferredPresence" => {
                    client.users_user_presence_clear_user_preferred_presence(id).await?;
                }
                "POST /users/{user-id}/presence/setStatusMessage" => {
                    client.users_user_presence_set_status_message(id, &body(request)?).await?;
                }
                "POST /me/presence/setManualLocation" => {
                    client.me_presence_set_manual_location(&body(request)?).await?;
                }
                "POST /me/presence/setAutomaticLocation" => {
                    client.me_presence_set_automatic_location(&body(request)?).await?;
                }
                "POST /me/presence/clearAutomaticLocation" => {
                    client.me_presence_clear_automatic_location().await?;
                }
                "POST /me/presence/clearLocation" => {
                    client.me_presence_clear_location().await?;
                }
                other => return Err(format!("no call for {other}").into()),
            }
            return Ok(None);
        }
    };
    Ok(Some(without_nulls(read)))
}

/// Makes the call with the facade.
pub(crate) async fn facade(root: &str, token: &str, request: &Request) -> Result<Read, Failure> {
    let mut client = Client::builder(AccessToken::new(token)).base_url(root).version(match request.version {
        Version::V1 => ApiVersion::V1,
        Version::Beta => ApiVersion::Beta,
    });
    if let Some(session) = text(request, "/sessionId") {
        client = client.session_id(SessionId::parse(session)?);
    }
    let client = client.build()?;
    let id = || UserId::parse(person(request));
    let read = match operation(request) {
        "GET /me/presence" => wire(&client.me().get_presence().send().await?),
        "GET /users/{user-id}/presence" => wire(&client.user(id()?).get_presence().send().await?),
        "GET /communications/presences/{presence-id}" => {
            wire(&client.communications(id()?).get_presence().send().await?)
        }
        "POST /communications/getPresencesByUserId" => {
            let body: raw::types::GetPresencesByUserIdRequest = body(request)?;
            let ids = body.ids.iter().map(|id| UserId::parse(id)).collect::<Result<Vec<_>, _>>()?;
            client.presences(&ids).send().await?.complete()?.iter().map(wire).collect()
        }
        action => {
            act(&client, action, request).await?;
            return Ok(None);
        }
    };
    Ok(Some(read))
}

async fn act(client: &Client, action: &str, request: &Request) -> Result<(), Failure> {
    let person = match person(request) {
        "me" => client.me(),
        id => client.user(UserId::parse(id)?),
    };
    let availability = Availability::from(text(request, "/availability").unwrap_or_default());
    let activity = Activity::from(text(request, "/activity").unwrap_or_default());
    let workplace = || -> Result<Workplace, Failure> {
        let workplace = Workplace::of(&text(request, "/workLocationType").unwrap_or_default().into())?;
        Ok(match text(request, "/placeId") {
            Some(place) => workplace.at(place),
            None => workplace,
        })
    };
    match action.rsplit('/').next().unwrap_or_default() {
        "setPresence" => {
            let mut call = person.set_presence(SessionState::try_from((availability, activity))?);
            if let Some(duration) = text(request, "/expirationDuration") {
                call = call.expires_after(Expiration::parse(duration)?);
            }
            call.send().await?;
        }
        "clearPresence" => person.clear_presence().send().await?,
        "setUserPreferredPresence" => {
            let mut call = person.set_preferred_presence(PreferredState::try_from((availability, activity))?);
            if let Some(duration) = text(request, "/expirationDuration") {
                let duration: Span = duration.parse()?;
                call = call.expires_after(duration.to_duration(SpanRelativeTo::days_are_24_hours())?.unsigned_abs());
            }
            call.send().await?;
        }
        "clearUserPreferredPresence" => person.clear_preferred_presence().send().await?,
        "setStatusMessage" => {
            let content = text(request, "/statusMessage/message/content").unwrap_or_default();
            let content_type = text(request, "/statusMessage/message/contentType").unwrap_or_default();
            let mut message = StatusMessage::new(content, content_type)?;
            if let Some(date_time) = text(request, "/statusMessage/expiryDateTime/dateTime") {
                let zone = text(request, "/statusMessage/expiryDateTime/timeZone").unwrap_or_default();
                message = message.until(DateTimeTimeZone::new(date_time.parse()?, zone)?);
            }
            person.set_status_message(message).send().await?;
        }
        "setManualLocation" => person.set_manual_location(workplace()?).send().await?,
        "setAutomaticLocation" => person.set_automatic_location(workplace()?).send().await?,
        "clearAutomaticLocation" => person.clear_automatic_location().send().await?,
        "clearLocation" => person.clear_location().send().await?,
        other => return Err(format!("no call for {other}").into()),
    }
    Ok(())
}

/// The person in the request's path; `me` for oneself.
pub(crate) fn person(request: &Request) -> &str {
    let template = operation(request).split(['/', ' ']).rev();
    let segments = request.url.split('/').rev();
    template.zip(segments).find(|(name, _)| name.starts_with('{')).map_or("me", |(_, segment)| segment)
}

pub(crate) fn operation(request: &Request) -> &str {
    request.operation.as_deref().unwrap_or_default()
}

/// Drops every property that is null: to the service and to its readers it is the same as none.
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

/// What the facade has read, put back into the words of the wire.
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
