//! Tables with one row a line and pipes between the cells: Markdown's, with a pipe at both ends of a row, or only at its
//! end, or at neither.

use crate::inline::plain;
use crate::lines::Line;
use crate::source::Source;
use crate::table::{Kind, Row, Table};

/// The most lines a row is spread over before it counts as cut.
const LONGEST_ROW: usize = 8;
const METHODS: [&str; 5] = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "];

/// The tables with one row a line, and the lines without them: what is left of a row is none of another layout's.
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

/// The table that begins in this line, if it is one, and the index of the line after it.
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
            // A second rule is under the header of another table that nothing parts from this one.
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
    // A sentence can have a pipe in it: a table that nobody knows has a rule or several rows.
    let table = kind != Kind::Unknown || ruled || !rows.is_empty();
    (table.then_some(Table { kind, glued, header, rows }), next.max(start + 1))
}

/// The header and the other rows.
fn headed(rows: Vec<Row>) -> Option<(Row, Vec<Row>)> {
    let mut rows = rows.into_iter();
    let header = rows.next()?;
    Some((header, rows.collect()))
}

/// The text of a row, and over how many lines it is spread.
fn row(lines: &[Line<'_>], closed: bool, width: Option<usize>) -> Option<(String, usize)> {
    let first = lines.first()?.text.trim();
    let pipes = cells(first).len();
    let opened = first.starts_with('|');
    if pipes < 2 && !opened {
        return None;
    }
    if closed && first.ends_with('|') && width.is_some_and(|width| pipes < width) {
        // A break within the row leaves its last cells in lines of their own.
        let alone = |line: &&Line<'_>| cells(line.text).len() == 1 && !line.text.trim_start().starts_with('|');
        let more = lines.iter().skip(1).take(width.unwrap_or_default() - pipes).take_while(alone);
        let whole: Vec<&str> = std::iter::once(first).chain(more.map(|line| line.text.trim())).collect();
        return (pipes >= 2).then(|| (whole.join("\n"), whole.len()));
    }
    if !closed || first.ends_with('|') {
        return (pipes >= 2).then(|| (first.to_owned(), 1));
    }
    let mut text = first.to_owned();
    for (index, line) in lines.iter().enumerate().skip(1).take(LONGEST_ROW) {
        let line = line.text.trim();
        if line.starts_with('|') || line.is_empty() {
            break;
        }
        text.push('\n');
        text.push_str(line);
        // With more cells than the header, what was added is a row of its own.
        if width.is_some_and(|width| cells(&text).len() > width) {
            break;
        }
        if line.ends_with('|') {
            return (cells(&text).len() >= 2).then_some((text, index + 1));
        }
    }
    // The end of the page, or of the table, took the row's end with it.
    (pipes >= 2).then(|| (first.to_owned(), 1))
}

/// The cells of a row, and whether they are glued to a request.
fn row_cells(text: &str) -> (Vec<String>, bool) {
    let mut cells: Vec<String> = cells(text).into_iter().map(|cell| plain(cell).trim().to_owned()).collect();
    let glued = METHODS.iter().any(|method| text.starts_with(method));
    if glued {
        cells.remove(0);
    }
    (cells, glued)
}

/// The cells of a line: what stands between pipes that are not escaped, without the empty ends.
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

/// Whether the cells are the rule under a header.
fn is_rule(cells: &[String]) -> bool {
    !cells.is_empty()
        && cells
            .iter()
            .all(|cell| cell.contains('-') && cell.chars().all(|character| matches!(character, '-' | ':' | ' ')))
}

/// The row with as many cells as the header: those that are missing are empty, and those that are too many are if empty
/// dropped.
fn fitted(mut row: Row, width: usize) -> Row {
    while row.cells.len() > width && row.cells.last().is_some_and(String::is_empty) {
        row.cells.pop();
    }
    while row.cells.len() < width {
        row.cells.push(String::new());
    }
    row
}
