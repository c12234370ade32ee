//! The cells of the table of resources that can be subscribed to.

/// Returns `true` if a cell is a resource that can be subscribed to.
pub(crate) fn is_subscription_resource(cell: &str) -> bool {
    cell.trim_start_matches('/').starts_with("communications/presences")
}
