//! Tables with one cell per line and a pipe at the end of each cell.
//!
//! A pipe before the cell marks the first cell of a row. If rows are not marked, the number of columns is inferred.

use crate::inline::plain;
use crate::lines::Line;
use crate::source::Source;
use crate::table::{Kind, Row, Table};
use crate::vocabulary::{Cloud, government_cloud, is_subscription_resource, scope};

/// The maximum number of lines of a cell. A longer cell ends the table.
const MAX_CELL_LENGTH: usize = 8;

/// The form of a line.
enum Shape<'a> {
    /// A complete cell. If marked, it is the first cell of a row.
    Cell { marked: bool, text: &'a str },
    /// The first line of the first cell of a row, which continues in the next line.
    Open(&'a str),
    /// Several cells, as in another layout.
    Cells,
    /// Not part of a table, or the middle of a cell.
    Other(&'a str),
}

fn shape<'a>(line: &Line<'a>) -> Shape<'a> {
    let code = !line.is_text();
    let line = line.text.trim();
    let (marked, rest) = line.strip_prefix('|').map_or((false, line), |rest| (true, rest));
    let (ended, text) = rest.strip_suffix('|').map_or((false, rest), |text| (true, text));
    let inner = text.contains('|');
    let text = text.trim();
    match (marked, ended) {
        (false, false) => Shape::Other(text),
        _ if code => Shape::Other(text),
        _ if inner => Shape::Cells,
        (marked, true) => Shape::Cell { marked, text },
        (true, false) => Shape::Open(text),
    }
}

/// Returns the tables in this layout.
pub(super) fn read(source: Source<'_>) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut index = 0;
    while let Some(line) = source.lines.get(index) {
        let (table, next) = match shape(line) {
            Shape::Cell { marked: true, .. } => marked(source, index),
            Shape::Cell { marked: false, .. } => unmarked(source, index),
            Shape::Cells | Shape::Open(_) | Shape::Other(_) => {
                index += 1;
                continue;
            }
        };
        tables.extend(table);
        index = next;
    }
    tables
}

/// Returns a table with marked rows, and the index of the line after it.
fn marked(source: Source<'_>, start: usize) -> (Option<Table>, usize) {
    let mut rows: Vec<Row> = Vec::new();
    let mut index = start;
    while let Some(line) = source.lines.get(index) {
        let width = rows.first().filter(|_| rows.len() > 1).map(|header| header.cells.len());
        let is_complete = |row: &Row| width.is_some_and(|width| row.cells.len() >= width);
        let (cell, next, marked) = match shape(line) {
            Shape::Cell { marked, text } => (plain(text), index + 1, marked),
            Shape::Open(text) => match join_cell(source.from(index + 1), text) {
                Some((cell, lines)) => (cell, index + 1 + lines, true),
                None => break,
            },
            Shape::Other(_) if width.is_some() && !rows.last().is_none_or(is_complete) => {
                match join_cell(source.from(index), "") {
                    Some((cell, lines)) => (cell, index + lines, false),
                    None => break,
                }
            }
            Shape::Cells | Shape::Other(_) => break,
        };
        match rows.last_mut() {
            Some(row) if !marked && is_complete(row) => break,
            Some(row) if !marked => row.cells.push(cell),
            _ => rows.push(Row::new(line, &[&cell])),
        }
        index = next;
    }
    (table(source, rows), index)
}

/// Returns a table without marked rows, and the index of the line after it.
fn unmarked(source: Source<'_>, start: usize) -> (Option<Table>, usize) {
    let mut cells: Vec<(&Line<'_>, String)> = Vec::new();
    let mut index = start;
    let mut width = None;
    while let Some(line) = source.lines.get(index) {
        let (cell, next) = match shape(line) {
            Shape::Cell { marked: false, text } => (plain(text), index + 1),
            Shape::Other(_) => {
                width = width.or_else(|| columns(source, &cells));
                let is_within_row = width.is_some_and(|width| !cells.len().is_multiple_of(width));
                match join_cell(source.from(index), "").filter(|_| is_within_row) {
                    Some((cell, lines)) => (cell, index + lines),
                    None => break,
                }
            }
            _ => break,
        };
        cells.push((line, cell));
        index = next;
    }
    let width = width.or_else(|| columns(source, &cells)).unwrap_or(cells.len()).max(1);
    let row = |cells: &[(&Line<'_>, String)]| {
        let (line, _) = cells.first()?;
        Some(Row { line: line.number, cells: cells.iter().map(|(_, cell)| cell.clone()).collect() })
    };
    (table(source, cells.chunks(width).filter_map(row).collect()), index)
}

/// Infers the number of columns of a table without marked rows.
fn columns(source: Source<'_>, cells: &[(&Line<'_>, String)]) -> Option<usize> {
    let cell = |index: usize| cells.get(index).map_or("", |(_, cell)| cell.as_str());
    if (government_cloud(cell(1)), government_cloud(cell(2))) == (Some(Cloud::L4), Some(Cloud::L5)) {
        return Some(4);
    }
    let mut resources = (0..cells.len()).filter(|index| is_subscription_resource(cell(*index)));
    if let (Some(first), Some(second)) = (resources.next(), resources.next()) {
        return Some(second - first);
    }
    // The second cell of a header can be a term too. Known tables have at least two columns.
    (2..=4).find(|index| {
        source.begins_row(cell(*index)) || scope(source.locale, source.translations, cell(index + 1)).is_some()
    })
}

/// Joins the lines of a cell. Returns the cell and the number of lines.
fn join_cell(lines: &[Line<'_>], begin: &str) -> Option<(String, usize)> {
    let mut cell = begin.to_owned();
    for (index, line) in lines.iter().take(MAX_CELL_LENGTH).enumerate() {
        let (text, ended) = match shape(line) {
            Shape::Other(text) => (text, false),
            Shape::Cell { marked: false, text } => (text, true),
            _ => return None,
        };
        if !cell.is_empty() && !text.is_empty() {
            cell.push(' ');
        }
        cell.push_str(text);
        if ended {
            return Some((plain(&cell), index + 1));
        }
    }
    None
}

fn table(source: Source<'_>, rows: Vec<Row>) -> Option<Table> {
    let mut rows = rows.into_iter();
    let header = rows.next()?;
    let rows: Vec<Row> = rows.collect();
    let kind = Kind::classify(source, &header, &rows);
    Some(Table { kind, in_request_line: false, header, rows })
}
