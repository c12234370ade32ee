//! The resources that can be subscribed to ("Get change notifications for presence updates in Microsoft Teams").

use std::collections::BTreeSet;

use crate::http::graph_error::GraphError;
use crate::{Cloud, Guid};

/// The maximum number of users of a subscription.
const MAX_IDS: usize = 650;

/// Returns the users of `communications/presences/{id}` or `communications/presences?$filter=id in ('{id}',…)`, with or
/// without a leading slash.
pub(super) fn users(resource: &str, cloud: Cloud) -> Result<BTreeSet<Guid>, GraphError> {
    if !cloud.has_presence() {
        return Err(unsupported());
    }
    let path = resource.strip_prefix('/').unwrap_or(resource);
    let rest = path.strip_prefix("communications/presences").ok_or_else(unsupported)?;
    if let Some(id) = rest.strip_prefix('/') {
        return Ok(BTreeSet::from([guid(id)?]));
    }
    let filter = rest.strip_prefix("?$filter=").ok_or_else(unsupported)?;
    let ids = filter_ids(filter).ok_or_else(|| GraphError::bad_request("Invalid filter clause"))?;
    if ids.len() > MAX_IDS {
        return Err(GraphError::invalid_argument("Resource", "must name at most 650 users"));
    }
    ids.into_iter().map(guid).collect()
}

/// Returns the strings in `id in ('a', 'b')`.
fn filter_ids(filter: &str) -> Option<Vec<&str>> {
    let (clause, list) = filter.split_once('(')?;
    let list = list.trim_end().strip_suffix(')')?;
    if !clause.split_whitespace().eq(["id", "in"]) {
        return None;
    }
    list.split(',').map(|id| id.trim().strip_prefix('\'')?.strip_suffix('\'')).collect()
}

fn guid(id: &str) -> Result<Guid, GraphError> {
    Guid::parse(id).map_err(|_| GraphError::invalid_argument("Resource", "must name users by their GUIDs"))
}

fn unsupported() -> GraphError {
    GraphError::invalid_argument("Resource", "must be presences")
}
