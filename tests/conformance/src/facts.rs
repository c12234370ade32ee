//! The facts of a page: what its tables, templates and numbers state.

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

use crate::diagnostic::Notes;
use crate::recording::{Facts, PageRepair, Place};
use crate::source::Source;
use crate::table::{Kind, Row, Table};

/// The maximum number of cells of an unknown table that are reported.
const MOST_CELLS: usize = 4;

/// Returns the facts in the tables and the lines of a page.
pub(crate) fn read(source: Source<'_>, tables: &[Table], patterns: &Patterns, notes: &mut Notes) -> Facts {
    let mut facts = Facts::default();
    for table in tables {
        if table.glued {
            notes.repair(table.header.line, &table.header.cells.join(" | "), PageRepair::GluedTable);
        }
        match table.kind {
            Kind::Clouds => clouds::read(source, table, &mut facts.clouds, notes),
            Kind::Pairs => facts.pairs.extend(pairs::read(source, &table.rows, notes)),
            Kind::Parameters => parameters::read(source, &table.rows, &mut facts, notes),
            Kind::Permissions => permissions::read(source, &table.rows, &mut facts.permissions, notes),
            Kind::PermissionsByResource => {
                permissions::read(source, &permissions::of_resource(source, table), &mut facts.permissions, notes);
            }
            Kind::Properties => parameters::read_properties(source, &table.rows, &mut facts, notes),
            Kind::States => facts.states.extend(states::read(&table.rows, notes)),
            Kind::Subscriptions => facts.subscriptions.extend(subscriptions::read(&table.rows)),
            Kind::Silent => {}
            Kind::Unknown => unknown(&table.header, "not a known table", notes),
        }
    }
    if facts.permissions.is_empty() && !notes.has_unknown(Place::Permissions) {
        permissions::overlooked(source, notes);
    }
    for line in source.lines {
        patterns.read(line, source, &mut facts, notes);
    }
    once(&mut facts.paths);
    once(&mut facts.limits.durations);
    once(&mut facts.limits.requests);
    once(&mut facts.limits.people);
    once(&mut facts.limits.defaults);
    facts
}

/// Keeps the first of equal items.
fn once<T: Clone + Eq + Hash>(items: &mut Vec<T>) {
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(item.clone()));
}

fn unknown(header: &Row, what: &str, notes: &mut Notes) {
    let cells: Vec<&str> = header.cells.iter().take(MOST_CELLS).map(String::as_str).collect();
    notes.unknown(Place::Table, header.line, &cells, what);
}
