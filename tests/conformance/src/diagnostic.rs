//! Diagnostics about a page.

use std::collections::BTreeSet;
use std::fmt;

use crate::recording::{PageElement, PageRepair, UnknownContent};

/// The maximum length of a recorded cell. A longer one is prose, which recordings do not contain.
const MAX_CELL_LENGTH: usize = 80;
/// The maximum length of the text of a diagnostic.
const MAX_EXCERPT_LENGTH: usize = 60;
/// The maximum length of a recorded method and URL.
const MAX_REQUEST_LENGTH: usize = 400;

/// A diagnostic about a line of a page, printed as `line: severity: message: excerpt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The number of the line, starting at 1.
    pub line: usize,
    /// The start of the line's text.
    pub excerpt: String,
    /// The message.
    pub message: String,
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
        write!(f, "{}: {severity}: {}: {}", self.line, self.message, self.excerpt)
    }
}

/// Collects the diagnostics about a page.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    diagnostics: Vec<Diagnostic>,
    unknown: Vec<(usize, UnknownContent)>,
    repairs: BTreeSet<PageRepair>,
}

impl Diagnostics {
    /// Reports cells that could not be understood.
    pub(crate) fn report_unknown(
        &mut self,
        element: PageElement,
        line: usize,
        cells: &[&str],
        message: impl Into<String>,
    ) {
        let max_length = if element == PageElement::Exchange { MAX_REQUEST_LENGTH } else { MAX_CELL_LENGTH };
        let found = cells.iter().map(|cell| shortened(cell, max_length)).collect();
        self.unknown.push((line, UnknownContent { element, found }));
        self.add(line, &cells.join(" | "), message.into(), Severity::Unknown);
    }

    /// Returns `true` if any content of this element could not be understood.
    pub(crate) fn has_unknown(&self, element: PageElement) -> bool {
        self.unknown.iter().any(|(_, unknown)| unknown.element == element)
    }

    /// Reports how content was understood.
    pub(crate) fn report_read(&mut self, line: usize, text: &str, message: impl Into<String>) {
        self.add(line, text, message.into(), Severity::Read);
    }

    /// Reports damage that was repaired.
    pub(crate) fn report_repair(&mut self, line: usize, text: &str, repair: &impl fmt::Display) {
        self.add(line, text, repair.to_string(), Severity::Repaired);
    }

    /// Records and reports damage to the page.
    pub(crate) fn record_repair(&mut self, line: usize, text: &str, repair: PageRepair) {
        if !self.repairs.contains(&repair) {
            self.report_repair(line, text, &repair);
            self.repairs.insert(repair);
        }
    }

    fn add(&mut self, line: usize, text: &str, message: String, severity: Severity) {
        let excerpt = excerpt(text);
        self.diagnostics.push(Diagnostic { line, excerpt, message, severity });
    }

    /// Returns the diagnostics and the unknown content in page order, and the repairs sorted.
    pub(crate) fn finish(mut self) -> (Vec<Diagnostic>, Vec<UnknownContent>, Vec<PageRepair>) {
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.severity));
        self.unknown.sort_by_key(|(line, _)| *line);
        let unknown = self.unknown.into_iter().map(|(_, unknown)| unknown).collect();
        (self.diagnostics, unknown, self.repairs.into_iter().collect())
    }
}

/// Returns the recorded form of a cell: `…` if it is too long, otherwise the cell with single spaces.
pub(crate) fn shortened_cell(cell: &str) -> String {
    shortened(cell, MAX_CELL_LENGTH)
}

fn shortened(cell: &str, max_length: usize) -> String {
    if cell.chars().nth(max_length).is_some() {
        return "…".to_owned();
    }
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn excerpt(text: &str) -> String {
    let mut excerpt: String = text.trim().chars().take(MAX_EXCERPT_LENGTH).flat_map(printable).collect();
    if text.trim().chars().nth(MAX_EXCERPT_LENGTH).is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Escapes control characters, so that a page cannot control a terminal.
fn printable(character: char) -> Vec<char> {
    if character.is_control() { character.escape_default().collect() } else { vec![character] }
}
