//! Lists of values in the descriptions of parameters and properties.
//!
//! Damage glues the values of a list to each other and changes their order: the letters are taken apart, and the values
//! compared as a set.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostics;
use crate::recording::{Evidence, Facts, PageElement, Values};
use crate::source::Source;
use crate::table::Row;
use crate::vocabulary::{split_values, values_of};

/// Fewer values are no list, but an example.
const MIN_LIST_LENGTH: usize = 3;
/// The most letters of a word that joins the last two values of a list.
const MAX_CONJUNCTION_LENGTH: usize = 4;

/// A value of a list, as found and what it means.
type Item = (String, &'static str, Evidence);

/// A list and the words in it that are no values.
#[derive(Debug, Default)]
struct List {
    items: Vec<Item>,
    unknown: Vec<String>,
}

/// Reads the list in the row of a parameter or property.
pub(super) fn read(source: Source<'_>, of: &str, row: &Row, facts: &mut Facts, diagnostics: &mut Diagnostics) {
    let Some(known) = values_of(of) else { return };
    let lists = lists(source, row.cell(2), known).into_iter();
    let Some(list) = lists.max_by_key(|list| list.items.len()).filter(|list| list.items.len() >= MIN_LIST_LENGTH) else {
        return;
    };
    for word in &list.unknown {
        diagnostics.report_unknown(PageElement::Values, row.line, &[of, word], "a value that is not known");
    }
    let found: Vec<String> = list.items.iter().map(|(found, ..)| found.clone()).collect();
    diagnostics.report_read(row.line, &found.join(", "), format!("the values of {of}"));
    let values: BTreeSet<&str> = list.items.iter().map(|(_, value, _)| *value).collect();
    let understood: BTreeSet<Evidence> = list.items.iter().map(|(.., evidence)| *evidence).collect();
    facts.values.push(Values {
        of: of.to_owned(),
        found,
        values: values.into_iter().map(str::to_owned).collect(),
        understood: understood.into_iter().collect(),
    });
}

/// The lists of a text: runs of values with nothing but marks and joints between them.
fn lists(source: Source<'_>, text: &str, known: &'static [&'static str]) -> Vec<List> {
    let mut lists = vec![List::default()];
    let mut pending: Option<String> = None;
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(char::is_alphabetic).unwrap_or(rest.len());
        let (gap, after) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let first_is_ascii = after.starts_with(|first: char| first.is_ascii());
        let same = |character: char| character.is_alphabetic() && (character < '\u{250}') == first_is_latin(after);
        let end = after.find(|character| !same(character)).unwrap_or(after.len());
        let (word, next) = after.split_at_checked(end).unwrap_or((after, ""));
        rest = next;
        let listed = gap.contains([',', '、', '，', '،']);
        let values = items(source, word, known);
        let Some(list) = lists.last_mut() else { break };
        match values {
            Some(values) => {
                // A word between two values that has commas around it stands for a value.
                list.unknown.extend(pending.take().filter(|_| listed));
                list.items.extend(values);
            }
            None if word.is_empty()
                || list.items.is_empty()
                || word.chars().count() <= MAX_CONJUNCTION_LENGTH
                || !first_is_ascii => {}
            None if pending.is_none() && listed => pending = Some(word.to_owned()),
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

/// The values that a word is, or is made of.
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
