//! The table of resources that can be subscribed to.

use crate::diagnostic::shortened_cell;
use crate::recording::SubscriptionResource;
use crate::table::Row;
use crate::vocabulary::is_subscription_resource;

/// Returns the resources of the table. They are code, so no words are translated.
pub(super) fn read(rows: &[Row]) -> Vec<SubscriptionResource> {
    let subscription_resource = |row: &Row| {
        let resource = row.cells.iter().position(|cell| is_subscription_resource(cell))?;
        Some(SubscriptionResource {
            resource: shortened_cell(row.cell(resource)),
            changes: shortened_cell(row.cell(resource + 1)),
        })
    };
    rows.iter().filter_map(subscription_resource).collect()
}
