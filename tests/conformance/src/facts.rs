//! What a page's tables, templates and numbers say.

mod clouds;
mod evidence;
mod pairs;
mod parameters;
mod patterns;
mod permissions;

pub(crate) use clouds::answer;
pub(crate) use patterns::Patterns;
pub(crate) use permissions::{grant_at, scope};

use std::collections::HashSet;
use std::hash::Hash;

use crate::diagnostic::Notes;
use crate::recording::{Facts, Place};
use crate::table::{self, Kind, Row, Source};

/// The most cells of an unknown table that are reported.
const MOST_CELLS: usize = 4;

/// The facts of a page with this name.
pub(crate) fn read(page: &str, source: Source<'_>, patterns: &Patterns, notes: &mut Notes) -> Facts {
    let mut facts = Facts::default();
    for table in table::read(source) {
        match table.kind {
            Kind::Clouds => clouds::read(source, &table, &mut facts.clouds, notes),
            Kind::Pairs => facts.pairs.extend(pairs::read(page, source, &table.rows, notes)),
            Kind::Parameters => facts.parameters.extend(parameters::read(source, &table.rows, notes)),
            Kind::Permissions => permissions::read(source, &table.rows, &mut facts.permissions, notes),
            // Every operation has the same request headers, and the examples show them.
            Kind::RequestHeaders => {}
            Kind::Unknown => unknown(&table.header, "the table is none of the known ones", notes),
            Kind::Unread => unknown(&table.header, "the table has a layout that is not read", notes),
        }
    }
    for line in source.lines {
        patterns.read(line, source, &mut facts, notes);
    }
    once(&mut facts.paths);
    once(&mut facts.limits.durations);
    once(&mut facts.limits.requests);
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
