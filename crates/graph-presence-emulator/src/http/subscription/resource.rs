//! The resources that can be subscribed to ("Get change notifications for presence updates in Microsoft Teams").

use std::collections::BTreeSet;

use crate::http::refusal::Refusal;
use crate::{Cloud, Guid};

/// The most users of one subscription.
const MOST_IDS: usize = 650;

/// The users of `communications/presences/{id}` or `communications/presences?$filter=id in ('{id}',…)`, with or
/// without a slash before it.
pub(super) fn users(resource: &str, cloud: Cloud) -> Result<BTreeSet<Guid>, Refusal> {
    if !cloud.has_presence() {
        return Err(unsupported());
    }
    let path = resource.strip_prefix('/').unwrap_or(resource);
    let rest = path.strip_prefix("communications/presences").ok_or_else(unsupported)?;
    if let Some(id) = rest.strip_prefix('/') {
        return Ok(BTreeSet::from([guid(id)?]));
    }
    let filter = rest.strip_prefix("?$filter=").ok_or_else(unsupported)?;
    let ids = quoted(filter).ok_or_else(|| Refusal::bad_request("Invalid filter clause"))?;
    if ids.len() > MOST_IDS {
        return Err(Refusal::argument("Resource", "must name at most 650 users"));
    }
    ids.into_iter().map(guid).collect()
}

/// The texts of `id in ('a', 'b')`.
fn quoted(filter: &str) -> Option<Vec<&str>> {
    let (clause, list) = filter.split_once('(')?;
    let list = list.trim_end().strip_suffix(')')?;
    if !clause.split_whitespace().eq(["id", "in"]) {
        return None;
    }
    list.split(',').map(|id| id.trim().strip_prefix('\'')?.strip_suffix('\'')).collect()
}

fn guid(id: &str) -> Result<Guid, Refusal> {
    Guid::parse(id).map_err(|_| Refusal::argument("Resource", "must name users by their GUIDs"))
}

fn unsupported() -> Refusal {
    Refusal::argument("Resource", "must be presences")
}
