//! The table of resources that can be subscribed to.

use crate::diagnostic::shortened_cell;
use crate::recording::SubscriptionResource;
use crate::table::Row;
use crate::vocabulary::is_subscription_resource;

/// Returns the resources of the table. They are code, so they are not translated.
pub(super) fn read(rows: &[Row]) -> Vec<SubscriptionResource> {
    let read_row = |row: &Row| {
        let resource = row.cells.iter().position(|cell| is_subscription_resource(cell))?;
        Some(SubscriptionResource {
            resource: shortened_cell(row.cell(resource)),
            change_types: shortened_cell(row.cell(resource + 1)),
        })
    };
    rows.iter().filter_map(read_row).collect()
}
