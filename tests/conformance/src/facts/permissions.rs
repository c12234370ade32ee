//! The permissions table.

use std::collections::BTreeMap;

use super::evidence::{Meaning, combine, describe_evidence};
use crate::diagnostic::{Diagnostics, shortened_cell};
use crate::lines::{Line, Role};
use crate::recording::{PageElement, Permission, PermissionCell, PermissionKind};
use crate::source::Source;
use crate::table::{Row, Table};
use crate::vocabulary::{permission_cell, scope, versions};

/// The order of the documentation's rows.
const ORDER: [PermissionKind; 3] =
    [PermissionKind::DelegatedWork, PermissionKind::DelegatedPersonal, PermissionKind::Application];

/// The maximum number of words of a row with scopes.
const MAX_WORDS: usize = 30;
/// The maximum distance between rows with scopes: one row without scopes can be between them.
const MAX_ROW_DISTANCE: usize = 2;

/// The resource whose row is read in a table of resources.
const RESOURCE: &str = "presence";

/// Converts the row of presence in a table of resources to rows of a permissions table.
pub(super) fn rows_of_resource(source: Source<'_>, table: &Table) -> Vec<Row> {
    let Some(row) = table.rows.iter().find(|row| row.cell(0).trim() == RESOURCE) else { return Vec::new() };
    let columns = table.header.cells.iter().zip(&row.cells).filter(|(kind, _)| source.permission(kind).is_some());
    columns.map(|(kind, cell)| Row { line: row.line, cells: vec![kind.clone(), cell.clone()] }).collect()
}

/// Reads the rows of the permissions table.
pub(super) fn read(
    source: Source<'_>,
    rows: &[Row],
    permissions: &mut BTreeMap<PermissionKind, Permission>,
    diagnostics: &mut Diagnostics,
) {
    let labels: Vec<_> =
        rows.iter().map(|row| source.translations.permissions.find(source.locale, row.cell(0))).collect();
    // The column of versions can contain "not supported" too. It is recognized by its other cells.
    let versions = |cell: &str| versions(source.locale, source.translations, cell);
    let version_column = rows.iter().find_map(|row| row.cells.iter().position(|cell| versions(cell).is_some()));
    for (row, meaning) in rows.iter().zip(combine(&labels, Some(&ORDER), &[])) {
        let (kind, evidence) = match meaning {
            Meaning::Known(kind, evidence) => (kind, evidence),
            Meaning::Contradicted { .. } => {
                row.report_unknown(
                    PageElement::Permissions,
                    "contradictory evidence: the kind of access token does not match the row's position",
                    diagnostics,
                );
                continue;
            }
            Meaning::Missing => {
                row.report_unknown(
                    PageElement::Permissions,
                    "kind of access token not in translations.yaml",
                    diagnostics,
                );
                continue;
            }
        };
        let cells = row.cells.iter().enumerate().skip(1).filter(|(column, _)| Some(*column) != version_column);
        let cells = cells.map(|(_, cell)| cell).filter(|cell| !cell.is_empty());
        let cells: Option<Vec<PermissionCell>> =
            cells.map(|cell| permission_cell(source.locale, source.translations, cell)).collect();
        let (least, higher) = match cells.as_deref() {
            Some([least, higher]) => (least.clone(), Some(higher.clone())),
            // Older pages list all scopes in one column, the least privileged first.
            Some([PermissionCell::Scopes(scopes)]) => match scopes.split_first() {
                Some((least, [])) => (PermissionCell::Scopes(vec![least.clone()]), None),
                Some((least, rest)) => {
                    (PermissionCell::Scopes(vec![least.clone()]), Some(PermissionCell::Scopes(rest.to_vec())))
                }
                None => continue,
            },
            Some([least]) => (least.clone(), None),
            _ => {
                row.report_unknown(
                    PageElement::Permissions,
                    "neither scopes nor a term such as \"Not supported\"",
                    diagnostics,
                );
                continue;
            }
        };
        let found = row.cells.iter().map(|cell| shortened_cell(cell)).collect();
        let versions = version_column.and_then(|column| versions(row.cell(column))).unwrap_or_default();
        let message = format!("permissions, {}", describe_evidence(std::slice::from_ref(&evidence)));
        diagnostics.report_read(row.line, &row.cells.join(" | "), message);
        let permission = Permission { found, evidence, least_privileged: least, higher_privileged: higher, versions };
        let recorded = permissions.entry(kind).or_insert_with(|| permission.clone());
        if (&recorded.least_privileged, &recorded.higher_privileged)
            != (&permission.least_privileged, &permission.higher_privileged)
        {
            row.report_unknown(
                PageElement::Permissions,
                "contradictory rows for this kind of access token",
                diagnostics,
            );
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
                "scopes outside a known table",
            );
            return;
        }
        before = Some((index, line)).filter(|_| scopes > 0).or(before);
    }
}
