//! Tables with one row per line and pipes between the cells, as in Markdown. Pipes at the start and the end of a row
//! are optional.

use crate::inline::plain;
use crate::lines::Line;
use crate::source::Source;
use crate::table::{Kind, Row, Table};

/// The maximum number of lines of a row. Only the first line of a longer row is read.
const MAX_ROW_LINES: usize = 8;
const METHODS: [&str; 5] = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "];

/// Returns the tables in this layout, and the page's lines without them, so that other layouts do not read parts of
/// rows.
pub(super) fn read<'a>(source: Source<'a>) -> (Vec<Table>, Vec<Line<'a>>) {
    let mut tables = Vec::new();
    let mut other_lines = source.lines.to_vec();
    let mut index = 0;
    while let Some(line) = source.lines.get(index) {
        if !line.is_text() || cells(line.text).len() < 2 {
            index += 1;
            continue;
        }
        let (table, next) = table(source, index);
        if table.is_some() {
            for line in other_lines.get_mut(index..next).unwrap_or_default() {
                line.text = "";
            }
        }
        tables.extend(table);
        index = next;
    }
    (tables, other_lines)
}

/// Returns the table that starts in this line, if there is one, and the index of the line after it.
fn table(source: Source<'_>, start: usize) -> (Option<Table>, usize) {
    let mut rows: Vec<Row> = Vec::new();
    let (mut has_delimiter_row, mut in_request_line, mut next) = (false, false, start);
    let closed = source.lines.get(start).is_some_and(|line| line.text.trim_end().ends_with('|'));
    while let Some(line) = source.lines.get(next).filter(|line| line.is_text()) {
        let width = rows.first().map(|header| header.cells.len());
        let Some((text, lines)) = row(source.from(next), closed, width) else { break };
        let (cells, follows_request) = row_cells(&text);
        next += lines;
        in_request_line |= follows_request && rows.is_empty();
        if is_delimiter_row(&cells) {
            // A second delimiter row belongs to another table that follows without a blank line.
            if has_delimiter_row {
                next -= lines;
                break;
            }
            has_delimiter_row = true;
        } else {
            rows.push(Row { line: line.number, cells });
        }
    }
    let Some((header, rows)) = split_header(rows) else { return (None, next.max(start + 1)) };
    let width = header.cells.len();
    let rows: Vec<Row> = rows.into_iter().map(|row| with_width(row, width)).collect();
    let kind = Kind::classify(source, &header, &rows);
    // A sentence can contain a pipe, so an unknown table must have a delimiter row or several rows.
    let table = kind != Kind::Unknown || has_delimiter_row || !rows.is_empty();
    (table.then_some(Table { kind, in_request_line, header, rows }), next.max(start + 1))
}

/// Splits the header from the other rows.
fn split_header(rows: Vec<Row>) -> Option<(Row, Vec<Row>)> {
    let mut rows = rows.into_iter();
    let header = rows.next()?;
    Some((header, rows.collect()))
}

/// Returns the text of a row, and the number of its lines.
fn row(lines: &[Line<'_>], closed: bool, width: Option<usize>) -> Option<(String, usize)> {
    let first = lines.first()?.text.trim();
    let pipes = cells(first).len();
    let opened = first.starts_with('|');
    if pipes < 2 && !opened {
        return None;
    }
    if closed && first.ends_with('|') && width.is_some_and(|width| pipes < width) {
        // After a line break within the row, its last cells are in lines of their own.
        let is_single_cell = |line: &&Line<'_>| cells(line.text).len() == 1 && !line.text.trim_start().starts_with('|');
        let more = lines.iter().skip(1).take(width.unwrap_or_default() - pipes).take_while(is_single_cell);
        let row: Vec<&str> = std::iter::once(first).chain(more.map(|line| line.text.trim())).collect();
        return (pipes >= 2).then(|| (row.join("\n"), row.len()));
    }
    if !closed || first.ends_with('|') {
        return (pipes >= 2).then(|| (first.to_owned(), 1));
    }
    let mut text = first.to_owned();
    for (index, line) in lines.iter().enumerate().skip(1).take(MAX_ROW_LINES) {
        let line = line.text.trim();
        if line.starts_with('|') || line.is_empty() {
            break;
        }
        text.push('\n');
        text.push_str(line);
        // If the joined row would have more cells than the header, the added line is a separate row.
        if width.is_some_and(|width| cells(&text).len() > width) {
            break;
        }
        if line.ends_with('|') {
            return (cells(&text).len() >= 2).then_some((text, index + 1));
        }
    }
    // The end of the row is missing, because the page or the table is cut off.
    (pipes >= 2).then(|| (first.to_owned(), 1))
}

/// Returns the cells of a row, and whether the row follows a request in the same line.
fn row_cells(text: &str) -> (Vec<String>, bool) {
    let mut cells: Vec<String> = cells(text).into_iter().map(|cell| plain(cell).trim().to_owned()).collect();
    let follows_request = METHODS.iter().any(|method| text.starts_with(method));
    if follows_request {
        cells.remove(0);
    }
    (cells, follows_request)
}

/// Splits a line at pipes that are not escaped. Empty cells at the start and the end are removed.
fn cells(text: &str) -> Vec<&str> {
    let text = text.trim();
    let mut cells = Vec::new();
    let (mut from, mut escaped) = (0, false);
    for (index, byte) in text.bytes().enumerate() {
        if byte == b'|' && !escaped {
            cells.extend(text.get(from..index));
            from = index + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    if cells.is_empty() {
        return Vec::new();
    }
    cells.extend(text.get(from..).filter(|rest| !rest.trim().is_empty()));
    if text.starts_with('|') {
        cells.remove(0);
    }
    cells
}

/// Returns `true` if the cells are the delimiter row below a header.
fn is_delimiter_row(cells: &[String]) -> bool {
    !cells.is_empty()
        && cells
            .iter()
            .all(|cell| cell.contains('-') && cell.chars().all(|character| matches!(character, '-' | ':' | ' ')))
}

/// Adjusts the row to the width of the header: adds missing cells, removes extra empty cells.
fn with_width(mut row: Row, width: usize) -> Row {
    while row.cells.len() > width && row.cells.last().is_some_and(String::is_empty) {
        row.cells.pop();
    }
    while row.cells.len() < width {
        row.cells.push(String::new());
    }
    row
}
