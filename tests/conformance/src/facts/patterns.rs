//! What is found by its pattern, wherever it stands.

use regex::Regex;
use uuid::Uuid;

use super::defaults;
use crate::diagnostic::Diagnostics;
use crate::lines::Line;
use crate::recording::{DurationRange, Facts, PageRepair, RateLimit};
use crate::source::Source;
use crate::vocabulary::{Unit, ascii};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// The most numbers of a sentence that are looked at.
const MAX_NUMBERS: usize = 20;
/// Fewer people than a limit would be for.
const MIN_USER_LIMIT: u64 = 100;
/// No line of a page's text is as long.
const MAX_LINE_LENGTH: usize = 16 * 1024;

/// The patterns of GUIDs, ranges and numbers.
#[derive(Clone, Debug)]
pub(crate) struct Patterns {
    guid: Regex,
    durations: Regex,
    number: Regex,
    /// Two numbers with nothing but a dash or a word between them.
    range: Regex,
}

impl Patterns {
    pub(crate) fn new() -> Result<Self, regex::Error> {
        Ok(Self {
            // No word boundary at its end: the word glued to it may begin with a hexadecimal digit.
            guid: Regex::new(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")?,
            durations: Regex::new(r"[(（] *(PT?[0-9][0-9DHMST]*)[^()（）0-9]{1,12}?(PT?[0-9][0-9DHMST]*) *[)）]")?,
            range: Regex::new(r"([0-9]{1,4})[^0-9.,;()]{1,8}([0-9]{1,4})")?,
            number: Regex::new(r"[0-9]{1,3}(?:[.,\x{a0}\x{202f} ][0-9]{3})+|[0-9]+")?,
        })
    }

    /// Reads what one line says.
    pub(super) fn read(&self, line: &Line<'_>, source: Source<'_>, facts: &mut Facts, diagnostics: &mut Diagnostics) {
        if line.text.len() > MAX_LINE_LENGTH {
            return;
        }
        facts.paths.extend(template(line.text));
        // Most lines have no digit: a page of noise is read in no time without the patterns.
        if !line.is_text() || !line.text.chars().map(ascii).any(|character| character.is_ascii_digit()) {
            return;
        }
        for guid in self.glued(line.text) {
            diagnostics.record_repair(line.number, line.text, PageRepair::GuidNotSeparated { guid });
        }
        let text: String = line.text.chars().map(ascii).collect();
        facts.limits.duration_ranges.extend(self.durations.captures_iter(&text).map(|range| {
            let (_, [from, to]) = range.extract();
            DurationRange { from: from.to_owned(), to: to.to_owned() }
        }));
        for sentence in text.split([';', '。']).flat_map(|text| text.split(". ")) {
            facts.limits.rate_limits.extend(self.rate(sentence, source));
            facts.limits.max_users.extend(self.people(sentence, source));
            defaults::ranges(source, &self.range, sentence, &mut facts.limits);
        }
    }

    /// A number of people: of ids, or of users.
    fn people(&self, sentence: &str, source: Source<'_>) -> Option<u64> {
        let count = |number: regex::Match<'_>| {
            let rest = sentence.get(number.end()..)?.trim_start_matches([' ', '\u{a0}']);
            let unit = source.translations.units.begins(source.locale, rest);
            (unit == Some(Unit::Users)).then(|| value(&number)).flatten()
        };
        // Two users can be met in any sentence: a limit is a greater number.
        self.number.find_iter(sentence).take(MAX_NUMBERS).filter_map(count).find(|count| *count >= MIN_USER_LIMIT)
    }

    /// The GUIDs that words are glued to.
    fn glued(&self, text: &str) -> Vec<String> {
        let glued = |guid: &regex::Match<'_>| {
            let before = text.get(..guid.start()).and_then(|text| text.chars().next_back());
            let after = text.get(guid.end()..).and_then(|text| text.chars().next());
            before.into_iter().chain(after).any(char::is_alphanumeric)
        };
        let guids = self.guid.find_iter(text).filter(glued);
        guids.filter_map(|guid| Uuid::try_parse(guid.as_str()).ok()).map(|guid| guid.to_string()).collect()
    }

    /// So many requests in so many seconds: two numbers, one of them counting seconds, and the word for requests.
    fn rate(&self, sentence: &str, source: Source<'_>) -> Option<RateLimit> {
        let numbers: Vec<regex::Match<'_>> = self.number.find_iter(sentence).take(3).collect();
        let [first, second] = numbers.as_slice() else { return None };
        let counts_seconds = |number: &regex::Match<'_>| {
            let rest = sentence.get(number.end()..).unwrap_or_default().trim_start_matches([' ', '\u{a0}', '-']);
            source.translations.units.begins(source.locale, rest) == Some(Unit::Seconds)
        };
        let (count, seconds) = match (counts_seconds(first), counts_seconds(second)) {
            (false, true) => (first, second),
            (true, false) => (second, first),
            _ => return None,
        };
        let rate = RateLimit { count: value(count)?, seconds: value(seconds)? };
        source.translations.units.appears_in(source.locale, sentence, Unit::Requests).then_some(rate)
    }
}

/// The number that digits are, whatever groups them.
fn value(number: &regex::Match<'_>) -> Option<u64> {
    let digits: String = number.as_str().chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// A request template: a method and a path, alone in their line. One with a host has a placeholder too.
fn template(line: &str) -> Option<String> {
    // The scraper of repository pages glues the next table to it.
    let mut words = line.split('|').next()?.split_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    let path = match target.strip_prefix("https://graph.microsoft.com/").filter(|path| path.contains('{')) {
        Some(path) => path.find('/').and_then(|slash| path.get(slash..))?,
        None => target,
    };
    (METHODS.contains(&method) && path.starts_with('/') && words.next().is_none()).then(|| format!("{method} {path}"))
}
