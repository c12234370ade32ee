//! What is answered.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::state::{Expiry, OutOfOffice, Presence, Shown, StatusMessage, WorkLocation};

use super::select::{Property, Select};

const JSON: HeaderValue = HeaderValue::from_static(
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
);

pub(super) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => ([(CONTENT_TYPE, JSON)], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Serialize)]
pub(super) struct Collection<T> {
    #[serde(rename = "@odata.context")]
    pub(super) context: String,
    pub(super) value: Vec<T>,
}

/// A presence as one reader may see it.
pub(super) struct PresenceView<'a> {
    pub(super) context: Option<String>,
    pub(super) presence: &'a Presence,
    pub(super) select: &'a Select,
    /// Whether the reader is the person.
    pub(super) own: bool,
}

impl Serialize for PresenceView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Presence { id, shown, sequence } = self.presence;
        let Shown { pair, status, out_of_office, location } = shown;
        let mut map = serializer.serialize_map(None)?;
        if let Some(context) = &self.context {
            map.serialize_entry("@odata.context", context)?;
        }
        for property in self.select.properties() {
            let name = property.name();
            match property {
                Property::Id => map.serialize_entry(name, &id.to_string())?,
                Property::Availability => map.serialize_entry(name, pair.availability())?,
                Property::Activity => map.serialize_entry(name, pair.activity())?,
                Property::OutOfOfficeSettings => {
                    map.serialize_entry(name, &OutOfOfficeView::new(out_of_office))?;
                }
                Property::StatusMessage => {
                    let status = status.as_ref().map(|status| StatusView::new(status, self.own));
                    map.serialize_entry(name, &status)?;
                }
                Property::SequenceNumber => {
                    map.serialize_entry(name, &sequence.map(|sequence| sequence.to_string()))?;
                }
                Property::WorkLocation => {
                    map.serialize_entry(name, &WorkLocationView::new(location))?;
                }
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutOfOfficeView<'a> {
    message: Option<&'a str>,
    is_out_of_office: bool,
}

impl<'a> OutOfOfficeView<'a> {
    fn new(out_of_office: &'a OutOfOffice) -> Self {
        Self { message: out_of_office.message.as_deref(), is_out_of_office: out_of_office.is_out }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WorkLocationView<'a> {
    place_id: Option<&'a str>,
    source: &'static str,
    work_location_type: &'static str,
}

impl<'a> WorkLocationView<'a> {
    fn new(location: &'a WorkLocation) -> Self {
        let place = location.place.as_ref();
        Self {
            place_id: place.and_then(|place| place.id.as_deref()),
            source: location.source.as_str(),
            work_location_type: place.map_or("unspecified", |place| place.kind.as_str()),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusView<'a> {
    message: ItemBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_date_time: Option<DateTimeTimeZone<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_date_time: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemBody<'a> {
    content: &'a str,
    content_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DateTimeTimeZone<'a> {
    date_time: &'a str,
    time_zone: &'a str,
}

impl<'a> StatusView<'a> {
    /// Others see neither when the message ends nor when it was published ("presenceStatusMessage resource type").
    fn new(status: &'a StatusMessage, own: bool) -> Self {
        let expiry = status.expiry.as_ref().filter(|_| own);
        Self {
            message: ItemBody { content: &status.content, content_type: "text" },
            expiry_date_time: expiry.map(DateTimeTimeZone::new),
            published_date_time: own.then(|| status.published.to_string()),
        }
    }
}

impl<'a> DateTimeTimeZone<'a> {
    fn new(expiry: &'a Expiry) -> Self {
        Self { date_time: &expiry.date_time, time_zone: &expiry.time_zone }
    }
}
