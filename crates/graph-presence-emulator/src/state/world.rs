//! All tenants.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::Guid;

use super::State;

/// Tenants know nothing of each other.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct World(HashMap<Guid, State>);

impl World {
    /// The tenant, which comes into being by being named.
    pub(crate) fn of(&mut self, tenant: Guid) -> &mut State {
        self.0.entry(tenant).or_default()
    }

    pub(crate) fn tenants(&self) -> impl Iterator<Item = (Guid, &State)> {
        self.0.iter().map(|(id, state)| (*id, state))
    }

    pub(crate) fn has(&self, tenant: Guid) -> bool {
        self.0.contains_key(&tenant)
    }
}
