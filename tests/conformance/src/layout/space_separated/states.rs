//! The table of states: what Teams shows, and the pair or the value for it, per line.

use super::words::{join_words, words_of};
use crate::lines::Line;
use crate::source::Source;
use crate::table::{Kind, Row, Table};
use crate::vocabulary::{state_pair, state_value};

/// The maximum number of words of a pair: two values, two separators, and the term for out of office.
const MAX_PAIR_WORDS: usize = 5;
/// The minimum number of rows. A single line with a pair can be any text.
const MIN_ROWS: usize = 2;

/// Returns the table whose first row is this line.
pub(super) fn read(source: Source<'_>, index: usize) -> Option<Table> {
    if !source.from(index).iter().take(MIN_ROWS).all(|line| line.text.contains('/')) {
        return None;
    }
    let row = |(row, line): (usize, &Line<'_>)| {
        let words = words_of(line);
        let split = (1..words.len()).skip(words.len().saturating_sub(MAX_PAIR_WORDS + 1)).find(|split| {
            let state = join_words(&words, *split, words.len());
            state_pair(&state).is_some() || (row >= MIN_ROWS && state_value(&state).is_some())
        })?;
        let cells = [(0, split), (split, words.len())].map(|(from, to)| join_words(&words, from, to));
        Some(Row { line: line.number, cells: cells.into() })
    };
    let rows: Vec<Row> = source.from(index).iter().enumerate().map_while(row).collect();
    let header = Row::new(source.lines.get(index)?, &[]);
    (rows.len() >= MIN_ROWS).then_some(Table { kind: Kind::States, in_request_line: false, header, rows })
}
