//! Tables with one row per line and pipes between the cells, as in Markdown. Pipes at the start and the end of a row
//! are optional.

use crate::inline::plain;
use crate::lines::Line;
use crate::source::Source;
use crate::table::{Kind, Row, Table};

/// The maximum number of lines of a row. A row that does not end in time is cut off after its first line.
const MAX_ROW_LINES: usize = 8;
const METHODS: [&str; 5] = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "];

/// Returns the tables in this layout, and the lines without them, so that other layouts do not read parts of rows.
pub(super) fn read<'a>(source: Source<'a>) -> (Vec<Table>, Vec<Line<'a>>) {
    let mut tables = Vec::new();
    let mut left = source.lines.to_vec();
    let mut index = 0;
    while let Some(line) = source.lines.get(index) {
        if !line.is_text() || cells(line.text).len() < 2 {
            index += 1;
            continue;
        }
        let (table, next) = table(source, index);
        if table.is_some() {
            for line in left.get_mut(index..next).unwrap_or_default() {
                line.text = "";
            }
        }
        tables.extend(table);
        index = next;
    }
    (tables, left)
}

/// Returns the table that starts in this line, if there is one, and the index of the line after it.
fn table(source: Source<'_>, start: usize) -> (Option<Table>, usize) {
    let mut rows: Vec<Row> = Vec::new();
    let (mut ruled, mut glued, mut next) = (false, false, start);
    let closed = source.lines.get(start).is_some_and(|line| line.text.trim_end().ends_with('|'));
    while let Some(line) = source.lines.get(next).filter(|line| line.is_text()) {
        let width = rows.first().map(|header| header.cells.len());
        let Some((text, lines)) = row(source.from(next), closed, width) else { break };
        let (cells, is_glued) = row_cells(&text);
        next += lines;
        glued |= is_glued && rows.is_empty();
        if is_rule(&cells) {
            // A second rule is below the header of another table that follows this one without a break.
            if ruled {
                next -= lines;
                break;
            }
            ruled = true;
        } else {
            rows.push(Row { line: line.number, cells });
        }
    }
    let Some((header, rows)) = headed(rows) else { return (None, next.max(start + 1)) };
    let width = header.cells.len();
    let rows: Vec<Row> = rows.into_iter().map(|row| fitted(row, width)).collect();
    let kind = Kind::of(source, &header, &rows);
    // A sentence can contain a pipe: an unknown table must have a rule or several rows.
    let table = kind != Kind::Unknown || ruled || !rows.is_empty();
    (table.then_some(Table { kind, glued, header, rows }), next.max(start + 1))
}

/// Splits the header from the other rows.
fn headed(rows: Vec<Row>) -> Option<(Row, Vec<Row>)> {
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
        let alone = |line: &&Line<'_>| cells(line.text).len() == 1 && !line.text.trim_start().starts_with('|');
        let more = lines.iter().skip(1).take(width.unwrap_or_default() - pipes).take_while(alone);
        let whole: Vec<&str> = std::iter::once(first).chain(more.map(|line| line.text.trim())).collect();
        return (pipes >= 2).then(|| (whole.join("\n"), whole.len()));
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
        // With more cells than the header, the added line is a row of its own.
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

/// Returns the cells of a row, and whether they are joined to a request.
fn row_cells(text: &str) -> (Vec<String>, bool) {
    let mut cells: Vec<String> = cells(text).into_iter().map(|cell| plain(cell).trim().to_owned()).collect();
    let glued = METHODS.iter().any(|method| text.starts_with(method));
    if glued {
        cells.remove(0);
    }
    (cells, glued)
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

/// Whether the cells are the rule below a header.
fn is_rule(cells: &[String]) -> bool {
    !cells.is_empty()
        && cells
            .iter()
            .all(|cell| cell.contains('-') && cell.chars().all(|character| matches!(character, '-' | ':' | ' ')))
}

/// Fits the row to the width of the header: adds missing cells, removes extra cells that are empty.
fn fitted(mut row: Row, width: usize) -> Row {
    while row.cells.len() > width && row.cells.last().is_some_and(String::is_empty) {
        row.cells.pop();
    }
    while row.cells.len() < width {
        row.cells.push(String::new());
    }
    row
}
