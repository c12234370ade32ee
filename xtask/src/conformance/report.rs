//! The report: a table of pages, the failures, the repairs, and the known differences.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::Result;
use graph_presence_conformance::Recording;
use serde_json::Value;

use super::format::Format;
use super::outcome::{Column, Outcome};

/// The title of the row for comparisons that do not belong to a page: types of the facade against the OpenAPI document.
const TYPES: &str = "(types of the facade)";

/// The results of the suite.
pub(super) struct Report {
    pages: Vec<Row>,
    failures: Vec<String>,
    /// The number of repairs by locale and kind.
    repairs: BTreeMap<(String, String), usize>,
    known: Vec<Known>,
}

struct Row {
    title: String,
    /// The number of unrecognized parts of the page.
    unknown: usize,
    /// In the order of the columns.
    cells: Vec<Cell>,
}

/// The results of a page in one column.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    compared: usize,
    known: usize,
    failed: bool,
}

/// Known differences with the same reason, and the pages that have all of them.
struct Known {
    check: String,
    differs: Vec<String>,
    reason: String,
    of: Vec<String>,
}

impl Report {
    pub(super) fn new(recordings: &[Recording], outcomes: &[Outcome]) -> Result<Self> {
        let mut pages: Vec<_> = recordings
            .iter()
            .map(|recording| Row::new(title(recording), recording.unknown.len()))
            .chain([Row::new(TYPES.to_owned(), 0)])
            .collect();
        let unknown = pages.iter().filter(|row| row.unknown > 0);
        let mut failures: Vec<_> =
            unknown.map(|row| format!("{}, recorded: {} unrecognized", row.title, row.unknown)).collect();
        for Outcome { check, column, of } in outcomes {
            for (name, outcome) in of {
                let title = if check == "schema" { TYPES } else { name };
                let row = pages.iter().position(|row| row.title == title).unwrap_or(pages.len());
                if row == pages.len() {
                    // A known difference can name a page that no longer exists.
                    pages.push(Row::new(name.clone(), 0));
                }
                let cells = pages.get_mut(row).map(|row| row.cells.as_mut_slice()).unwrap_or_default();
                for (cell, _) in cells.iter_mut().zip(Column::ALL).filter(|(_, its)| its == column) {
                    cell.compared += outcome.compared;
                    cell.known += outcome.known.len();
                    cell.failed |= !outcome.new.is_empty() || !outcome.gone.is_empty();
                }
                failures.extend(outcome.new.iter().map(|new| format!("{name}, {check}: {new}")));
                let resolved =
                    |gone| format!("{name}, {check}: resolved, remove it from known_differences.yaml: {gone}");
                failures.extend(outcome.gone.iter().map(resolved));
            }
        }
        Ok(Self { pages, failures, repairs: repairs(recordings)?, known: known(outcomes) })
    }

    pub(super) fn is_success(&self) -> bool {
        self.failures.is_empty()
    }

    pub(super) fn print<F: Format>(&self) -> String {
        let header = ["page", "recorded"].map(str::to_owned).into_iter();
        let header = header.chain(Column::ALL.map(|column| column.to_string()));
        let rows = self.pages.iter().map(|row| {
            let recorded = match row.unknown {
                _ if row.title == TYPES => String::new(),
                0 => "ok".to_owned(),
                unknown => F::strong(&format!("{unknown} unrecognized")),
            };
            [row.title.clone(), recorded].into_iter().chain(row.cells.iter().map(Cell::format::<F>)).collect()
        });
        let mut text = F::table(header.collect(), rows.collect());
        let _ = write!(text, "\n\n{}\n", self.summary());
        if !self.failures.is_empty() {
            text.push_str(&F::heading("Failures"));
            for failure in &self.failures {
                text.push_str(&F::list_item(failure));
            }
        }
        text.push_str(&F::heading("Repairs"));
        text.push_str(&self.repairs_table::<F>());
        text.push_str(&F::heading("Known differences"));
        for Known { check, differs, reason, of } in &self.known {
            text.push_str(&F::list_item(&format!("{check}, {}", of.join(", "))));
            for differs in differs {
                text.push_str(&F::detail(&F::code(differs)));
            }
            text.push_str(&F::detail(reason));
        }
        text.trim_end().to_owned()
    }

    fn summary(&self) -> String {
        let (mut agree, mut differ, mut failed) = (0, 0, 0);
        for row in self.pages.iter().filter(|row| row.title != TYPES) {
            if row.unknown > 0 || row.cells.iter().any(|cell| cell.failed) {
                failed += 1;
            } else if row.cells.iter().any(|cell| cell.known > 0) {
                differ += 1;
            } else {
                agree += 1;
            }
        }
        let comparisons: usize = self.pages.iter().flat_map(|row| &row.cells).map(|cell| cell.compared).sum();
        let mut summary = format!(
            "{} pages, {comparisons} comparisons: {agree} pages without differences, {differ} with known \
             differences, {failed} failed",
            agree + differ + failed
        );
        if self.pages.iter().any(|row| row.title == TYPES && row.cells.iter().any(|cell| cell.failed)) {
            summary.push_str(", types of the facade failed");
        }
        summary
    }

    /// Returns a table with a row for each kind of repair and a column for each locale.
    fn repairs_table<F: Format>(&self) -> String {
        let locales: BTreeSet<_> = self.repairs.keys().map(|(locale, _)| locale).collect();
        let kinds: BTreeSet<_> = self.repairs.keys().map(|(_, kind)| kind).collect();
        let count = |locale: &String, kind: &String| {
            self.repairs.get(&(locale.clone(), kind.clone())).map(ToString::to_string).unwrap_or_default()
        };
        let header = ["repair".to_owned()].into_iter().chain(locales.iter().copied().cloned());
        let rows = kinds.iter().map(|kind| {
            [(*kind).clone()].into_iter().chain(locales.iter().map(|locale| count(locale, kind))).collect()
        });
        F::table(header.collect(), rows.collect()) + "\n"
    }
}

impl Row {
    fn new(title: String, unknown: usize) -> Self {
        Self { title, unknown, cells: vec![Cell::default(); Column::ALL.len()] }
    }
}

impl Cell {
    fn format<F: Format>(&self) -> String {
        match self {
            Self { failed: true, .. } => F::strong("FAILED"),
            Self { compared: 0, .. } => String::new(),
            Self { known: 0, .. } => "ok".to_owned(),
            Self { known, .. } => format!("{known} known"),
        }
    }
}

/// Returns the title of a recording as in the outcomes of the suite.
fn title(recording: &Recording) -> String {
    format!("{} {}.{}", recording.locale, recording.version, recording.page)
}

/// Counts the repairs by locale and kind.
fn repairs(recordings: &[Recording]) -> Result<BTreeMap<(String, String), usize>> {
    let mut repairs = BTreeMap::new();
    for recording in recordings {
        let of_pages = recording.repairs.iter().map(serde_json::to_value);
        let of_exchanges = recording.exchanges.iter().flat_map(|exchange| &exchange.repairs).map(serde_json::to_value);
        for repair in of_pages.chain(of_exchanges) {
            let repair = repair?;
            let kind = repair.get("kind").and_then(Value::as_str).unwrap_or_default();
            *repairs.entry((recording.locale.clone(), kind.to_owned())).or_default() += 1;
        }
    }
    Ok(repairs)
}

/// Groups known differences by page and reason, then merges pages with equal groups.
fn known(outcomes: &[Outcome]) -> Vec<Known> {
    let mut by_page: Vec<(&str, &str, &str, Vec<&str>)> = Vec::new();
    for Outcome { check, of, .. } in outcomes {
        for (name, outcome) in of {
            for known in &outcome.known {
                let entry = by_page
                    .iter_mut()
                    .find(|(its, page, reason, _)| (*its, *page, *reason) == (check, name, &known.reason));
                match entry {
                    Some((.., differs)) => differs.push(&known.differs),
                    None => by_page.push((check, name, &known.reason, vec![&known.differs])),
                }
            }
        }
    }
    let mut all: Vec<Known> = Vec::new();
    for (check, page, reason, differs) in by_page {
        match all.iter_mut().find(|known| known.check == check && known.reason == reason && known.differs == differs) {
            Some(known) => known.of.push(page.to_owned()),
            None => all.push(Known {
                check: check.to_owned(),
                differs: differs.into_iter().map(str::to_owned).collect(),
                reason: reason.to_owned(),
                of: vec![page.to_owned()],
            }),
        }
    }
    all
}

#[cfg(test)]
mod tests;
