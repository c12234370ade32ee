//! The permissions table.

use std::collections::BTreeMap;

use super::evidence::{Meaning, weigh};
use crate::diagnostic::{Notes, token};
use crate::recording::{Grant, Permission, PermissionKind, Place};
use crate::table::{Row, Source};
use crate::tokens::{Absence, Tokens};

/// The order of the documentation's rows.
const ORDER: [PermissionKind; 3] =
    [PermissionKind::DelegatedWork, PermissionKind::DelegatedPersonal, PermissionKind::Application];

/// The most words a scope is torn into.
const MOST_PIECES: usize = 3;

/// Reads the rows of the permissions table.
pub(super) fn read(
    source: Source<'_>,
    rows: &[Row],
    permissions: &mut BTreeMap<PermissionKind, Permission>,
    notes: &mut Notes,
) {
    let words: Vec<_> = rows.iter().map(|row| source.tokens.permissions.find(source.locale, row.cell(0))).collect();
    for (row, meaning) in rows.iter().zip(weigh(&words, Some(&ORDER), &[])) {
        let (kind, understood) = match meaning {
            Meaning::Known(kind, understood) => (kind, understood),
            Meaning::Contradicted { .. } => {
                row.unknown(Place::Permissions, "the kind of token contradicts the row's place", notes);
                continue;
            }
            Meaning::Missing => {
                row.unknown(Place::Permissions, "a kind of token that is not in the token file", notes);
                continue;
            }
        };
        let grants: Option<Vec<Grant>> =
            row.cells.iter().skip(1).map(|cell| grant(source.locale, source.tokens, cell)).collect();
        let (least, higher) = match grants.as_deref() {
            Some([least, higher]) => (least.clone(), Some(higher.clone())),
            // Older pages list all scopes in one column, the least privileged first.
            Some([Grant::Scopes(scopes)]) => match scopes.split_first() {
                Some((least, [])) => (Grant::Scopes(vec![least.clone()]), None),
                Some((least, rest)) => (Grant::Scopes(vec![least.clone()]), Some(Grant::Scopes(rest.to_vec()))),
                None => continue,
            },
            Some([least]) => (least.clone(), None),
            _ => {
                row.unknown(Place::Permissions, "neither scopes nor a word in their place", notes);
                continue;
            }
        };
        let found = row.cells.iter().map(|cell| token(cell)).collect();
        let permission = Permission { found, understood, least, higher };
        let kept = permissions.entry(kind).or_insert_with(|| permission.clone());
        if (&kept.least, &kept.higher) != (&permission.least, &permission.higher) {
            row.unknown(Place::Permissions, "another row says otherwise for this kind of token", notes);
        }
    }
}

/// What a cell grants.
fn grant(locale: &str, tokens: &Tokens, cell: &str) -> Option<Grant> {
    if let Some((absence, _)) = tokens.absent.find(locale, cell) {
        return Some(absent(absence));
    }
    cell.split([',', '、', '，']).map(scope).collect::<Option<_>>().map(Grant::Scopes)
}

/// What the first of these words grant, and how many words that takes.
pub(crate) fn grant_at(locale: &str, tokens: &Tokens, words: &[&str]) -> Option<(Grant, usize)> {
    if let Some((absence, count)) = tokens.absent.first(locale, words) {
        return Some((absent(absence), count));
    }
    let mut scopes = Vec::new();
    let mut at = 0;
    loop {
        let (found, count, more) = (1..=MOST_PIECES).rev().find_map(|count| {
            let cell = words.get(at..at + count)?.join(" ");
            let alone = cell.trim_end_matches([',', '、', '，']);
            Some((scope(alone)?, count, alone.len() < cell.len()))
        })?;
        scopes.push(found);
        at += count;
        if !more {
            return Some((Grant::Scopes(scopes), at));
        }
    }
}

fn absent(absence: Absence) -> Grant {
    match absence {
        Absence::NotAvailable => Grant::NotAvailable,
        Absence::NotSupported => Grant::NotSupported,
    }
}

/// The scope that a text is, with what translation does to scopes undone: spaces after dots, case, a full stop.
pub(crate) fn scope(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', '。']);
    let mut pieces = text.split('.').map(str::trim);
    let resource = pieces
        .next()
        .filter(|piece| !piece.is_empty() && piece.chars().all(|character| character.is_ascii_alphabetic()))?;
    let resource = if resource.eq_ignore_ascii_case("Presence") { "Presence" } else { resource };
    let canonical =
        |piece: &str, names: &[&'static str]| names.iter().copied().find(|name| name.eq_ignore_ascii_case(piece));
    let access = canonical(pieces.next()?, &["Read", "ReadWrite"])?;
    match (pieces.next(), pieces.next()) {
        (None, _) => Some(format!("{resource}.{access}")),
        (Some(reach), None) => canonical(reach, &["All"]).map(|all| format!("{resource}.{access}.{all}")),
        _ => None,
    }
}
