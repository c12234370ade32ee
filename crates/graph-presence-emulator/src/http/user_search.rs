//! Searches users.

use jiff::Timestamp;

use crate::Guid;
use crate::service::Service;

/// How many users are looked at under one lock, so that other requests do not wait for the end of a search.
const CHUNK: usize = 1_000;

/// Some of the users who are meant, in the order of their ids.
pub(super) struct Found {
    pub(super) count: usize,
    pub(super) ids: Vec<Guid>,
    /// When time may bring others.
    pub(super) next_change: Option<Timestamp>,
}

/// Those whose id, availability, activity or message contains a text, in any case.
pub(super) fn find(service: &Service, tenant: Guid, search: &str, page: (usize, usize), now: Timestamp) -> Found {
    let search = search.to_lowercase();
    let mut ids: Vec<_> = service.tenants().get(tenant).map(|state| state.users().collect()).unwrap_or_default();
    ids.sort_unstable();
    let mut next_change = None;
    if !search.is_empty() {
        ids = ids
            .chunks(CHUNK)
            .flat_map(|ids| {
                let tenants = service.tenants();
                let Some(state) = tenants.get(tenant) else {
                    return Vec::new();
                };
                let changes = ids.iter().filter_map(|id| state.next_change(*id, now));
                next_change = changes.chain(next_change).min();
                let is_meant = |id: &Guid| id.to_string().contains(&search) || state.says(*id, &search, now);
                ids.iter().copied().filter(is_meant).collect()
            })
            .collect();
    }
    let (skip, top) = page;
    Found { count: ids.len(), ids: ids.into_iter().skip(skip).take(top).collect(), next_change }
}
