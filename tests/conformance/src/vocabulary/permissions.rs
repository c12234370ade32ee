//! The cells of permissions tables: scopes, terms in place of scopes, and versions of the API.

use super::terms::{Absence, ScopePart};
use super::translations::Translations;
use crate::recording::PermissionCell;

/// The maximum number of words that damage splits a scope into.
const MAX_SCOPE_WORDS: usize = 3;

/// Returns the meaning of a cell in the permissions table.
pub(crate) fn permission_cell(locale: &str, translations: &Translations, cell: &str) -> Option<PermissionCell> {
    if let Some((absence, _)) = translations.absent.find(locale, cell) {
        return Some(absent(absence));
    }
    let scopes = cell.split([',', '、', '，', ';', '；', '\n']).filter(|piece| !piece.trim().is_empty());
    let scopes: Option<Vec<String>> = scopes.map(|cell| scope(locale, translations, cell)).collect();
    scopes.filter(|scopes| !scopes.is_empty()).map(PermissionCell::Scopes)
}

/// Returns `true` if a cell can follow the kind of access token in a row of the permissions table.
pub(crate) fn is_permission_cell_or_versions(locale: &str, translations: &Translations, cell: &str) -> bool {
    permission_cell(locale, translations, cell).is_some() || versions(locale, translations, cell).is_some()
}

/// Returns the versions of the API that a cell lists. Some tables have a column for them.
pub(crate) fn versions(locale: &str, translations: &Translations, cell: &str) -> Option<Vec<String>> {
    let pieces = cell.split([',', '、', '，', ' ']).filter(|piece| piece.contains(char::is_alphanumeric));
    let versions =
        pieces.map(|piece| translations.versions.find(locale, piece).map(|(version, _)| version.to_string()));
    versions.collect::<Option<Vec<_>>>().filter(|versions| !versions.is_empty())
}

/// Returns the permissions at the start of these words, and the number of words that they consist of.
pub(crate) fn leading_permission_cell(
    locale: &str,
    translations: &Translations,
    words: &[&str],
) -> Option<(PermissionCell, usize)> {
    if let Some((absence, count)) = translations.absent.find_leading(locale, words) {
        return Some((absent(absence), count));
    }
    let mut scopes = Vec::new();
    let mut at = 0;
    loop {
        let (found, count, more) = (1..=MAX_SCOPE_WORDS).rev().find_map(|count| {
            let cell = words.get(at..at + count)?.join(" ");
            let without_comma = cell.trim_end_matches([',', '、', '，']);
            let PermissionCell::Scopes(found) = permission_cell(locale, translations, without_comma)? else {
                return None;
            };
            Some((found, count, without_comma.len() < cell.len()))
        })?;
        scopes.extend(found);
        at += count;
        if !more {
            return Some((PermissionCell::Scopes(scopes), at));
        }
    }
}

fn absent(absence: Absence) -> PermissionCell {
    match absence {
        Absence::NotAvailable => PermissionCell::NotAvailable,
        Absence::NotSupported => PermissionCell::NotSupported,
    }
}

/// Returns the scope that a text names. Ignores damage by translation: spaces after dots, different case, translated
/// words, a final full stop.
pub(crate) fn scope(locale: &str, translations: &Translations, text: &str) -> Option<String> {
    let text = text.trim_end_matches(|last: char| last.is_whitespace() || matches!(last, '.' | '。' | '．'));
    let pieces: Vec<&str> = text.split(['.', '．', '。', '：', ':']).map(str::trim).collect();
    let known = |piece: &str| translations.scopes.find(locale, piece).map(|(piece, _)| piece);
    let (resource, access, constraint) = match pieces.as_slice() {
        [resource, access] => (*resource, known(access)?, None),
        [resource, access, constraint] => (*resource, known(access)?, Some(known(constraint)?)),
        _ => return None,
    };
    let plain = !resource.is_empty() && resource.chars().all(|character| character.is_ascii_alphabetic());
    let resource = match known(resource) {
        Some(piece) => piece.as_str(),
        None if plain => resource,
        None => return None,
    };
    match (access, constraint) {
        (ScopePart::Read | ScopePart::ReadWrite, None) => Some(format!("{resource}.{}", access.as_str())),
        (ScopePart::Read | ScopePart::ReadWrite, Some(ScopePart::All)) => {
            Some(format!("{resource}.{}.All", access.as_str()))
        }
        _ => None,
    }
}
