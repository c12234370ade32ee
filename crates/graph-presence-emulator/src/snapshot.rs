//! Everything that an emulator holds, as text.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::InvalidInput;
use crate::device::Devices;
use crate::fault::Faults;
use crate::http::Service;
use crate::journal::Journal;
use crate::outbox::Outbox;
use crate::quota::Counts;
use crate::state::World;
use crate::token::Mint;

/// Grows with every change that an older emulator could not read.
const VERSION: u64 = 1;

/// All but the settings, which are the emulator's and not the state's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    version: u64,
    now: Timestamp,
    token_key: String,
    world: &'a World,
    outbox: &'a Outbox,
    devices: &'a Devices,
    faults: &'a Faults,
    requests: &'a Journal,
    counts: Counts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Read {
    #[serde(rename = "version")]
    _version: u64,
    now: Timestamp,
    token_key: String,
    world: World,
    outbox: Outbox,
    devices: Devices,
    faults: Faults,
    requests: Journal,
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
        let world = self.world();
        let written = Written {
            version: VERSION,
            now,
            token_key: self.token_mint().key(),
            world: &world,
            outbox: &self.outbox(),
            devices: &self.devices(),
            faults: &self.faults(),
            requests: &self.journal(),
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
            return Err(InvalidInput::new("version", version, "must be 1, which is all that this emulator reads"));
        }
        let read: Read = serde_json::from_str(snapshot).map_err(unreadable)?;
        let mint = Mint::from_key(&read.token_key)
            .ok_or_else(|| InvalidInput::of_field("tokenKey", "must be the key of a snapshot"))?;
        let mut world = self.world();
        *world = read.world;
        world.of(self.home());
        self.set_mint(mint);
        *self.outbox() = read.outbox;
        *self.devices() = read.devices;
        *self.faults() = read.faults;
        *self.journal() = read.requests;
        self.set_counts(read.counts);
        self.set_now(read.now);
        self.wake();
        Ok(())
    }

    /// As it was when it started; the clock stays, and so do the tokens.
    pub(crate) fn reset(&self) {
        let mut world = self.world();
        *world = World::default();
        world.of(self.home());
        *self.outbox() = Outbox::default();
        *self.devices() = Devices::default();
        self.faults().clear();
        *self.journal() = Journal::default();
        self.set_counts(Counts::default());
    }
}
