//! Status messages and their expiry.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::zone;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StatusMessage {
    pub(crate) content: String,
    pub(crate) published: Timestamp,
    pub(crate) expiry: Option<Expiry>,
}

impl StatusMessage {
    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        self.expiry.as_ref().map(|expiry| expiry.at)
    }

    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.expiry.as_ref().is_some_and(|expiry| now >= expiry.at)
    }
}

/// A local time with its time zone, stored as in the request because responses repeat it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Expiry {
    pub(crate) date_time: String,
    pub(crate) time_zone: String,
    at: Timestamp,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum InvalidExpiry {
    DateTime,
    TimeZone,
}

impl Expiry {
    pub(crate) fn parse(date_time: String, time_zone: String) -> Result<Self, InvalidExpiry> {
        let zone = zone::find(&time_zone).ok_or(InvalidExpiry::TimeZone)?;
        let at =
            civil(&date_time).and_then(|local| local.to_zoned(zone).ok()).ok_or(InvalidExpiry::DateTime)?.timestamp();
        Ok(Self { date_time, time_zone, at })
    }
}

/// Parses a local time such as `2022-10-18T17:05:33.2079781`. An offset is rejected, because it could contradict the
/// time zone.
fn civil(text: &str) -> Option<DateTime> {
    let (_, time) = text.split_once('T')?;
    if !time.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b':' | b'.')) {
        return None;
    }
    text.parse().ok()
}
