//! All tenants.

use std::collections::HashMap;

use crate::Guid;

use super::State;

/// Tenants know nothing of each other.
#[derive(Debug, Default)]
pub(crate) struct World(HashMap<Guid, State>);

impl World {
    /// The tenant, which comes into being by being named.
    pub(crate) fn of(&mut self, tenant: Guid) -> &mut State {
        self.0.entry(tenant).or_default()
    }

    pub(crate) fn has(&self, tenant: Guid) -> bool {
        self.0.contains_key(&tenant)
    }
}
