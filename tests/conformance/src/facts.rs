//! Facts: interpretation of a page's tables, templates and numbers.

mod clouds;
mod defaults;
mod evidence;
mod pairs;
mod parameters;
mod patterns;
mod permissions;
mod states;
mod subscriptions;
mod values;

pub(crate) use patterns::Patterns;

use std::collections::HashSet;
use std::hash::Hash;

use crate::diagnostic::Diagnostics;
use crate::recording::{Facts, PageElement, PageRepair};
use crate::source::Source;
use crate::table::{Kind, Row, Table};

/// The maximum number of cells of an unknown table that are reported.
const MAX_CELLS: usize = 4;

/// Returns the facts in the tables and the lines of a page.
pub(crate) fn read(source: Source<'_>, tables: &[Table], patterns: &Patterns, diagnostics: &mut Diagnostics) -> Facts {
    let mut facts = Facts::default();
    for table in tables {
        if table.in_request_line {
            diagnostics.record_repair(
                table.header.line,
                &table.header.cells.join(" | "),
                PageRepair::TableNotSeparated,
            );
        }
        match table.kind {
            Kind::Clouds => clouds::read(source, table, &mut facts.clouds, diagnostics),
            Kind::Pairs => facts.pairs.extend(pairs::read(source, &table.rows, diagnostics)),
            Kind::Parameters => parameters::read(source, &table.rows, &mut facts, diagnostics),
            Kind::Permissions => permissions::read(source, &table.rows, &mut facts.permissions, diagnostics),
            Kind::PermissionsByResource => {
                permissions::read(
                    source,
                    &permissions::rows_of_resource(source, table),
                    &mut facts.permissions,
                    diagnostics,
                );
            }
            Kind::Properties => parameters::read_properties(source, &table.rows, &mut facts, diagnostics),
            Kind::States => facts.states.extend(states::read(&table.rows, diagnostics)),
            Kind::Subscriptions => facts.subscriptions.extend(subscriptions::read(&table.rows)),
            Kind::Ignored => {}
            Kind::Unknown => report_unknown(&table.header, "unknown table", diagnostics),
        }
    }
    if facts.permissions.is_empty() && !diagnostics.has_unknown(PageElement::Permissions) {
        permissions::report_unread_scopes(source, diagnostics);
    }
    for line in source.lines {
        patterns.read(line, source, &mut facts, diagnostics);
    }
    remove_duplicates(&mut facts.paths);
    remove_duplicates(&mut facts.limits.duration_ranges);
    remove_duplicates(&mut facts.limits.rate_limits);
    remove_duplicates(&mut facts.limits.max_users);
    remove_duplicates(&mut facts.limits.default_expirations);
    facts
}

/// Removes all but the first of equal items.
fn remove_duplicates<T: Clone + Eq + Hash>(items: &mut Vec<T>) {
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(item.clone()));
}

fn report_unknown(header: &Row, reason: &str, diagnostics: &mut Diagnostics) {
    let cells: Vec<&str> = header.cells.iter().take(MAX_CELLS).map(String::as_str).collect();
    diagnostics.report_unknown(PageElement::Table, header.line, &cells, reason);
}
