//! The cells of the table of states that Teams shows.

use super::terms::{split_values, values_of};

/// The abbreviation for out of office, which is not a value of availability or activity.
const OUT_OF_OFFICE: &str = "OOF";

/// Returns the two values of a cell such as `busy / inACall + OOF`, and whether out of office is added to them.
pub(crate) fn state_pair(cell: &str) -> Option<(Vec<&'static str>, bool)> {
    let (first, rest) = cell.split_once('/')?;
    let (second, out_of_office) = match rest.split_once('+') {
        Some((second, word)) if word.trim().eq_ignore_ascii_case(OUT_OF_OFFICE) => (second, true),
        Some(_) => return None,
        None => (rest, false),
    };
    Some((vec![state_value(first)?, state_value(second)?], out_of_office))
}

/// Returns the value of availability or activity for a word.
pub(crate) fn state_value(word: &str) -> Option<&'static str> {
    match split_values(word.trim(), values_of("activity")?)?.as_slice() {
        [value] => Some(value),
        _ => None,
    }
}
