//! The table of what Teams shows and what Microsoft Graph says for it.

use crate::diagnostic::{Notes, recorded_cell};
use crate::recording::{Place, State};
use crate::table::Row;
use crate::translations::{segmented, values_of};

/// The words of a state that is no value.
const OUT_OF_OFFICE: &str = "OOF";

/// The states of the table.
pub(super) fn read(rows: &[Row], notes: &mut Notes) -> Vec<State> {
    let mut states = Vec::new();
    for row in rows {
        let found = [recorded_cell(row.cell(0)), recorded_cell(row.cell(1))];
        let read = pair(row.cell(1)).or_else(|| one(row.cell(1)).map(|value| (vec![value], false)));
        match read {
            Some((values, out_of_office)) => {
                let values = values.into_iter().map(str::to_owned).collect();
                states.push(State { found, values, out_of_office });
            }
            None => row.unknown(Place::Pairs, "neither a pair nor a value", notes),
        }
    }
    states
}

/// The two values of a cell such as `busy / inACall + OOF`, and whether being out of office goes with them.
pub(crate) fn pair(cell: &str) -> Option<(Vec<&'static str>, bool)> {
    let (first, rest) = cell.split_once('/')?;
    let (second, out_of_office) = match rest.split_once('+') {
        Some((second, word)) if word.trim().eq_ignore_ascii_case(OUT_OF_OFFICE) => (second, true),
        Some(_) => return None,
        None => (rest, false),
    };
    Some((vec![one(first)?, one(second)?], out_of_office))
}

/// The value that a word is.
pub(crate) fn one(word: &str) -> Option<&'static str> {
    match segmented(word.trim(), values_of("activity")?)?.as_slice() {
        [value] => Some(value),
        _ => None,
    }
}
