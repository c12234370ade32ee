//! Default expirations.

use std::collections::HashSet;

use regex::Regex;

use crate::recording::{DefaultExpiration, DurationRange, Limits};
use crate::source::Source;
use crate::vocabulary::{Unit, ascii, values_of};

/// The maximum length of a description. A longer text is not the description of a parameter.
const MAX_DESCRIPTION: usize = 4096;

/// Returns the default expirations in the description of `expirationDuration`. Each sentence or list item has at most
/// one.
pub(super) fn read(source: Source<'_>, description: &str) -> Vec<DefaultExpiration> {
    if description.len() > MAX_DESCRIPTION {
        return Vec::new();
    }
    let description: String = description.chars().map(ascii).collect();
    let mut all: Vec<_> = sentences(&description).into_iter().flat_map(|sentence| expiries(source, sentence)).collect();
    // Only one default can apply to all other values: several durations without a value are a range.
    if all
        .iter()
        .filter(|expiry| expiry.availabilities.is_empty())
        .map(|expiry| &expiry.duration)
        .collect::<HashSet<_>>()
        .len()
        > 1
    {
        all.retain(|expiry| !expiry.availabilities.is_empty());
    }
    all
}

/// Splits a text into sentences and list items. A capital letter after a full stop is enough to start a sentence.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut from = 0;
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    for window in characters.windows(3) {
        let [(_, before), (index, mark), (next, after)] = *window else { continue };
        let ends = match mark {
            // A line break before a lower-case letter is within a sentence.
            '\n' => !after.is_lowercase(),
            '。' | ';' => true,
            '.' => after.is_whitespace() || (after.is_uppercase() && before.is_alphabetic()),
            '-' | '–' | '•' => before.is_whitespace() && after.is_whitespace(),
            _ => false,
        };
        if ends {
            sentences.extend(text.get(from..index));
            from = next;
        }
    }
    sentences.extend(text.get(from..));
    sentences
}

/// Returns the numbers with a unit of time, and the values that each applies to.
///
/// A sentence with several numbers is not about defaults, except for list items that lost their line breaks, in which a
/// colon precedes each number.
fn expiries(source: Source<'_>, sentence: &str) -> Vec<DefaultExpiration> {
    // ISO 8601 is the name of a format, not a number.
    if sentence.contains("ISO") {
        return Vec::new();
    }
    let mut items = Vec::new();
    let mut rest = sentence;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, number) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = number.find(|character: char| !character.is_ascii_digit()).unwrap_or(number.len());
        let (count, after) = number.split_at_checked(end).unwrap_or((number, ""));
        items.push((before, count, after));
        rest = after;
    }
    if items.len() > 1 && !items.iter().all(|(before, ..)| before.contains(':')) {
        return Vec::new();
    }
    let is_single = items.len() == 1;
    let expiry = |(before, count, after): (&str, &str, &str)| {
        let unit =
            source.translations.units.find_prefix(source.locale, after.trim_start_matches([' ', '\u{a0}', '-']))?;
        let duration = iso(count.parse().ok()?, unit)?;
        let scope = if is_single { sentence } else { before };
        let availabilities = values_of("availability")?
            .iter()
            .filter(|value| source.translations.values.appears_in(source.locale, scope, value));
        Some(DefaultExpiration { availabilities: availabilities.map(|value| (*value).to_owned()).collect(), duration })
    };
    items.into_iter().filter_map(expiry).collect()
}

/// Returns an ISO 8601 duration, or `None` if the unit is not one of time.
pub(super) fn iso(count: u64, unit: Unit) -> Option<String> {
    match unit {
        Unit::Days => Some(format!("P{count}D")),
        Unit::Hours => Some(format!("PT{count}H")),
        Unit::Minutes if count >= 60 && count.is_multiple_of(60) => Some(format!("PT{}H", count / 60)),
        Unit::Minutes => Some(format!("PT{count}M")),
        Unit::Seconds => Some(format!("PT{count}S")),
        Unit::Requests | Unit::Users => None,
    }
}

/// Adds ranges of minutes in words, such as `5-240 minutes`, which some translations have in place of ISO 8601.
pub(super) fn ranges(source: Source<'_>, range: &Regex, sentence: &str, limits: &mut Limits) {
    for found in range.captures_iter(sentence) {
        let rest = found.get(0).and_then(|whole| sentence.get(whole.end()..)).unwrap_or_default();
        let unit = source.translations.units.find_prefix(source.locale, rest.trim_start_matches([' ', '\u{a0}', '-']));
        let (_, [from, to]) = found.extract();
        let bound = |count: &str| iso(count.parse().ok()?, unit.filter(|unit| *unit == Unit::Minutes)?);
        if let (Some(from), Some(to)) = (bound(from), bound(to)) {
            limits.duration_ranges.push(DurationRange { from, to });
        }
    }
}
