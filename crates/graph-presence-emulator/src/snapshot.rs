//! Snapshots: everything that an emulator holds, as JSON.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::InvalidInput;
use crate::delivery_queue::DeliveryQueue;
use crate::device_code::DeviceCodes;
use crate::fault::Faults;
use crate::quota::Counts;
use crate::request_log::RequestLog;
use crate::service::Service;
use crate::state::Tenants;
use crate::token_issuer::TokenIssuer;

/// Increases with every incompatible change of the format.
const VERSION: u64 = 2;

/// Everything but the settings.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    version: u64,
    now: Timestamp,
    token_key: String,
    tenants: &'a Tenants,
    delivery_queue: &'a DeliveryQueue,
    device_codes: &'a DeviceCodes,
    faults: &'a Faults,
    request_log: &'a RequestLog,
    counts: Counts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Read {
    #[serde(rename = "version")]
    _version: u64,
    now: Timestamp,
    token_key: String,
    tenants: Tenants,
    delivery_queue: DeliveryQueue,
    device_codes: DeviceCodes,
    faults: Faults,
    request_log: RequestLog,
    counts: Counts,
}

/// Read alone, so that a snapshot of another version is told from one that is broken.
#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

impl Service {
    pub(crate) fn snapshot(&self) -> String {
        let now = self.now();
        let tenants = self.tenants();
        let written = Written {
            version: VERSION,
            now,
            token_key: self.token_issuer().key(),
            tenants: &tenants,
            delivery_queue: &self.delivery_queue(),
            device_codes: &self.device_codes(),
            faults: &self.faults(),
            request_log: &self.request_log(),
            counts: self.counts(),
        };
        // All keys are texts, and nothing in it can fail to be written.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// Takes over what a snapshot holds, all of it or nothing. A clock that stands still is set, any other runs on.
    pub(crate) fn restore(&self, snapshot: &str) -> Result<(), InvalidInput> {
        let unreadable = |error: serde_json::Error| InvalidInput::of_field("snapshot", &error.to_string());
        let Versioned { version } = serde_json::from_str(snapshot).map_err(unreadable)?;
        if version != VERSION {
            return Err(InvalidInput::new("version", version, "must be 2"));
        }
        let read: Read = serde_json::from_str(snapshot).map_err(unreadable)?;
        let issuer = TokenIssuer::from_key(&read.token_key)
            .ok_or_else(|| InvalidInput::of_field("tokenKey", "must be the key of a snapshot"))?;
        let mut tenants = self.tenants();
        *tenants = read.tenants;
        tenants.of(self.home());
        self.set_token_issuer(issuer);
        *self.delivery_queue() = read.delivery_queue;
        *self.device_codes() = read.device_codes;
        *self.faults() = read.faults;
        *self.request_log() = read.request_log;
        self.set_counts(read.counts);
        self.set_now(read.now);
        self.wake();
        Ok(())
    }

    /// As it was when it started; the clock stays, and so do the tokens.
    pub(crate) fn reset(&self) {
        let mut tenants = self.tenants();
        *tenants = Tenants::default();
        tenants.of(self.home());
        *self.delivery_queue() = DeliveryQueue::default();
        *self.device_codes() = DeviceCodes::default();
        self.faults().clear();
        *self.request_log() = RequestLog::default();
        self.set_counts(Counts::default());
    }
}
