//! Tables with one cell per line, without pipes, delimiter rows or blank lines.
//!
//! Such a table starts at its header, or at a first row of known terms. It ends where the next row is not recognized.

use crate::inline::plain;
use crate::lines::{Line, Role};
use crate::recording::CloudSupport;
use crate::source::Source;
use crate::table::{Kind, Row, Table};
use crate::vocabulary::{
    Cloud, Heading, cloud_support, government_cloud, is_permission_cell_or_versions, is_subscription_resource,
    state_pair, state_value,
};

/// The maximum number of words of a value.
const MAX_WORDS: usize = 4;
/// The maximum number of lines of a description.
const MAX_DESCRIPTION: usize = 8;

/// Returns the tables in this layout.
pub(super) fn read(source: Source<'_>) -> Vec<Table> {
    // Some scrapers put a blank line after each cell.
    let lines: Vec<Line<'_>> = source.lines.iter().filter(|line| !line.is_blank()).copied().collect();
    let source = Source { lines: &lines, ..source };
    let mut tables = Vec::new();
    let mut index = 0;
    while index < source.lines.len() {
        let cells = Cells { source, start: index };
        if cells.line(0).is_none() {
            index += 1;
            continue;
        }
        let found = cells.clouds().or_else(|| cells.parameters()).or_else(|| cells.pairs());
        let found = found.or_else(|| cells.permissions()).or_else(|| cells.states()).or_else(|| cells.subscriptions());
        index += found.as_ref().map_or(1, |(_, lines)| (*lines).max(1));
        tables.extend(found.map(|(table, _)| table));
    }
    tables
}

/// The lines from an index, as cells.
#[derive(Clone, Copy)]
struct Cells<'a> {
    source: Source<'a>,
    start: usize,
}

impl<'a> Cells<'a> {
    fn line(&self, offset: usize) -> Option<&'a Line<'a>> {
        let line = self.source.lines.get(self.start + offset)?;
        (line.role == Role::Text && !line.text.contains('|')).then_some(line)
    }

    fn cell(&self, offset: usize) -> &'a str {
        self.line(offset).map_or("", |line| line.text.trim())
    }

    fn row(&self, offset: usize, count: usize) -> Option<Row> {
        let cells = (offset..offset + count).map(|offset| plain(self.cell(offset)).trim().to_owned()).collect();
        Some(Row { line: self.line(offset)?.number, cells })
    }

    fn heading(&self, offset: usize) -> Option<Heading> {
        let heading = self.source.translations.headings.find(self.source.locale, self.cell(offset));
        heading.map(|(heading, _)| heading)
    }

    fn name(&self, offset: usize) -> Option<&'static str> {
        self.source.translations.parameters.find(self.source.locale, self.cell(offset)).map(|(name, _)| name)
    }

    /// Returns `true` if the line is the heading of a section.
    fn is_section(&self, offset: usize) -> bool {
        self.source.translations.sections.find(self.source.locale, self.cell(offset)).is_some()
    }

    /// Returns the cloud table: four names and four marks.
    fn clouds(&self) -> Option<(Table, usize)> {
        if (government_cloud(self.cell(1)), government_cloud(self.cell(2))) != (Some(Cloud::L4), Some(Cloud::L5)) {
            return None;
        }
        let header = self.row(0, 4)?;
        let marks = (4..8).all(|offset| cloud_support(self.cell(offset)) != CloudSupport::Unknown);
        let rows: Vec<Row> = if marks { self.row(4, 4).into_iter().collect() } else { Vec::new() };
        let lines = 4 * (rows.len() + 1);
        Some((Table { kind: Kind::Clouds, in_request_line: false, header, rows }, lines))
    }

    /// Returns the table of parameters or properties: the headings, then rows of a name, a type and a description.
    fn parameters(&self) -> Option<(Table, usize)> {
        let first = self.heading(0).filter(|heading| matches!(heading, Heading::Parameter | Heading::Property))?;
        // A header can have fewer columns than its rows.
        let width = match (self.heading(1), self.heading(2)) {
            (Some(Heading::Type), Some(Heading::Description)) => 3,
            (Some(Heading::Description), _) => 2,
            _ => return None,
        };
        let is_type = |offset| self.source.translations.types.find(self.source.locale, self.cell(offset)).is_some();
        let starts_row = |offset: usize| {
            let (name, next) = (self.cell(offset), self.cell(offset + 1));
            // Two names are the header of another table, unless a type has the name of its parameter.
            let is_name = self.name(offset + 1).is_none() && self.heading(offset + 1).is_none();
            let named = self.name(offset).is_some() && (is_name || name == next);
            let typed = is_type(offset + 1) && name.split_whitespace().nth(1).is_none();
            !name.is_empty() && !next.is_empty() && !self.is_section(offset) && (named || typed)
        };
        let rows = self.rows_with_description(width, 2, starts_row);
        let lines = width + rows.iter().map(|(_, lines)| lines).sum::<usize>();
        let rows: Vec<Row> = rows.into_iter().map(|(row, _)| row).collect();
        let kind = if first == Heading::Property { Kind::Properties } else { Kind::Parameters };
        Some((Table { kind, in_request_line: false, header: self.row(0, width)?, rows }, lines))
    }

    /// Returns the table of pairs: the names of both properties, then rows of two values and a description.
    fn pairs(&self) -> Option<(Table, usize)> {
        if (self.name(0), self.name(1)) != (Some("availability"), Some("activity")) {
            return None;
        }
        let width = if self.heading(2) == Some(Heading::Description) { 3 } else { 2 };
        let value = |offset| self.source.translations.values.find(self.source.locale, self.cell(offset)).is_some();
        let starts_row = |offset: usize| {
            let (first, second) = (self.cell(offset), self.cell(offset + 1));
            let word = !first.ends_with(['.', '。']) && first.split_whitespace().nth(MAX_WORDS).is_none();
            let known = value(offset) || value(offset + 1) || first == second;
            word && known && !first.is_empty() && !second.is_empty() && !self.is_section(offset)
        };
        let rows = self.rows_with_description(width, width.min(2), starts_row);
        let lines = width + rows.iter().map(|(_, lines)| lines).sum::<usize>();
        let rows: Vec<Row> = rows.into_iter().map(|(row, _)| row).collect();
        // A sentence that ends with both names is not a header.
        (!rows.is_empty())
            .then_some((Table { kind: Kind::Pairs, in_request_line: false, header: self.row(0, width)?, rows }, lines))
    }

    /// Returns the table of states: what Teams shows, and the pair or the value for it.
    fn states(&self) -> Option<(Table, usize)> {
        let pair = |offset| state_pair(self.cell(offset)).is_some();
        if !(pair(1) && pair(3)) {
            return None;
        }
        let is_row = |row: &usize| pair(2 * row + 1) || state_value(self.cell(2 * row + 1)).is_some();
        let rows: Vec<Row> = (0..).take_while(is_row).map_while(|row| self.row(2 * row, 2)).collect();
        let lines = 2 * rows.len();
        let header = Row { line: self.line(0)?.number, cells: Vec::new() };
        Some((Table { kind: Kind::States, in_request_line: false, header, rows }, lines))
    }

    /// Returns the table of resources that can be subscribed to: a description, a resource and change types.
    fn subscriptions(&self) -> Option<(Table, usize)> {
        if !self.cell(1).contains("URL") {
            return None;
        }
        let is_row = |row: &usize| is_subscription_resource(self.cell(3 * row + 1));
        let rows: Vec<Row> = (1..).take_while(is_row).map_while(|row| self.row(3 * row, 3)).collect();
        let lines = 3 * (rows.len() + 1);
        let header = self.row(0, 3)?;
        (!rows.is_empty()).then_some((Table { kind: Kind::Subscriptions, in_request_line: false, header, rows }, lines))
    }

    /// Returns the rows below a header of `header` lines. A row has `terms` cells and a description of one or more
    /// lines.
    fn rows_with_description(
        &self,
        header: usize,
        terms: usize,
        starts_row: impl Fn(usize) -> bool,
    ) -> Vec<(Row, usize)> {
        let mut rows = Vec::new();
        let mut offset = header;
        while starts_row(offset) {
            let Some(mut row) = self.row(offset, terms) else { break };
            let has_description = header > terms.min(2) && self.line(offset + terms).is_some();
            // The line after the terms is their description, even if it is a term that rows start with.
            let more = (offset + terms + 1..offset + terms + MAX_DESCRIPTION)
                .take_while(|next| {
                    has_description && self.line(*next).is_some() && !starts_row(*next) && !self.is_section(*next)
                })
                .count();
            let more = more + usize::from(has_description);
            let description: Vec<&str> = (0..more).map(|line| self.cell(offset + terms + line)).collect();
            row.cells.push(plain(&description.join("\n")));
            // The end of the last description is not marked. Only its first line is used, and the other lines are read
            // again.
            let more = if starts_row(offset + terms + more) { more } else { more.min(1) };
            rows.push((row, terms + more));
            offset += terms + more;
        }
        rows
    }

    /// Returns the permissions table: a kind of access token and its permissions, each in a line.
    fn permissions(&self) -> Option<(Table, usize)> {
        let kind = |offset| self.source.translations.permissions.find(self.source.locale, self.cell(offset)).is_some();
        let is_permission =
            |offset| is_permission_cell_or_versions(self.source.locale, self.source.translations, self.cell(offset));
        if !kind(0) {
            return None;
        }
        let mut rows = Vec::new();
        let mut offset = 0;
        let width = (1..4).take_while(|offset| is_permission(*offset)).count();
        // The term for application is also a heading. An incomplete table may have only the first kind.
        if width == 0 && self.cell(0).len() < "Delegated".len() + 4 {
            return None;
        }
        while !self.cell(offset).is_empty() && !is_permission(offset) {
            let cells = (1..=width.max(1)).take_while(|cell| is_permission(offset + cell)).count();
            if cells == 0 && !(kind(offset) && offset == 0) || (cells < width && !kind(offset)) {
                break;
            }
            rows.extend(self.row(offset, 1 + cells));
            offset += 1 + cells;
        }
        let header = Row { line: self.line(0)?.number, cells: Vec::new() };
        Some((Table { kind: Kind::Permissions, in_request_line: false, header, rows }, offset))
    }
}
