//! The tables of parameters and of properties: names, types, and the values in their descriptions.

use super::defaults;
use super::evidence::describe_evidence;
use super::values;
use crate::diagnostic::{Diagnostics, shortened_cell};
use crate::recording::{Facts, PageElement, Parameter};
use crate::source::Source;
use crate::table::Row;

/// Reads the table of parameters.
pub(super) fn read(source: Source<'_>, rows: &[Row], facts: &mut Facts, diagnostics: &mut Diagnostics) {
    let parameters: Vec<_> =
        rows.iter().map(|row| parameter(source, row, PageElement::Parameters, facts, diagnostics)).collect();
    facts.parameters.extend(parameters);
}

/// Reads the table of properties.
pub(super) fn read_properties(source: Source<'_>, rows: &[Row], facts: &mut Facts, diagnostics: &mut Diagnostics) {
    let properties: Vec<_> =
        rows.iter().map(|row| parameter(source, row, PageElement::Properties, facts, diagnostics)).collect();
    facts.properties.extend(properties);
}

fn parameter(
    source: Source<'_>,
    row: &Row,
    element: PageElement,
    facts: &mut Facts,
    diagnostics: &mut Diagnostics,
) -> Parameter {
    let cells = [row.cell(0), row.cell(1)];
    let name = source.translations.parameters.find(source.locale, row.cell(0));
    let type_name = source.type_name(row.cell(1));
    let reason = match (&name, &type_name) {
        (Some((_, name)), Some((_, type_name))) => {
            diagnostics.report_read(
                row.line,
                &cells.join(" | "),
                format!("name and type, {}", describe_evidence(&[vec![*name], vec![*type_name]])),
            );
            None
        }
        (None, _) => Some("name not in translations.yaml"),
        (Some(_), None) => Some("type not in translations.yaml"),
    };
    if let Some(reason) = reason {
        diagnostics.report_unknown(element, row.line, &cells, reason);
    }
    if let Some((name, _)) = name {
        values::read(source, name, row, facts, diagnostics);
        if name == "expirationDuration" {
            facts.limits.default_expirations.extend(defaults::read(source, row.cell(2)));
        }
    }
    Parameter {
        found: cells.map(shortened_cell),
        evidence: [name.map(|(_, evidence)| evidence), type_name.as_ref().map(|(_, evidence)| *evidence)]
            .map(|evidence| evidence.into_iter().collect()),
        name: name.map(|(name, _)| name.to_owned()),
        type_name: type_name.map(|(name, _)| name),
    }
}
