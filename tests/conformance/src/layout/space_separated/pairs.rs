//! The table of pairs: two values and a description per line.

use super::parameters;
use super::words::{join_words, words_from, words_of};
use crate::source::Source;
use crate::table::{Kind, Row, Table};

/// The maximum number of words of a value.
const MAX_VALUE_WORDS: usize = 4;

/// The maximum number of rows without a known value before a row with one.
const MAX_UNKNOWN_ROWS: usize = 3;

/// Returns the table whose header, the names of both properties, is in this line.
pub(super) fn read(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    parameters::pairs_header(source, words)?;
    let mut rows = Vec::new();
    let mut last = 0;
    for line in source.from(index + 1) {
        let words = words_of(line);
        let ends = source.translations.sections.find(source.locale, line.text).is_some()
            || parameters::pairs_header(source, &words).is_some()
            || rows.len() > last + MAX_UNKNOWN_ROWS;
        let Some(first) = words.first().filter(|_| !ends) else { break };
        let cells = match values(source, &words) {
            Some((first, second)) => {
                last = rows.len() + 1;
                vec![join_words(&words, 0, first), join_words(&words, first, first + second), line.text.to_owned()]
            }
            // The end of an unknown value cannot be found, so a row of one cell is added, which is reported as unknown.
            None => {
                last = if value(source, &words).is_some() { rows.len() + 1 } else { last };
                vec![(*first).to_owned()]
            }
        };
        rows.push(Row { line: line.number, cells });
    }
    // Lines after the last value are not rows.
    rows.truncate(last);
    let header = Row::new(source.lines.get(index)?, &[]);
    Some(Table { kind: Kind::Pairs, in_request_line: false, header, rows })
}

/// Returns the number of words of each value of a row.
fn values(source: Source<'_>, words: &[&str]) -> Option<(usize, usize)> {
    let first = value(source, words).or_else(|| {
        (1..=MAX_VALUE_WORDS).find(|count| {
            let rest = words_from(words, *count);
            // An unknown value ends where it is repeated, or where a known one starts.
            !rest.is_empty()
                && (rest.starts_with(words.get(..*count).unwrap_or_default()) || value(source, rest).is_some())
        })
    })?;
    let rest = words_from(words, first);
    let repeated = || {
        (1..=MAX_VALUE_WORDS).rev().find(|count| {
            let (cell, description) = rest.split_at_checked(*count).unwrap_or_default();
            let without_punctuation =
                |words: &[&str]| words.join(" ").trim_end_matches([',', '.', ';', '。', '、']).to_owned();
            cell == words.get(..first).unwrap_or_default()
                || description.windows(*count).any(|words| without_punctuation(words) == without_punctuation(cell))
        })
    };
    Some((first, value(source, rest).or_else(repeated)?))
}

fn value(source: Source<'_>, words: &[&str]) -> Option<usize> {
    source.translations.values.find_leading(source.locale, words).map(|(_, count)| count)
}
