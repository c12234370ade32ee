//! Searches the users of a tenant.

use jiff::Timestamp;

use crate::Guid;
use crate::service::Service;

/// The number of users that are searched under one lock, so that other requests do not wait for a complete search.
const CHUNK_SIZE: usize = 1_000;

/// A page of search results, ordered by id.
pub(super) struct SearchPage {
    /// The total number of results.
    pub(super) count: usize,
    pub(super) ids: Vec<Guid>,
    /// The next time at which the results may change without a request.
    pub(super) next_change: Option<Timestamp>,
}

/// Returns the users whose id, availability, activity or status message contains a text, ignoring case.
pub(super) fn search(
    service: &Service,
    tenant: Guid,
    search: &str,
    page: (usize, usize),
    now: Timestamp,
) -> SearchPage {
    let search = search.to_lowercase();
    let mut ids: Vec<_> = service.tenants().get(tenant).map(|state| state.users().collect()).unwrap_or_default();
    ids.sort_unstable();
    let mut next_change = None;
    if !search.is_empty() {
        ids = ids
            .chunks(CHUNK_SIZE)
            .flat_map(|ids| {
                let tenants = service.tenants();
                let Some(state) = tenants.get(tenant) else {
                    return Vec::new();
                };
                let changes = ids.iter().filter_map(|id| state.next_change(*id, now));
                next_change = changes.chain(next_change).min();
                let matches = |id: &Guid| id.to_string().contains(&search) || state.matches(*id, &search, now);
                ids.iter().copied().filter(matches).collect()
            })
            .collect();
    }
    let (skip, top) = page;
    SearchPage { count: ids.len(), ids: ids.into_iter().skip(skip).take(top).collect(), next_change }
}
