//! The table of resources that can be subscribed to.

use crate::diagnostic::recorded_cell;
use crate::recording::Subscribable;
use crate::table::Row;
use crate::vocabulary::is_subscribable;

/// Returns the resources of the table. They are code, so no words are translated.
pub(super) fn read(rows: &[Row]) -> Vec<Subscribable> {
    let subscribable = |row: &Row| {
        let resource = row.cells.iter().position(|cell| is_subscribable(cell))?;
        Some(Subscribable {
            resource: recorded_cell(row.cell(resource)),
            changes: recorded_cell(row.cell(resource + 1)),
        })
    };
    rows.iter().filter_map(subscribable).collect()
}
