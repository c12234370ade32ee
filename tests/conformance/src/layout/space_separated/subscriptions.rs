//! The table of resources that can be subscribed to: a description, a resource and change types per line.

use super::words::{join_words, words_of};
use crate::lines::Line;
use crate::source::Source;
use crate::table::{Kind, Row, Table};
use crate::vocabulary::is_subscription_resource;

/// Returns the table whose header is in this line. "URL" is the same in all languages.
pub(super) fn read(source: Source<'_>, index: usize) -> Option<Table> {
    let line = source.lines.get(index).filter(|line| line.text.contains("URL"))?;
    let rows: Vec<Row> = source.from(index + 1).iter().map_while(row).collect();
    let header = Row::new(line, &[]);
    (!rows.is_empty()).then_some(Table { kind: Kind::Subscriptions, in_request_line: false, header, rows })
}

fn row(line: &Line<'_>) -> Option<Row> {
    let words = words_of(line);
    let start = words.iter().position(|word| is_subscription_resource(word)).filter(|start| *start > 0)?;
    // A resource can list ids, with spaces between them, up to its closing bracket.
    let end = words.iter().rposition(|word| word.ends_with(')')).filter(|last| *last > start).unwrap_or(start) + 1;
    let ranges = [(0, start), (start, end), (end, words.len())];
    Some(Row { line: line.number, cells: ranges.map(|(from, to)| join_words(&words, from, to)).into() })
}
