//! Presences as JSON. A response can contain hundreds of presences, so each is written directly into the body.
//!
//! The JSON is not written with serde: `serialize_map` for the selected properties takes about three times as long for
//! 650 presences.

use crate::Guid;
use crate::state::{Expiry, OutOfOffice, Place, Presence, Sequence, StatusMessage, WorkLocation};

use super::select::{Property, Select};

/// The length of most presences in bytes.
const TYPICAL_LENGTH: usize = 320;

/// Writes presences as JSON, as they are visible to a caller.
pub(super) struct PresenceWriter {
    properties: Vec<Property>,
    /// The signed-in user; `None` for an application.
    user: Option<Guid>,
}

impl PresenceWriter {
    pub(super) fn new(select: &Select, user: Option<Guid>) -> Self {
        Self { properties: select.properties().collect(), user }
    }

    pub(super) fn object(&self, context: &str, presence: Presence<'_>) -> Vec<u8> {
        let mut json = Json::with_context(context, 1);
        json.raw(",");
        self.write(presence, &mut json);
        json.raw("}");
        json.0
    }

    pub(super) fn collection(&self, context: &str, count: usize) -> Collection<'_> {
        let mut json = Json::with_context(context, count);
        json.raw(",\"value\":[");
        Collection { writer: self, json, is_empty: true }
    }

    /// Writes the properties, without braces.
    fn write(&self, presence: Presence<'_>, json: &mut Json) {
        let Presence { id, shown, sequence } = presence;
        for (index, property) in self.properties.iter().enumerate() {
            let key = property.key();
            json.raw(if index == 0 { key.trim_start_matches(',') } else { key });
            match property {
                Property::Id => json.guid(id),
                Property::Availability => json.text(shown.pair.availability()),
                Property::Activity => json.text(shown.pair.activity()),
                Property::OutOfOfficeSettings => json.out_of_office(&shown.out_of_office),
                Property::StatusMessage => match &shown.status_message {
                    Some(message) => json.status_message(message, self.user == Some(id)),
                    None => json.raw("null"),
                },
                Property::SequenceNumber => match sequence {
                    Some(sequence) => json.sequence(sequence),
                    None => json.raw("null"),
                },
                Property::WorkLocation => json.work_location(&shown.location),
            }
        }
    }
}

/// A collection to which presences are added one by one.
pub(super) struct Collection<'a> {
    writer: &'a PresenceWriter,
    json: Json,
    is_empty: bool,
}

impl Collection<'_> {
    pub(super) fn add(&mut self, presence: Presence<'_>) {
        self.json.raw(if self.is_empty { "{" } else { ",{" });
        self.is_empty = false;
        self.writer.write(presence, &mut self.json);
        self.json.raw("}");
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.json.raw("]}");
        self.json.0
    }
}

/// JSON in memory, so that writing cannot fail.
struct Json(Vec<u8>);

impl Json {
    /// Creates an unterminated object that contains the context URL.
    fn with_context(context: &str, count: usize) -> Self {
        let mut json = Self(Vec::with_capacity(context.len() + TYPICAL_LENGTH * count));
        json.raw("{\"@odata.context\":");
        json.text(context);
        json
    }

    fn raw(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    fn text(&mut self, text: &str) {
        let _ = serde_json::to_writer(&mut self.0, text);
    }

    /// Writes a string that does not need escaping.
    fn quoted(&mut self, text: &str) {
        self.0.push(b'"');
        self.raw(text);
        self.0.push(b'"');
    }

    fn guid(&mut self, id: Guid) {
        self.quoted(id.encode(&mut Guid::buffer()));
    }

    fn sequence(&mut self, sequence: Sequence) {
        self.0.push(b'"');
        sequence.write_to(&mut self.0);
        self.0.push(b'"');
    }

    fn out_of_office(&mut self, settings: &OutOfOffice) {
        match &settings.message {
            None => self.raw("{\"message\":null"),
            Some(message) => {
                self.raw("{\"message\":");
                self.text(message);
            }
        }
        self.raw(if settings.is_out { ",\"isOutOfOffice\":true}" } else { ",\"isOutOfOffice\":false}" });
    }

    /// Writes the status message. Only the signed-in user sees its expiry and publication time ("presenceStatusMessage
    /// resource type").
    fn status_message(&mut self, message: &StatusMessage, is_signed_in_user: bool) {
        self.raw("{\"message\":{\"content\":");
        self.text(&message.content);
        self.raw(",\"contentType\":\"text\"}");
        if is_signed_in_user {
            if let Some(Expiry { date_time, time_zone, .. }) = &message.expiry {
                self.raw(",\"expiryDateTime\":{\"dateTime\":");
                self.text(date_time);
                self.raw(",\"timeZone\":");
                self.text(time_zone);
                self.raw("}");
            }
            self.raw(",\"publishedDateTime\":");
            self.quoted(&message.published.to_string());
        }
        self.raw("}");
    }

    fn work_location(&mut self, location: &WorkLocation) {
        let Some(Place { kind, id }) = &location.place else {
            return self.raw("{\"placeId\":null,\"source\":\"none\",\"workLocationType\":\"unspecified\"}");
        };
        self.raw("{\"placeId\":");
        match id {
            None => self.raw("null"),
            Some(id) => self.text(id),
        }
        self.raw(",\"source\":");
        self.quoted(location.source.as_str());
        self.raw(",\"workLocationType\":");
        self.quoted(kind.as_str());
        self.raw("}");
    }
}
