//! Snapshots: the complete state of an emulator as JSON.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::InvalidInput;
use crate::delivery_queue::DeliveryQueue;
use crate::device_code::DeviceCodes;
use crate::fault::Faults;
use crate::quota::QuotaUsage;
use crate::request_log::RequestLog;
use crate::service::Service;
use crate::state::Tenants;
use crate::token_issuer::TokenIssuer;

/// The version of the format. It increases with every incompatible change.
const VERSION: u64 = 2;

/// A snapshot to serialize: the complete state except for the settings.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SnapshotRef<'a> {
    version: u64,
    now: Timestamp,
    token_key: String,
    tenants: &'a Tenants,
    delivery_queue: &'a DeliveryQueue,
    device_codes: &'a DeviceCodes,
    faults: &'a Faults,
    request_log: &'a RequestLog,
    quota_usage: QuotaUsage,
}

/// A deserialized snapshot.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Snapshot {
    #[serde(rename = "version")]
    _version: u64,
    now: Timestamp,
    token_key: String,
    tenants: Tenants,
    delivery_queue: DeliveryQueue,
    device_codes: DeviceCodes,
    faults: Faults,
    request_log: RequestLog,
    quota_usage: QuotaUsage,
}

/// The version of a snapshot. It is read first, so that another version is not reported as a malformed snapshot.
#[derive(Deserialize)]
struct SnapshotVersion {
    version: u64,
}

impl Service {
    pub(crate) fn snapshot(&self) -> String {
        let now = self.now();
        let tenants = self.tenants();
        let snapshot = SnapshotRef {
            version: VERSION,
            now,
            token_key: self.token_issuer().key(),
            tenants: &tenants,
            delivery_queue: &self.delivery_queue(),
            device_codes: &self.device_codes(),
            faults: &self.faults(),
            request_log: &self.request_log(),
            quota_usage: self.quota_usage(),
        };
        // Serialization cannot fail, because all map keys are strings.
        serde_json::to_string(&snapshot).unwrap_or_default()
    }

    /// Replaces the state by that of a snapshot, completely or not at all. A stepped clock is set; any other clock is
    /// not changed.
    pub(crate) fn restore(&self, text: &str) -> Result<(), InvalidInput> {
        let invalid = |error: serde_json::Error| InvalidInput::new(format!("invalid snapshot: {error}"));
        let SnapshotVersion { version } = serde_json::from_str(text).map_err(invalid)?;
        if version != VERSION {
            return Err(InvalidInput::new(format!("unsupported snapshot version {version}: expected {VERSION}")));
        }
        let snapshot: Snapshot = serde_json::from_str(text).map_err(invalid)?;
        let issuer = TokenIssuer::from_key(&snapshot.token_key)
            .ok_or_else(|| InvalidInput::new("invalid tokenKey: expected 64 bytes in unpadded base64url"))?;
        let mut tenants = self.tenants();
        *tenants = snapshot.tenants;
        tenants.get_or_create(self.default_tenant());
        self.set_token_issuer(issuer);
        *self.delivery_queue() = snapshot.delivery_queue;
        *self.device_codes() = snapshot.device_codes;
        *self.faults() = snapshot.faults;
        *self.request_log() = snapshot.request_log;
        self.set_quota_usage(snapshot.quota_usage);
        self.set_now(snapshot.now);
        self.wake();
        Ok(())
    }

    /// Resets the state as after the start. The time does not change, and tokens stay valid.
    pub(crate) fn reset(&self) {
        let mut tenants = self.tenants();
        *tenants = Tenants::default();
        tenants.get_or_create(self.default_tenant());
        *self.delivery_queue() = DeliveryQueue::default();
        *self.device_codes() = DeviceCodes::default();
        self.faults().clear();
        *self.request_log() = RequestLog::default();
        self.set_quota_usage(QuotaUsage::default());
    }
}
