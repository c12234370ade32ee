//! The tables of parameters and of properties: names, types, and what their descriptions list.

use super::defaults;
use super::evidence::understanding;
use super::values;
use crate::diagnostic::{Notes, recorded_cell};
use crate::recording::{Facts, Parameter, Place};
use crate::source::Source;
use crate::table::Row;

/// Reads the table of parameters.
pub(super) fn read(source: Source<'_>, rows: &[Row], facts: &mut Facts, notes: &mut Notes) {
    let parameters: Vec<_> = rows.iter().map(|row| parameter(source, row, Place::Parameters, facts, notes)).collect();
    facts.parameters.extend(parameters);
}

/// Reads the table of properties.
pub(super) fn read_properties(source: Source<'_>, rows: &[Row], facts: &mut Facts, notes: &mut Notes) {
    let properties: Vec<_> = rows.iter().map(|row| parameter(source, row, Place::Properties, facts, notes)).collect();
    facts.properties.extend(properties);
}

fn parameter(source: Source<'_>, row: &Row, place: Place, facts: &mut Facts, notes: &mut Notes) -> Parameter {
    let cells = [row.cell(0), row.cell(1)];
    let name = source.translations.parameters.find(source.locale, row.cell(0));
    let type_name = source.type_name(row.cell(1));
    let what = match (&name, &type_name) {
        (Some((_, name)), Some((_, type_name))) => {
            notes.read(row.line, &cells.join(" | "), format!("name and type, {}", understanding(&[*name, *type_name])));
            None
        }
        (None, _) => Some("a name that is not in translations.yaml"),
        (Some(_), None) => Some("a type that is not in translations.yaml"),
    };
    if let Some(what) = what {
        notes.unknown(place, row.line, &cells, what);
    }
    if let Some((name, _)) = name {
        values::read(source, name, row, facts, notes);
        if name == "expirationDuration" {
            facts.limits.defaults.extend(defaults::read(source, row.cell(2)));
        }
    }
    Parameter {
        found: cells.map(recorded_cell),
        understood: [name.map(|(_, by)| by), type_name.as_ref().map(|(_, by)| *by)].map(|by| by.into_iter().collect()),
        name: name.map(|(name, _)| name.to_owned()),
        type_name: type_name.map(|(name, _)| name),
    }
}
