//! The table of resources that can be subscribed to.

use crate::diagnostic::token;
use crate::recording::Subscribable;
use crate::table::Row;

/// The resources of the table. They are code: nothing is to be understood.
pub(super) fn read(rows: &[Row]) -> Vec<Subscribable> {
    let subscribable = |row: &Row| {
        let resource = row.cells.iter().position(|cell| cell.contains("communications/presences"))?;
        Some(Subscribable { resource: token(row.cell(resource)), changes: token(row.cell(resource + 1)) })
    };
    rows.iter().filter_map(subscribable).collect()
}
