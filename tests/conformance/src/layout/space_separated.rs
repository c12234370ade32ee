//! Tables with one row per line and a single space between the cells.
//!
//! Cells contain spaces too, so only known terms and patterns show where a cell ends.

mod pairs;
mod parameters;
mod states;
mod subscriptions;
mod words;

use crate::lines::Line;
use crate::recording::CloudSupport;
use crate::source::Source;
use crate::table::{Kind, Row, Table};
use crate::vocabulary::{Cloud, cloud_support, government_cloud, leading_permission_cell};
use words::{join_words, words_from, words_of};

/// Returns the tables in this layout.
pub(super) fn read(source: Source<'_>) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut index = 0;
    while let Some(line) = source.lines.get(index) {
        let words = words_of(line);
        // Rows of known tables have several words.
        if words.len() < 2 {
            index += 1;
            continue;
        }
        let table = clouds(source, index, &words)
            .or_else(|| permissions(source, index, &words))
            .or_else(|| parameters::read(source, index, &words))
            .or_else(|| pairs::read(source, index, &words))
            .or_else(|| states::read(source, index))
            .or_else(|| subscriptions::read(source, index));
        index += table.as_ref().map_or(1, |table| table.rows.len().max(1));
        tables.extend(table);
    }
    tables
}

/// Returns the cloud table: the levels are in the middle of its header, the marks in the next line that is not blank.
fn clouds(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    let position = |cloud: Cloud| words.iter().position(|word| government_cloud(word) == Some(cloud));
    let (l4, l5) = (position(Cloud::L4)?, position(Cloud::L5)?);
    if l5 < l4 {
        return None;
    }
    let marks = source.from(index + 1).iter().find(|line| !line.is_blank()).and_then(|line| {
        let cells: Vec<&str> = line.text.split_whitespace().take(5).collect();
        let all_known = cells.len() == 4 && cells.iter().all(|cell| cloud_support(cell) != CloudSupport::Unknown);
        all_known.then(|| Row::new(line, &cells))
    });
    let global =
        source.translations.clouds.find_leading(source.locale, words).filter(|(cloud, _)| *cloud == Cloud::Global);
    let china =
        (l5 + 1..words.len()).find(|start| source.cloud(&join_words(words, *start, words.len())) == Some(Cloud::China));
    // A sentence can name both levels too, so another cloud must be in the same line, or marks in the next.
    if marks.is_none() && (global.is_none() || china.is_none()) {
        return None;
    }
    // The words before both levels, and brackets, are not part of the names of other clouds.
    let shared = (1..l4).take_while(|count| words.get(l4 - count) == words.get(l5 - count)).count();
    let global = global.map_or(l4 - shared, |(_, count)| count);
    let china = china.unwrap_or_else(|| {
        (l5 + 1..words.len())
            .find(|at| words.get(*at).is_some_and(|word| !word.starts_with('(')))
            .unwrap_or(words.len())
    });
    let ranges = [(0, global), (global, l4 + 1), (l4 + 1, china), (china, words.len())];
    let cells = ranges.map(|(start, end)| join_words(words, start, end));
    let header = Row { line: source.lines.get(index)?.number, cells: cells.into() };
    Some(Table { kind: Kind::Clouds, in_request_line: false, header, rows: marks.into_iter().collect() })
}

/// Returns the permissions table: rows start with a kind of access token and end with scopes or terms in place of
/// scopes.
fn permissions(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    let row = |line: &Line<'_>, words: &[&str], within_table: bool| {
        let (_, mut end) = source.translations.permissions.find_leading(source.locale, words)?;
        let mut cells = vec![join_words(words, 0, end)];
        while let Some((_, count)) = leading_permission_cell(source.locale, source.translations, words_from(words, end))
        {
            cells.push(join_words(words, end, end + count));
            end += count;
        }
        let has_permissions = cells.len() > 1;
        if end < words.len() {
            cells.push(join_words(words, end, words.len()));
        }
        (has_permissions || within_table).then_some(Row { line: line.number, cells })
    };
    let line = source.lines.get(index)?;
    // A line without permissions is a row if the next line is a row with permissions.
    let next_row = || source.lines.get(index + 1).filter(|next| row(next, &words_of(next), false).is_some());
    let first = row(line, words, false).or_else(|| next_row().and_then(|_| row(line, words, true)))?;
    let others = source.from(index + 1).iter().map_while(|line| row(line, &words_of(line), true));
    let header = Row { line: first.line, cells: Vec::new() };
    Some(Table {
        kind: Kind::Permissions,
        in_request_line: false,
        header,
        rows: std::iter::once(first).chain(others).collect(),
    })
}
