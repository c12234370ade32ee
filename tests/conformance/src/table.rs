//! Tables, in the layouts that scrapers leave them in.
//!
//! Each layout has a reader that finds its tables among a page's lines. What a table says is the matter of the facts.

mod markdown_table;
mod one_cell_per_line;
mod pipe_cells;
mod space_separated;

use crate::diagnostic::Notes;
use crate::facts::{is_subscribable, scope, states};
use crate::lines::Line;
use crate::recording::{Evidence, PermissionKind, Place};
use crate::translations::{Cloud, Heading, Section, Translations, ascii};

/// A table, whatever its layout was.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) kind: Kind,
    /// Whether its header stands in the line of a request.
    pub(crate) glued: bool,
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
    /// A resource a row, and a kind of token a column.
    PermissionsByResource,
    Properties,
    /// What Teams shows, and the pairs that Microsoft Graph has for it.
    States,
    Subscriptions,
    /// A table that says nothing that is recorded: request headers, methods, what a repository says of a page.
    Silent,
    /// None of the known tables.
    Unknown,
}

/// What a reader reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) locale: &'a str,
    pub(crate) subject: Option<Subject>,
    pub(crate) lines: &'a [Line<'a>],
    pub(crate) translations: &'a Translations,
}

/// The operation that a page is about, where its tables have an order of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    SetPresence,
    SetUserPreferredPresence,
}

impl Subject {
    /// The subject of a page with this name, whose first example is for this operation. The example is to be trusted more.
    pub(crate) fn of(page: &str, operation: Option<&str>) -> Option<Self> {
        let named = |name: &str| {
            let name = name.to_ascii_lowercase();
            let known =
                [("setuserpreferredpresence", Self::SetUserPreferredPresence), ("setpresence", Self::SetPresence)];
            known.into_iter().find(|(known, _)| name.contains(known)).map(|(_, subject)| subject)
        };
        operation.and_then(named).or_else(|| named(page))
    }
}

/// The tables of one layout or family of layouts.
type Reader = fn(Source<'_>) -> Vec<Table>;

const READERS: [Reader; 3] = [pipe_cells::read, space_separated::read, one_cell_per_line::read];

/// The tables of a page, in page order.
pub(crate) fn read(source: Source<'_>) -> Vec<Table> {
    let (mut tables, lines) = markdown_table::read(source);
    let source = Source { lines: &lines, ..source };
    tables.extend(READERS.iter().flat_map(|reader| reader(source)));
    tables.sort_by_key(|table| table.header.line);
    tables
}

impl Source<'_> {
    /// The lines from an index on.
    fn from(&self, index: usize) -> &[Line<'_>] {
        self.lines.get(index..).unwrap_or_default()
    }

    /// What a table with these rows is about. Contents say more than headings do: headings are always translated.
    fn kind(&self, header: &Row, rows: &[Row]) -> Kind {
        let parameter = |cell: &str| self.translations.parameters.find(self.locale, cell).map(|(name, _)| name);
        let heading =
            |index| self.translations.headings.find(self.locale, header.cell(index)).map(|(heading, _)| heading);
        let value = |cell: &str| self.translations.values.find(self.locale, cell).is_some();
        let all = || std::iter::once(header).chain(rows).flat_map(|row| &row.cells);
        let above = self.lines.partition_point(|line| line.number <= header.line).checked_sub(1);
        let section = above.and_then(|above| self.lines.get(above)?.section);
        if header.cells.iter().any(|cell| level(cell) == Some(Cloud::L4))
            && header.cells.iter().any(|cell| level(cell) == Some(Cloud::L5))
        {
            Kind::Clouds
        } else if rows.iter().any(|row| states::pair(row.cell(1)).is_some()) {
            Kind::States
        } else if (parameter(header.cell(0)), parameter(header.cell(1))) == (Some("availability"), Some("activity"))
            || rows.iter().any(|row| value(row.cell(0)) && value(row.cell(1)))
        {
            Kind::Pairs
        } else if header.cells.iter().filter(|cell| self.permission(cell).is_some()).nth(1).is_some() {
            Kind::PermissionsByResource
        } else if rows.iter().any(|row| self.is_permission(row)) {
            Kind::Permissions
        } else if rows.iter().any(|row| row.cells.iter().any(|cell| is_subscribable(cell))) {
            Kind::Subscriptions
        } else if rows.iter().any(|row| self.translations.headers.find(self.locale, row.cell(0)).is_some())
            || all().any(|cell| cell == "doc_type" || cell.starts_with("ms."))
            || heading(0) == Some(Heading::Method)
            || matches!(section, Some(Section::Methods | Section::RequestHeaders | Section::Relationships))
        {
            Kind::Silent
        } else if rows.iter().any(|row| parameter(row.cell(0)).is_some()) || section == Some(Section::RequestBody) {
            let of_resource = heading(0) == Some(Heading::Property) || section == Some(Section::Properties);
            if of_resource && section != Some(Section::RequestBody) { Kind::Properties } else { Kind::Parameters }
        } else if section == Some(Section::Permissions) {
            Kind::Permissions
        } else if section == Some(Section::Properties) {
            Kind::Properties
        } else {
            Kind::Unknown
        }
    }

    /// The kind of token that a cell names.
    pub(crate) fn permission(&self, cell: &str) -> Option<PermissionKind> {
        self.translations.permissions.find(self.locale, cell).map(|(kind, _)| kind)
    }

    fn is_permission(&self, row: &Row) -> bool {
        self.permission(row.cell(0)).is_some() || scope(self.locale, self.translations, row.cell(1)).is_some()
    }

    /// Whether a cell is one that rows of a known table begin with.
    fn begins_row(&self, cell: &str) -> bool {
        let translations = self.translations;
        translations.permissions.find(self.locale, cell).is_some()
            || translations.parameters.find(self.locale, cell).is_some()
            || translations.values.find(self.locale, cell).is_some()
            || translations.headers.find(self.locale, cell).is_some()
    }

    /// The type that a cell names, by the documentation's own name for it.
    pub(crate) fn type_name(&self, cell: &str) -> Option<(String, Evidence)> {
        if let Some((known, evidence)) = self.translations.types.find(self.locale, cell) {
            return Some((known.as_str().to_owned(), evidence));
        }
        let name = cell.trim().trim_end_matches('.');
        let own = name.trim_start_matches("microsoft.graph.");
        let plain = own.starts_with(|first: char| first.is_ascii_alphabetic())
            && own.chars().all(|character| character.is_ascii_alphanumeric() || character == '.');
        // Words of other languages can have the letters of a name, but no capitals within.
        let humped = own.contains('.') || own.chars().skip(1).any(|character| character.is_ascii_uppercase());
        let known = self.translations.parameters.find(self.locale, own).is_some();
        (plain && (humped || known || name != own)).then(|| (own.to_owned(), Evidence::Untranslated))
    }

    /// The cloud that a cell of the cloud table's header names. The levels are never translated.
    pub(crate) fn cloud(&self, cell: &str) -> Option<Cloud> {
        level(cell).or_else(|| self.translations.clouds.find(self.locale, cell).map(|(cloud, _)| cloud))
    }
}

/// The level of a cloud that a cell names.
fn level(cell: &str) -> Option<Cloud> {
    let letters: String = cell.chars().map(ascii).collect();
    let mut words = letters.split(|character: char| !character.is_alphanumeric());
    words.find_map(|word| match word {
        "L4" | "l4" => Some(Cloud::L4),
        "L5" | "l5" => Some(Cloud::L5),
        // Scripts without spaces write the level right behind the word.
        _ if word.ends_with("L4") => Some(Cloud::L4),
        _ if word.ends_with("L5") => Some(Cloud::L5),
        _ => None,
    })
}
