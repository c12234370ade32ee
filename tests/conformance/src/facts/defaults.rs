//! When what was set expires, unless the caller says otherwise.

use std::collections::HashSet;

use regex::Regex;

use crate::recording::{DurationRange, DefaultExpiration, Limits};
use crate::source::Source;
use crate::vocabulary::{Unit, ascii, values_of};

/// No description of a parameter is as long.
const MAX_DESCRIPTION: usize = 4096;

/// The default expirations in the description of the parameter for them: one a sentence or point.
pub(super) fn read(source: Source<'_>, description: &str) -> Vec<DefaultExpiration> {
    if description.len() > MAX_DESCRIPTION {
        return Vec::new();
    }
    let description: String = description.chars().map(ascii).collect();
    let mut all: Vec<_> = sentences(&description).into_iter().flat_map(|sentence| expiries(source, sentence)).collect();
    // There is one default of all the rest: several times without a value are the bounds of something.
    if all.iter().filter(|expiry| expiry.of.is_empty()).map(|expiry| &expiry.after).collect::<HashSet<_>>().len() > 1 {
        all.retain(|expiry| !expiry.of.is_empty());
    }
    all
}

/// The sentences and the points of lists, also where nothing but a capital parts them.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut from = 0;
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    for window in characters.windows(3) {
        let [(_, before), (index, mark), (next, after)] = *window else { continue };
        let ends = match mark {
            // A line that goes on with a small letter was broken for its length.
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

/// The numbers with a unit of time, and the values that each is for.
///
/// A sentence with more numbers says something else, but for points whose breaks are lost: there a colon stands before
/// each number.
fn expiries(source: Source<'_>, sentence: &str) -> Vec<DefaultExpiration> {
    // ISO 8601 is the name of a format, and no number.
    if sentence.contains("ISO") {
        return Vec::new();
    }
    let mut points = Vec::new();
    let mut rest = sentence;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, number) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = number.find(|character: char| !character.is_ascii_digit()).unwrap_or(number.len());
        let (count, after) = number.split_at_checked(end).unwrap_or((number, ""));
        points.push((before, count, after));
        rest = after;
    }
    if points.len() > 1 && !points.iter().all(|(before, ..)| before.contains(':')) {
        return Vec::new();
    }
    let alone = points.len() == 1;
    let expiry = |(before, count, after): (&str, &str, &str)| {
        let unit = source.translations.units.begins(source.locale, after.trim_start_matches([' ', '\u{a0}', '-']))?;
        let after = iso(count.parse().ok()?, unit)?;
        let of = if alone { sentence } else { before };
        let of = values_of("availability")?
            .iter()
            .filter(|value| source.translations.values.appears_in(source.locale, of, value));
        Some(DefaultExpiration { of: of.map(|value| (*value).to_owned()).collect(), after })
    };
    points.into_iter().filter_map(expiry).collect()
}

/// So many units of time, as a duration of ISO 8601.
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

/// A range of minutes in words, `5-240 minutes`: what the translation of one in ISO 8601 leaves.
pub(super) fn ranges(source: Source<'_>, range: &Regex, sentence: &str, limits: &mut Limits) {
    for found in range.captures_iter(sentence) {
        let rest = found.get(0).and_then(|whole| sentence.get(whole.end()..)).unwrap_or_default();
        let unit = source.translations.units.begins(source.locale, rest.trim_start_matches([' ', '\u{a0}', '-']));
        let (_, [from, to]) = found.extract();
        let bound = |count: &str| iso(count.parse().ok()?, unit.filter(|unit| *unit == Unit::Minutes)?);
        if let (Some(from), Some(to)) = (bound(from), bound(to)) {
            limits.duration_ranges.push(DurationRange { from, to });
        }
    }
}
