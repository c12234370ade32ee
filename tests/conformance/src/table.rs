//! Tables, in the layouts that scrapers leave them in.
//!
//! Each layout has a reader that finds its tables among a page's lines. What a table says is the matter of the facts.

mod piped;
mod spaced;

use crate::diagnostic::Notes;
use crate::facts::scope;
use crate::lines::Line;
use crate::recording::Place;
use crate::tokens::{Cloud, Tokens};

/// A table, whatever its layout was.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) kind: Kind,
    pub(crate) header: Row,
    pub(crate) rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug)]
pub(crate) struct Row {
    /// The number of the line it begins in.
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
}

impl Row {
    fn new(line: &Line<'_>, cells: &[&str]) -> Self {
        Self { line: line.number, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() }
    }

    pub(crate) fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }

    /// Reports that the row could not be understood.
    pub(crate) fn unknown(&self, place: Place, what: impl Into<String>, notes: &mut Notes) {
        let cells: Vec<&str> = self.cells.iter().map(String::as_str).collect();
        notes.unknown(place, self.line, &cells, what);
    }
}

/// What a table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Clouds,
    Pairs,
    Parameters,
    Permissions,
    RequestHeaders,
    /// None of the known tables.
    Unknown,
    /// A table of a layout that no reader reads.
    Unread,
}

/// What a reader reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) locale: &'a str,
    pub(crate) lines: &'a [Line<'a>],
    pub(crate) tokens: &'a Tokens,
}

/// The tables of one layout or family of layouts.
type Reader = fn(Source<'_>) -> Vec<Table>;

const READERS: [Reader; 2] = [piped::read, spaced::read];

/// The tables of a page, in page order.
pub(crate) fn read(source: Source<'_>) -> Vec<Table> {
    let mut tables: Vec<Table> = READERS.iter().flat_map(|reader| reader(source)).collect();
    tables.sort_by_key(|table| table.header.line);
    tables
}

impl Source<'_> {
    /// The lines from an index on.
    fn from(&self, index: usize) -> &[Line<'_>] {
        self.lines.get(index..).unwrap_or_default()
    }

    /// What a table with these rows is about. Contents say more than headings do: headings are always translated.
    fn kind(&self, header: &[String], rows: &[Row]) -> Kind {
        let cell = |index: usize| header.get(index).map_or("", String::as_str);
        let parameter = |index| self.tokens.parameters.find(self.locale, cell(index)).map(|(name, _)| name);
        let value = |cell: &str| self.tokens.values.find(self.locale, cell).is_some();
        if header.iter().any(|cell| cell.contains("L4")) && header.iter().any(|cell| cell.contains("L5")) {
            Kind::Clouds
        } else if (parameter(0), parameter(1)) == (Some("availability"), Some("activity"))
            || rows.iter().any(|row| value(row.cell(0)) && value(row.cell(1)))
        {
            Kind::Pairs
        } else if rows.iter().any(|row| self.is_permission(row)) {
            Kind::Permissions
        } else if rows.iter().any(|row| self.tokens.headers.find(self.locale, row.cell(0)).is_some()) {
            Kind::RequestHeaders
        } else if rows.iter().any(|row| self.tokens.parameters.find(self.locale, row.cell(0)).is_some()) {
            Kind::Parameters
        } else {
            Kind::Unknown
        }
    }

    fn is_permission(&self, row: &Row) -> bool {
        self.tokens.permissions.find(self.locale, row.cell(0)).is_some() || scope(row.cell(1)).is_some()
    }

    /// Whether a cell is one that rows of a known table begin with.
    fn begins_row(&self, cell: &str) -> bool {
        let tokens = self.tokens;
        tokens.permissions.find(self.locale, cell).is_some()
            || tokens.parameters.find(self.locale, cell).is_some()
            || tokens.values.find(self.locale, cell).is_some()
            || tokens.headers.find(self.locale, cell).is_some()
    }

    /// The cloud that a cell of the cloud table's header names. The levels are never translated.
    pub(crate) fn cloud(&self, cell: &str) -> Option<Cloud> {
        if cell.contains("L4") {
            Some(Cloud::L4)
        } else if cell.contains("L5") {
            Some(Cloud::L5)
        } else {
            self.tokens.clouds.find(self.locale, cell).map(|(cloud, _)| cloud)
        }
    }
}
