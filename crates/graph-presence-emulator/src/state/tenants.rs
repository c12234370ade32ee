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
    /// The tenant, which comes into being by being named.
    pub(crate) fn of(&mut self, tenant: Guid) -> &mut TenantState {
        self.0.entry(tenant).or_default()
    }

    /// Lets time do in every tenant what it has to do until now, and answers what subscribers are to be told.
    pub(crate) fn settle(&mut self, now: Timestamp) -> Vec<Change> {
        let states = self.0.values_mut();
        states
            .flat_map(|state| {
                state.settle(now);
                state.take_changes()
            })
            .collect()
    }

    /// Whether there is a reason to settle that is not time's.
    pub(crate) fn is_stirred(&self) -> bool {
        self.0.values().any(TenantState::is_stirred)
    }

    /// When time will be a reason to settle, if nobody does anything before.
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
