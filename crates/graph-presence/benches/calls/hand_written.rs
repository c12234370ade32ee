//! The client that ours is compared with: reqwest and derived serde into typed structs with `String`s, all the way down.
//!
//! Measurements of different revisions are comparable only as long as this file does not change.

#![expect(dead_code, reason = "properties are decoded, though the benchmark reads none of them")]

use std::time::Duration;

use reqwest::redirect::Policy;
use serde::{Deserialize, Serialize};

use crate::report::Outcome;

pub(crate) struct HandWritten {
    http: reqwest::Client,
    root: String,
    token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SetPresence<'a> {
    pub(crate) session_id: &'a str,
    pub(crate) availability: &'a str,
    pub(crate) activity: &'a str,
    pub(crate) expiration_duration: &'a str,
}

#[derive(Serialize)]
struct Ids<'a> {
    ids: &'a [String],
}

#[derive(Deserialize)]
struct Collection {
    value: Vec<Presence>,
}

/// The properties that this crate reads.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Presence {
    pub(crate) id: Option<String>,
    pub(crate) availability: String,
    pub(crate) activity: String,
    pub(crate) status_message: Option<StatusMessage>,
    pub(crate) out_of_office_settings: Option<OutOfOfficeSettings>,
    pub(crate) work_location: Option<WorkLocation>,
    pub(crate) sequence_number: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusMessage {
    pub(crate) message: Option<Message>,
    pub(crate) expiry_date_time: Option<DateTimeTimeZone>,
    pub(crate) published_date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    pub(crate) content: String,
    pub(crate) content_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DateTimeTimeZone {
    pub(crate) date_time: String,
    pub(crate) time_zone: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutOfOfficeSettings {
    pub(crate) is_out_of_office: bool,
    pub(crate) message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkLocation {
    pub(crate) work_location_type: String,
    pub(crate) source: String,
    pub(crate) place_id: Option<String>,
}

impl HandWritten {
    pub(crate) fn new(root: &str, token: &str) -> Outcome<Self> {
        let http = reqwest::Client::builder()
            .user_agent("hand-written/0.1.0")
            .redirect(Policy::none())
            .timeout(Duration::from_secs(30))
            .build()?;
        Ok(Self { http, root: format!("{root}/v1.0"), token: token.to_owned() })
    }

    pub(crate) async fn get(&self, id: &str) -> Outcome<Presence> {
        let url = format!("{}/users/{id}/presence", self.root);
        Ok(self.http.get(url).bearer_auth(&self.token).send().await?.error_for_status()?.json().await?)
    }

    pub(crate) async fn get_many(&self, ids: &[String]) -> Outcome<Vec<Presence>> {
        let url = format!("{}/communications/getPresencesByUserId", self.root);
        let request = self.http.post(url).bearer_auth(&self.token).json(&Ids { ids });
        let collection: Collection = request.send().await?.error_for_status()?.json().await?;
        Ok(collection.value)
    }

    pub(crate) async fn set(&self, id: &str, body: &SetPresence<'_>) -> Outcome<()> {
        let url = format!("{}/users/{id}/presence/setPresence", self.root);
        self.http.post(url).bearer_auth(&self.token).json(body).send().await?.error_for_status()?.bytes().await?;
        Ok(())
    }
}
