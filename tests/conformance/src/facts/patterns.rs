//! Facts that are found by patterns in any line: paths, GUIDs, ranges and limits.

use regex::Regex;
use uuid::Uuid;

use super::defaults;
use crate::diagnostic::Diagnostics;
use crate::lines::Line;
use crate::recording::{DurationRange, Facts, PageRepair, RateLimit};
use crate::source::Source;
use crate::vocabulary::{Unit, ascii};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// The maximum number of numbers in a sentence that are inspected.
const MAX_NUMBERS: usize = 20;
/// The minimum of a limit on the number of users. A smaller number is an example.
const MIN_USER_LIMIT: u64 = 100;
/// The maximum length of a line that is inspected. A page's text does not have longer lines.
const MAX_LINE_LENGTH: usize = 16 * 1024;

/// The patterns of GUIDs, ranges and numbers.
#[derive(Clone, Debug)]
pub(crate) struct Patterns {
    guid: Regex,
    durations: Regex,
    number: Regex,
    /// Two numbers with a dash or a word between them.
    range: Regex,
}

impl Patterns {
    pub(crate) fn new() -> Result<Self, regex::Error> {
        Ok(Self {
            // No word boundary at the end: a word can follow directly and start with a hexadecimal digit.
            guid: Regex::new(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")?,
            durations: Regex::new(r"[(（] *(PT?[0-9][0-9DHMST]*)[^()（）0-9]{1,12}?(PT?[0-9][0-9DHMST]*) *[)）]")?,
            range: Regex::new(r"([0-9]{1,4})[^0-9.,;()]{1,8}([0-9]{1,4})")?,
            number: Regex::new(r"[0-9]{1,3}(?:[.,\x{a0}\x{202f} ][0-9]{3})+|[0-9]+")?,
        })
    }

    /// Adds the facts in one line.
    pub(super) fn read(&self, line: &Line<'_>, source: Source<'_>, facts: &mut Facts, diagnostics: &mut Diagnostics) {
        if line.text.len() > MAX_LINE_LENGTH {
            return;
        }
        facts.paths.extend(template(line.text));
        // Most lines do not contain digits. Skipping them keeps the patterns fast on large pages.
        if !line.is_text() || !line.text.chars().map(ascii).any(|character| character.is_ascii_digit()) {
            return;
        }
        for guid in self.joined_guids(line.text) {
            diagnostics.record_repair(line.number, line.text, PageRepair::GuidNotSeparated { guid });
        }
        let text: String = line.text.chars().map(ascii).collect();
        facts.limits.duration_ranges.extend(self.durations.captures_iter(&text).map(|range| {
            let (_, [from, to]) = range.extract();
            DurationRange { from: from.to_owned(), to: to.to_owned() }
        }));
        for sentence in text.split([';', '。']).flat_map(|text| text.split(". ")) {
            facts.limits.rate_limits.extend(self.rate_limit(sentence, source));
            facts.limits.max_users.extend(self.user_limit(sentence, source));
            defaults::ranges(source, &self.range, sentence, &mut facts.limits);
        }
    }

    /// Returns the limit on the number of users or user ids in a sentence.
    fn user_limit(&self, sentence: &str, source: Source<'_>) -> Option<u64> {
        let count = |number: regex::Match<'_>| {
            let rest = sentence.get(number.end()..)?.trim_start_matches([' ', '\u{a0}']);
            let unit = source.translations.units.find_prefix(source.locale, rest);
            (unit == Some(Unit::Users)).then(|| value(&number)).flatten()
        };
        // Any sentence can mention two users. A limit is a larger number.
        self.number.find_iter(sentence).take(MAX_NUMBERS).filter_map(count).find(|count| *count >= MIN_USER_LIMIT)
    }

    /// Returns the GUIDs that a word directly precedes or follows.
    fn joined_guids(&self, text: &str) -> Vec<String> {
        let is_joined = |guid: &regex::Match<'_>| {
            let before = text.get(..guid.start()).and_then(|text| text.chars().next_back());
            let after = text.get(guid.end()..).and_then(|text| text.chars().next());
            before.into_iter().chain(after).any(char::is_alphanumeric)
        };
        let guids = self.guid.find_iter(text).filter(is_joined);
        guids.filter_map(|guid| Uuid::try_parse(guid.as_str()).ok()).map(|guid| guid.to_string()).collect()
    }

    /// Returns the rate limit in a sentence: two numbers, one of them in seconds, and the word for requests.
    fn rate_limit(&self, sentence: &str, source: Source<'_>) -> Option<RateLimit> {
        let numbers: Vec<regex::Match<'_>> = self.number.find_iter(sentence).take(3).collect();
        let [first, second] = numbers.as_slice() else { return None };
        let counts_seconds = |number: &regex::Match<'_>| {
            let rest = sentence.get(number.end()..).unwrap_or_default().trim_start_matches([' ', '\u{a0}', '-']);
            source.translations.units.find_prefix(source.locale, rest) == Some(Unit::Seconds)
        };
        let (requests, seconds) = match (counts_seconds(first), counts_seconds(second)) {
            (false, true) => (first, second),
            (true, false) => (second, first),
            _ => return None,
        };
        let rate = RateLimit { requests: value(requests)?, seconds: value(seconds)? };
        source.translations.units.appears_in(source.locale, sentence, Unit::Requests).then_some(rate)
    }
}

/// Parses a number, ignoring the separators between its groups of digits.
fn value(number: &regex::Match<'_>) -> Option<u64> {
    let digits: String = number.as_str().chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Returns the request template in a line that consists of a method and a path. A URL must also contain a placeholder.
fn template(line: &str) -> Option<String> {
    // The scraper of repository pages joins the next table to the template.
    let mut words = line.split('|').next()?.split_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    let path = match target.strip_prefix("https://graph.microsoft.com/").filter(|path| path.contains('{')) {
        Some(path) => path.find('/').and_then(|slash| path.get(slash..))?,
        None => target,
    };
    (METHODS.contains(&method) && path.starts_with('/') && words.next().is_none()).then(|| format!("{method} {path}"))
}
