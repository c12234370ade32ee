//! The table of the request body's parameters.

use crate::diagnostic::{Notes, token};
use crate::recording::{Parameter, Place};
use crate::table::{Row, Source};

/// The parameters of the table.
pub(super) fn read(source: Source<'_>, rows: &[Row], notes: &mut Notes) -> Vec<Parameter> {
    let parameter = |row: &Row| {
        let (found, type_found) = (row.cell(0), row.cell(1));
        let name = source.tokens.parameters.find(source.locale, found).map(|(name, _)| name.to_owned());
        if name.is_none() {
            let what = "a parameter that is not in the token file";
            notes.unknown(Place::Parameters, row.line, &[found, type_found], what);
        }
        Parameter { found: token(found), name, type_found: token(type_found) }
    };
    rows.iter().map(parameter).collect()
}
