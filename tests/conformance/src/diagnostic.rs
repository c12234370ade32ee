//! Findings about a page.

use std::collections::BTreeSet;
use std::fmt;

use crate::recording::{PageRepair, Place, Unknown};

/// The maximum length of a recorded cell. A longer one is prose, which recordings do not contain.
const LONGEST_CELL: usize = 80;
/// The maximum length of the text of a diagnostic.
const LONGEST_EXCERPT: usize = 60;
/// The maximum length of a recorded method and URL.
const LONGEST_REQUEST: usize = 400;

/// A finding about a line of a page, printed as `line: severity: what: text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The number of the line, starting at 1.
    pub line: usize,
    /// The start of its text.
    pub text: String,
    /// The finding.
    pub what: String,
    /// The severity.
    pub severity: Severity,
}

/// The severity of a [`Diagnostic`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Content that was understood, and how.
    Read,
    /// Content that was repaired or is missing. The recording lists it.
    Repaired,
    /// Content that could not be understood.
    Unknown,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Read => "read",
            Severity::Repaired => "repaired",
            Severity::Unknown => "unknown",
        };
        write!(f, "{}: {severity}: {}: {}", self.line, self.what, self.text)
    }
}

/// Collects the findings about a page.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    diagnostics: Vec<Diagnostic>,
    unknown: Vec<(usize, Unknown)>,
    repairs: BTreeSet<PageRepair>,
}

impl Notes {
    /// Reports cells that could not be understood.
    pub(crate) fn unknown(&mut self, place: Place, line: usize, cells: &[&str], what: impl Into<String>) {
        let longest = if place == Place::Exchange { LONGEST_REQUEST } else { LONGEST_CELL };
        let found = cells.iter().map(|cell| shortened(cell, longest)).collect();
        self.unknown.push((line, Unknown { place, found }));
        self.add(line, &cells.join(" | "), what.into(), Severity::Unknown);
    }

    /// Whether any content of this place could not be understood.
    pub(crate) fn has_unknown(&self, place: Place) -> bool {
        self.unknown.iter().any(|(_, unknown)| unknown.place == place)
    }

    /// Reports how content was understood.
    pub(crate) fn read(&mut self, line: usize, text: &str, what: impl Into<String>) {
        self.add(line, text, what.into(), Severity::Read);
    }

    /// Reports damage that was repaired.
    pub(crate) fn repaired(&mut self, line: usize, text: &str, repair: &impl fmt::Display) {
        self.add(line, text, repair.to_string(), Severity::Repaired);
    }

    /// Records and reports damage to the page.
    pub(crate) fn repair(&mut self, line: usize, text: &str, repair: PageRepair) {
        if !self.repairs.contains(&repair) {
            self.repaired(line, text, &repair);
            self.repairs.insert(repair);
        }
    }

    fn add(&mut self, line: usize, text: &str, what: String, severity: Severity) {
        let text = excerpt(text);
        self.diagnostics.push(Diagnostic { line, text, what, severity });
    }

    /// Returns the diagnostics and the unknown content in page order, and the repairs sorted.
    pub(crate) fn finish(mut self) -> (Vec<Diagnostic>, Vec<Unknown>, Vec<PageRepair>) {
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.severity));
        self.unknown.sort_by_key(|(line, _)| *line);
        let unknown = self.unknown.into_iter().map(|(_, unknown)| unknown).collect();
        (self.diagnostics, unknown, self.repairs.into_iter().collect())
    }
}

/// Returns the cell as it is recorded: `…` if it is too long, otherwise with single spaces.
pub(crate) fn recorded_cell(cell: &str) -> String {
    shortened(cell, LONGEST_CELL)
}

fn shortened(cell: &str, longest: usize) -> String {
    if cell.chars().nth(longest).is_some() {
        return "…".to_owned();
    }
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn excerpt(text: &str) -> String {
    let mut excerpt: String = text.trim().chars().take(LONGEST_EXCERPT).flat_map(printable).collect();
    if text.trim().chars().nth(LONGEST_EXCERPT).is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Escapes control characters, so that a page cannot control a terminal.
fn printable(character: char) -> Vec<char> {
    if character.is_control() { character.escape_default().collect() } else { vec![character] }
}
