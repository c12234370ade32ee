//! What the recorder has to say about a page.

use std::collections::BTreeSet;
use std::fmt;

use crate::recording::{PageRepair, Place, Unknown};

/// The longest cell that can be a token: anything longer is prose, which no recording holds.
const LONGEST_TOKEN: usize = 80;
const LONGEST_EXCERPT: usize = 60;

/// Something on a page that its reader should know of, printed as `line: text: what`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The number of the line, from one.
    pub line: usize,
    /// The beginning of what stands there.
    pub text: String,
    /// What about it.
    pub what: String,
    /// How bad it is.
    pub severity: Severity,
}

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something was mended or is missing, and the recording says so.
    Note,
    /// Something could not be understood.
    Unknown,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.line, self.text, self.what)
    }
}

/// What is collected about a page while it is read.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    diagnostics: Vec<Diagnostic>,
    unknown: Vec<(usize, Unknown)>,
    repairs: BTreeSet<PageRepair>,
}

impl Notes {
    /// Reports cells that could not be understood.
    pub(crate) fn unknown(&mut self, place: Place, line: usize, cells: &[&str], what: impl Into<String>) {
        let found = cells.iter().map(|cell| token(cell)).collect();
        self.unknown.push((line, Unknown { place, found }));
        self.add(line, &cells.join(" | "), what.into(), Severity::Unknown);
    }

    /// Reports something that was mended and is worth a look.
    pub(crate) fn note(&mut self, line: usize, text: &str, what: impl Into<String>) {
        self.add(line, text, what.into(), Severity::Note);
    }

    /// Records damage to the page.
    pub(crate) fn repair(&mut self, repair: PageRepair) {
        self.repairs.insert(repair);
    }

    fn add(&mut self, line: usize, text: &str, what: String, severity: Severity) {
        let text = excerpt(text);
        self.diagnostics.push(Diagnostic { line, text, what, severity });
    }

    /// The diagnostics, the unknown and the repairs, each in its order.
    pub(crate) fn finish(mut self) -> (Vec<Diagnostic>, Vec<Unknown>, Vec<PageRepair>) {
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        self.unknown.sort_by_key(|(line, _)| *line);
        let unknown = self.unknown.into_iter().map(|(_, unknown)| unknown).collect();
        (self.diagnostics, unknown, self.repairs.into_iter().collect())
    }
}

/// A cell as a recording may hold it.
pub(crate) fn token(cell: &str) -> String {
    if cell.chars().nth(LONGEST_TOKEN).is_some() { "…".to_owned() } else { cell.to_owned() }
}

fn excerpt(text: &str) -> String {
    let mut excerpt: String = text.trim().chars().take(LONGEST_EXCERPT).flat_map(printable).collect();
    if text.trim().chars().nth(LONGEST_EXCERPT).is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Control characters, escaped: a page must not be able to drive a terminal.
fn printable(character: char) -> Vec<char> {
    if character.is_control() { character.escape_default().collect() } else { vec![character] }
}
