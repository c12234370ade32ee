//! The table of states that Teams shows, with the values of Microsoft Graph for them.

use crate::diagnostic::{Diagnostics, shortened_cell};
use crate::recording::{PageElement, TeamsState};
use crate::table::Row;
use crate::vocabulary::{state_pair, state_value};

/// Returns the states of the table.
pub(super) fn read(rows: &[Row], diagnostics: &mut Diagnostics) -> Vec<TeamsState> {
    let mut states = Vec::new();
    for row in rows {
        let found = [shortened_cell(row.cell(0)), shortened_cell(row.cell(1))];
        let state = state_pair(row.cell(1)).or_else(|| state_value(row.cell(1)).map(|value| (vec![value], false)));
        match state {
            Some((values, out_of_office)) => {
                let values = values.into_iter().map(str::to_owned).collect();
                states.push(TeamsState { found, values, out_of_office });
            }
            None => row.report_unknown(PageElement::Pairs, "unknown state: expected a pair or a value", diagnostics),
        }
    }
    states
}
