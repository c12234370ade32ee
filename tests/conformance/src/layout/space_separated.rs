//! Tables with one row per line and a single space between the cells.
//!
//! Cells contain spaces too, so only known words and patterns tell where a cell ends.

mod pairs;
mod parameters;
mod states;
mod subscriptions;
mod words;

use crate::lines::Line;
use crate::recording::CloudSupport;
use crate::source::Source;
use crate::table::{Kind, Row, Table};
use crate::vocabulary::{Cloud, government_cloud, leading_permission_cell, offered};
use words::{from, joined, words_of};

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
    let place = |cloud: Cloud| words.iter().position(|word| government_cloud(word) == Some(cloud));
    let (l4, l5) = (place(Cloud::L4)?, place(Cloud::L5)?);
    if l5 < l4 {
        return None;
    }
    let marks = source.from(index + 1).iter().find(|line| !line.is_blank()).and_then(|line| {
        let cells: Vec<&str> = line.text.split_whitespace().take(5).collect();
        let all = cells.len() == 4 && cells.iter().all(|cell| cloud_support(cell) != CloudSupport::Unknown);
        all.then(|| Row::new(line, &cells))
    });
    let global = source.translations.clouds.first(source.locale, words).filter(|(cloud, _)| *cloud == Cloud::Global);
    let china =
        (l5 + 1..words.len()).find(|start| source.cloud(&joined(words, *start, words.len())) == Some(Cloud::China));
    // A sentence can name both levels too: another cloud must be beside them, or marks below.
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
    let borders = [(0, global), (global, l4 + 1), (l4 + 1, china), (china, words.len())];
    let cells = borders.map(|(start, end)| joined(words, start, end));
    let header = Row { line: source.lines.get(index)?.number, cells: cells.into() };
    Some(Table { kind: Kind::Clouds, glued: false, header, rows: marks.into_iter().collect() })
}

/// Returns the permissions table: rows start with a kind of access token and end with scopes or words in their place.
fn permissions(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    let row = |line: &Line<'_>, words: &[&str], inside: bool| {
        let (_, mut at) = source.translations.permissions.first(source.locale, words)?;
        let mut cells = vec![joined(words, 0, at)];
        while let Some((_, count)) = leading_permission_cell(source.locale, source.translations, from(words, at)) {
            cells.push(joined(words, at, at + count));
            at += count;
        }
        let understood = cells.len() > 1;
        if at < words.len() {
            cells.push(joined(words, at, words.len()));
        }
        (understood || inside).then_some(Row { line: line.number, cells })
    };
    let line = source.lines.get(index)?;
    // A line without a grant is a row if the next line is a row with one.
    let begun = || source.lines.get(index + 1).filter(|next| row(next, &words_of(next), false).is_some());
    let first = row(line, words, false).or_else(|| begun().and_then(|_| row(line, words, true)))?;
    let others = source.from(index + 1).iter().map_while(|line| row(line, &words_of(line), true));
    let header = Row { line: first.line, cells: Vec::new() };
    Some(Table { kind: Kind::Permissions, glued: false, header, rows: std::iter::once(first).chain(others).collect() })
}
