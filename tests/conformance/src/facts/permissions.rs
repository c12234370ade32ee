//! The permissions table.

use std::collections::BTreeMap;

use super::evidence::{Meaning, describe_evidence, combine};
use crate::diagnostic::{Diagnostics, shortened_cell};
use crate::lines::{Line, Role};
use crate::recording::{PermissionCell, Permission, PermissionKind, PageElement};
use crate::source::Source;
use crate::table::{Row, Table};
use crate::vocabulary::{grant, scope, versions};

/// The order of the documentation's rows.
const ORDER: [PermissionKind; 3] =
    [PermissionKind::DelegatedWork, PermissionKind::DelegatedPersonal, PermissionKind::Application];

/// The maximum number of words of a row with scopes.
const MAX_WORDS: usize = 30;
/// One row without scopes can be between two with scopes.
const MAX_ROW_DISTANCE: usize = 2;

/// The resource whose row is read in a table of resources.
const RESOURCE: &str = "presence";

/// Returns the row of presence in a table of resources, as rows of a permissions table.
pub(super) fn of_resource(source: Source<'_>, table: &Table) -> Vec<Row> {
    let Some(row) = table.rows.iter().find(|row| row.cell(0).trim() == RESOURCE) else { return Vec::new() };
    let columns = table.header.cells.iter().zip(&row.cells).filter(|(kind, _)| source.permission(kind).is_some());
    columns.map(|(kind, grant)| Row { line: row.line, cells: vec![kind.clone(), grant.clone()] }).collect()
}

/// Reads the rows of the permissions table.
pub(super) fn read(
    source: Source<'_>,
    rows: &[Row],
    permissions: &mut BTreeMap<PermissionKind, Permission>,
    diagnostics: &mut Diagnostics,
) {
    let words: Vec<_> =
        rows.iter().map(|row| source.translations.permissions.find(source.locale, row.cell(0))).collect();
    // The column of versions can contain "not supported" too. It is recognized by its other cells.
    let versions = |cell: &str| versions(source.locale, source.translations, cell);
    let of_versions = rows.iter().find_map(|row| row.cells.iter().position(|cell| versions(cell).is_some()));
    for (row, meaning) in rows.iter().zip(combine(&words, Some(&ORDER), &[])) {
        let (kind, understood) = match meaning {
            Meaning::Known(kind, understood) => (kind, understood),
            Meaning::Contradicted { .. } => {
                row.report_unknown(PageElement::Permissions, "the kind of access token contradicts the row's position", diagnostics);
                continue;
            }
            Meaning::Missing => {
                row.report_unknown(PageElement::Permissions, "a kind of access token that is not in translations.yaml", diagnostics);
                continue;
            }
        };
        let cells = row.cells.iter().enumerate().skip(1).filter(|(column, _)| Some(*column) != of_versions);
        let cells = cells.map(|(_, cell)| cell).filter(|cell| !cell.is_empty());
        let grants: Option<Vec<PermissionCell>> = cells.map(|cell| permission_cell(source.locale, source.translations, cell)).collect();
        let (least, higher) = match grants.as_deref() {
            Some([least, higher]) => (least.clone(), Some(higher.clone())),
            // Older pages list all scopes in one column, the least privileged first.
            Some([PermissionCell::Scopes(scopes)]) => match scopes.split_first() {
                Some((least, [])) => (PermissionCell::Scopes(vec![least.clone()]), None),
                Some((least, rest)) => (PermissionCell::Scopes(vec![least.clone()]), Some(PermissionCell::Scopes(rest.to_vec()))),
                None => continue,
            },
            Some([least]) => (least.clone(), None),
            _ => {
                row.report_unknown(PageElement::Permissions, "neither scopes nor a word in place of scopes", diagnostics);
                continue;
            }
        };
        let found = row.cells.iter().map(|cell| shortened_cell(cell)).collect();
        let versions = of_versions.and_then(|column| versions(row.cell(column))).unwrap_or_default();
        let what = format!("permissions, {}", describe_evidence(&understood));
        diagnostics.report_read(row.line, &row.cells.join(" | "), what);
        let permission = Permission { found, understood, least, higher, versions };
        let kept = permissions.entry(kind).or_insert_with(|| permission.clone());
        if (&kept.least, &kept.higher) != (&permission.least, &permission.higher) {
            row.report_unknown(PageElement::Permissions, "another row for this kind of access token differs", diagnostics);
        }
    }
}

/// Reports scopes that are arranged as in a table, on a page whose permissions table was not found.
///
/// Sentences name scopes too, but not alone in a line and not in consecutive lines.
pub(super) fn report_unread_scopes(source: Source<'_>, diagnostics: &mut Diagnostics) {
    let is_scope =
        |word: &&str| scope(source.locale, source.translations, word.trim_end_matches([',', '、', '，'])).is_some();
    let lines = source.lines.iter().filter(|line| !line.is_blank()).enumerate();
    let mut before: Option<(usize, &Line<'_>)> = None;
    for (index, line) in lines.filter(|(_, line)| line.role == Role::Text && line.text.contains(".Read")) {
        let words: Vec<&str> = line.text.split_whitespace().take(MAX_WORDS).collect();
        let scopes = words.iter().filter(|word| is_scope(word)).count();
        let row = before.filter(|(before, _)| scopes > 0 && index - before <= MAX_ROW_DISTANCE);
        let found = if scopes == words.len() { Some(line) } else { row.map(|(_, line)| line) };
        if let Some(line) = found {
            diagnostics.report_unknown(
                PageElement::Permissions,
                line.number,
                &[line.text.trim()],
                "scopes in no table that could be read",
            );
            return;
        }
        before = Some((index, line)).filter(|_| scopes > 0).or(before);
    }
}
