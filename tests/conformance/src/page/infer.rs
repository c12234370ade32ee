//! A page's name, inferred from its address and its text.

use std::collections::BTreeMap;

use url::Url;

use super::{PartialName, canonical_locale, is_locale, slug};
use crate::document::Document;
use crate::recording::PageVersion;
use crate::vocabulary::Translations;

/// Returns the name of a page that was saved from an address, such as
/// `https://learn.microsoft.com/fi-fi/graph/api/presence-get?view=…`.
pub(crate) fn name_from_address(address: &str) -> PartialName {
    let Ok(url) = Url::parse(address) else { return PartialName::default() };
    let mut segments = url.path().split('/').skip(1);
    let first = segments.next().unwrap_or_default();
    let page = segments.last().map(slug).filter(|page| !page.is_empty());
    let view = url.query_pairs().find(|(name, _)| name == "view").map(|(_, view)| view.into_owned());
    let version = match view.as_deref() {
        Some("graph-rest-1.0") => Some(PageVersion::V1),
        Some("graph-rest-beta") => Some(PageVersion::Beta),
        _ if !url.path().contains("/graph/api/") => Some(PageVersion::Concept),
        _ => None,
    };
    PartialName { locale: is_locale(first).then(|| canonical_locale(first)), version, page }
}

/// Returns the language that most headings and labels of the page are in. Defaults to English.
pub(crate) fn language(document: &Document, translations: &Translations) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in document.text().split('\n') {
        let cells = line.split('|').map(|cell| cell.trim().trim_start_matches('#')).filter(|cell| !cell.is_empty());
        for cell in cells {
            let languages = translations.sections.languages(cell).chain(translations.permissions.languages(cell));
            for language in languages.chain(translations.headings.languages(cell)) {
                *counts.entry(language).or_default() += 1;
            }
        }
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map_or("en", |(language, _)| language).to_owned()
}
