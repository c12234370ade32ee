//! All tenants.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Guid;

use super::change::Change;
use super::tenant_state::TenantState;

/// Tenants know nothing of each other.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tenants(HashMap<Guid, TenantState>);

impl Tenants {
    /// Returns the tenant, and creates it if it is unknown.
    pub(crate) fn of(&mut self, tenant: Guid) -> &mut TenantState {
        self.0.entry(tenant).or_default()
    }

    /// Applies the effects of time in every tenant until now. Returns the changes to notify subscribers of.
    pub(crate) fn settle(&mut self, now: Timestamp) -> Vec<Change> {
        let states = self.0.values_mut();
        states
            .flat_map(|state| {
                state.settle(now);
                state.take_changes()
            })
            .collect()
    }

    /// Returns `true` if something other than time is a reason to settle.
    pub(crate) fn needs_settling(&self) -> bool {
        self.0.values().any(TenantState::needs_settling)
    }

    /// Returns when time will be a reason to settle, if nothing happens before.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.0.values().filter_map(TenantState::next_due).min()
    }

    /// The tenant, if it is known.
    pub(crate) fn get(&self, tenant: Guid) -> Option<&TenantState> {
        self.0.get(&tenant)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Guid, &TenantState)> {
        self.0.iter().map(|(id, state)| (*id, state))
    }

    pub(crate) fn has(&self, tenant: Guid) -> bool {
        self.0.contains_key(&tenant)
    }
}
