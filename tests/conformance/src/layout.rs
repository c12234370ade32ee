//! Layouts: the forms that tables have after scraping.
//!
//! Each layout is a function that finds its tables among a page's lines. Facts interpret the tables.

mod markdown_table;
mod one_cell_per_line;
mod pipe_cells;
mod space_separated;

use crate::source::Source;
use crate::table::Table;

/// Finds the tables of one layout.
type Layout = fn(Source<'_>) -> Vec<Table>;

/// The layouts whose tables are searched for in the lines that are not part of a [`markdown_table`].
const LAYOUTS: [Layout; 3] = [pipe_cells::read, space_separated::read, one_cell_per_line::read];

/// Returns the tables of a page, in page order.
pub(crate) fn read(source: Source<'_>) -> Vec<Table> {
    let (mut tables, lines) = markdown_table::read(source);
    let source = Source { lines: &lines, ..source };
    tables.extend(LAYOUTS.iter().flat_map(|layout| layout(source)));
    tables.sort_by_key(|table| table.header.line);
    tables
}
