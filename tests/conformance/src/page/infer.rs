//! A page's name, inferred from its address and its text.

use std::collections::BTreeMap;

use url::Url;

use super::{PartialName, is_locale, locale, slug};
use crate::document::Document;
use crate::recording::Edition;
use crate::vocabulary::Translations;

/// Returns the name of a page that was saved from an address such as
/// `https://learn.microsoft.com/fi-fi/graph/api/presence-get?view=…`.
pub(crate) fn address(address: &str) -> PartialName {
    let Ok(url) = Url::parse(address) else { return PartialName::default() };
    let mut segments = url.path().split('/').skip(1);
    let first = segments.next().unwrap_or_default();
    let page = segments.last().map(slug).filter(|page| !page.is_empty());
    let view = url.query_pairs().find(|(name, _)| name == "view").map(|(_, view)| view.into_owned());
    let version = match view.as_deref() {
        Some("graph-rest-1.0") => Some(Edition::V1),
        Some("graph-rest-beta") => Some(Edition::Beta),
        _ if !url.path().contains("/graph/api/") => Some(Edition::Concept),
        _ => None,
    };
    PartialName { locale: is_locale(first).then(|| locale(first)), version, page }
}

/// Returns the language of most known words of the page. Defaults to English.
pub(crate) fn language(document: &Document, translations: &Translations) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in document.text().split('\n') {
        let words = line.split('|').map(|cell| cell.trim().trim_start_matches('#')).filter(|cell| !cell.is_empty());
        for word in words {
            let languages = translations.sections.languages(word).chain(translations.permissions.languages(word));
            for language in languages.chain(translations.headings.languages(word)) {
                *counts.entry(language).or_default() += 1;
            }
        }
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map_or("en", |(language, _)| language).to_owned()
}
