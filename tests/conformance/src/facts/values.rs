//! Lists of values in the descriptions of parameters and properties.
//!
//! Damage removes the separators between values and changes their order, so joined values are split, and the values are
//! recorded as a set.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostics;
use crate::recording::{Evidence, Facts, PageElement, ValueList};
use crate::source::Source;
use crate::table::Row;
use crate::vocabulary::{split_values, values_of};

/// The minimum number of values in a list. Fewer values are an example.
const MIN_LIST_LENGTH: usize = 3;
/// The maximum length of a word between the last two values of a list, for it to be read as "and" or "or".
const MAX_CONJUNCTION_LENGTH: usize = 4;

/// A value of a list: as found, its meaning, and the evidence.
type Item = (String, &'static str, Evidence);

/// A list of values, and the words in it that are not values.
#[derive(Debug, Default)]
struct List {
    items: Vec<Item>,
    unknown: Vec<String>,
}

/// Reads the list in the row of a parameter or property.
pub(super) fn read(source: Source<'_>, property: &str, row: &Row, facts: &mut Facts, diagnostics: &mut Diagnostics) {
    let Some(known) = values_of(property) else { return };
    let lists = lists(source, row.cell(2), known).into_iter();
    let Some(list) = lists.max_by_key(|list| list.items.len()).filter(|list| list.items.len() >= MIN_LIST_LENGTH)
    else {
        return;
    };
    for word in &list.unknown {
        diagnostics.report_unknown(PageElement::Values, row.line, &[property, word], "not a known value");
    }
    let found: Vec<String> = list.items.iter().map(|(found, ..)| found.clone()).collect();
    diagnostics.report_read(row.line, &found.join(", "), format!("values of {property}"));
    let values: BTreeSet<&str> = list.items.iter().map(|(_, value, _)| *value).collect();
    let evidence: BTreeSet<Evidence> = list.items.iter().map(|(.., evidence)| *evidence).collect();
    facts.values.push(ValueList {
        property: property.to_owned(),
        found,
        values: values.into_iter().map(str::to_owned).collect(),
        evidence: evidence.into_iter().collect(),
    });
}

/// Returns the lists in a text: values with only punctuation and conjunctions between them.
fn lists(source: Source<'_>, text: &str, known: &'static [&'static str]) -> Vec<List> {
    let mut lists = vec![List::default()];
    let mut pending: Option<String> = None;
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(char::is_alphabetic).unwrap_or(rest.len());
        let (gap, after) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let first_is_ascii = after.starts_with(|first: char| first.is_ascii());
        let same_script =
            |character: char| character.is_alphabetic() && (character < '\u{250}') == first_is_latin(after);
        let end = after.find(|character| !same_script(character)).unwrap_or(after.len());
        let (word, next) = after.split_at_checked(end).unwrap_or((after, ""));
        rest = next;
        let has_comma = gap.contains([',', '、', '，', '،']);
        let values = items(source, word, known);
        let Some(list) = lists.last_mut() else { break };
        match values {
            Some(values) => {
                // A word with commas around it between two values is an unknown value.
                list.unknown.extend(pending.take().filter(|_| has_comma));
                list.items.extend(values);
            }
            None if word.is_empty()
                || list.items.is_empty()
                || word.chars().count() <= MAX_CONJUNCTION_LENGTH
                || !first_is_ascii => {}
            None if pending.is_none() && has_comma => pending = Some(word.to_owned()),
            None => {
                pending = None;
                lists.push(List::default());
            }
        }
    }
    lists
}

fn first_is_latin(text: &str) -> bool {
    text.starts_with(|first: char| first < '\u{250}')
}

/// Returns the value that a word is, or the values that it consists of.
fn items(source: Source<'_>, word: &str, known: &'static [&'static str]) -> Option<Vec<Item>> {
    if word.is_empty() {
        return None;
    }
    if let Some(values) = split_values(word, known) {
        let mut rest = word;
        let items = values.into_iter().map(|value| {
            let (found, after) = rest.split_at_checked(value.len()).unwrap_or((rest, ""));
            rest = after;
            (found.to_owned(), value, Evidence::Untranslated)
        });
        return Some(items.collect());
    }
    let (value, evidence) =
        source.translations.values.find(source.locale, word).filter(|(value, _)| known.contains(value))?;
    Some(vec![(word.to_owned(), value, evidence)])
}
