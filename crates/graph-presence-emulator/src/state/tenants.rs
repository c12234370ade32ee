//! All tenants.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Guid;

use super::change::Change;
use super::tenant_state::TenantState;

/// All tenants. They are independent of each other.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tenants(HashMap<Guid, TenantState>);

impl Tenants {
    /// Returns the tenant, and creates it if it does not exist.
    pub(crate) fn get_or_create(&mut self, tenant: Guid) -> &mut TenantState {
        self.0.entry(tenant).or_default()
    }

    /// Records the changes caused by fading and expiries until `now`. Returns all changes about which subscribers must
    /// be notified.
    pub(crate) fn settle(&mut self, now: Timestamp) -> Vec<Change> {
        let states = self.0.values_mut();
        states
            .flat_map(|state| {
                state.settle(now);
                state.take_changes()
            })
            .collect()
    }

    /// Returns `true` if [`Self::settle`] is required for reasons other than time.
    pub(crate) fn needs_settling(&self) -> bool {
        self.0.values().any(TenantState::needs_settling)
    }

    /// Returns when time next requires [`Self::settle`], unless the state changes before.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.0.values().filter_map(TenantState::next_due).min()
    }

    /// Returns the tenant if it exists.
    pub(crate) fn get(&self, tenant: Guid) -> Option<&TenantState> {
        self.0.get(&tenant)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Guid, &TenantState)> {
        self.0.iter().map(|(id, state)| (*id, state))
    }

    pub(crate) fn contains(&self, tenant: Guid) -> bool {
        self.0.contains_key(&tenant)
    }
}
