//! Tables, independent of their layout.

use crate::diagnostic::Diagnostics;
use crate::lines::Line;
use crate::recording::PageElement;
use crate::source::Source;
use crate::vocabulary::{Cloud, Heading, Section, government_cloud, is_subscription_resource, scope, state_pair};

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) kind: Kind,
    /// Whether the header is in the same line as a request.
    pub(crate) in_request_line: bool,
    pub(crate) header: Row,
    pub(crate) rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug)]
pub(crate) struct Row {
    /// The number of its first line.
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
}

impl Row {
    pub(crate) fn new(line: &Line<'_>, cells: &[&str]) -> Self {
        Self { line: line.number, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() }
    }

    pub(crate) fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }

    /// Reports that the row could not be understood.
    pub(crate) fn report_unknown(
        &self,
        element: PageElement,
        reason: impl Into<String>,
        diagnostics: &mut Diagnostics,
    ) {
        let cells: Vec<&str> = self.cells.iter().map(String::as_str).collect();
        diagnostics.report_unknown(element, self.line, &cells, reason);
    }
}

/// The kind of a table, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Clouds,
    Pairs,
    Parameters,
    Permissions,
    /// One row per resource, one column per kind of access token.
    PermissionsByResource,
    Properties,
    /// States that Teams shows, with the pairs of Microsoft Graph for them.
    States,
    Subscriptions,
    /// A table without recorded facts: request headers, methods, page metadata.
    Ignored,
    /// Not a known table.
    Unknown,
}

impl Kind {
    /// Classifies a table by its header and rows.
    ///
    /// The rows take precedence over the headings, which are always translated.
    pub(crate) fn classify(source: Source<'_>, header: &Row, rows: &[Row]) -> Self {
        let parameter = |cell: &str| source.translations.parameters.find(source.locale, cell).map(|(name, _)| name);
        let heading =
            |index| source.translations.headings.find(source.locale, header.cell(index)).map(|(heading, _)| heading);
        let is_permission = |row: &Row| {
            source.permission(row.cell(0)).is_some() || scope(source.locale, source.translations, row.cell(1)).is_some()
        };
        let value = |cell: &str| source.translations.values.find(source.locale, cell).is_some();
        let all = || std::iter::once(header).chain(rows).flat_map(|row| &row.cells);
        let above = source.lines.partition_point(|line| line.number <= header.line).checked_sub(1);
        let section = above.and_then(|above| source.lines.get(above)?.section);
        if header.cells.iter().any(|cell| government_cloud(cell) == Some(Cloud::L4))
            && header.cells.iter().any(|cell| government_cloud(cell) == Some(Cloud::L5))
        {
            Self::Clouds
        } else if rows.iter().any(|row| state_pair(row.cell(1)).is_some()) {
            Self::States
        } else if (parameter(header.cell(0)), parameter(header.cell(1))) == (Some("availability"), Some("activity"))
            || rows.iter().any(|row| value(row.cell(0)) && value(row.cell(1)))
        {
            Self::Pairs
        } else if header.cells.iter().filter(|cell| source.permission(cell).is_some()).nth(1).is_some() {
            Self::PermissionsByResource
        } else if rows.iter().any(is_permission) {
            Self::Permissions
        } else if rows.iter().any(|row| row.cells.iter().any(|cell| is_subscription_resource(cell))) {
            Self::Subscriptions
        } else if rows.iter().any(|row| source.translations.headers.find(source.locale, row.cell(0)).is_some())
            || all().any(|cell| cell == "doc_type" || cell.starts_with("ms."))
            || heading(0) == Some(Heading::Method)
            || matches!(section, Some(Section::Methods | Section::RequestHeaders | Section::Relationships))
        {
            Self::Ignored
        } else if rows.iter().any(|row| parameter(row.cell(0)).is_some()) || section == Some(Section::RequestBody) {
            let of_resource = heading(0) == Some(Heading::Property) || section == Some(Section::Properties);
            if of_resource && section != Some(Section::RequestBody) { Self::Properties } else { Self::Parameters }
        } else if section == Some(Section::Permissions) {
            Self::Permissions
        } else if section == Some(Section::Properties) {
            Self::Properties
        } else {
            Self::Unknown
        }
    }
}
