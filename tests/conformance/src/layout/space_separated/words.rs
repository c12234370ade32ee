//! The words of a line.

use crate::lines::Line;

/// The most words of a row that is made of terms alone.
const MOST_WORDS: usize = 30;

/// The first words of a line, or none when it is a row of another layout.
pub(super) fn words_of<'a>(line: &Line<'a>) -> Vec<&'a str> {
    let words = if line.text.contains('|') || !line.is_text() { "" } else { line.text };
    // A wide full stop has its own space.
    words.split_whitespace().flat_map(|word| word.split_inclusive('。')).take(MOST_WORDS).collect()
}

pub(super) fn from<'a, 'b>(words: &'b [&'a str], index: usize) -> &'b [&'a str] {
    words.get(index..).unwrap_or_default()
}

pub(super) fn joined(words: &[&str], from: usize, to: usize) -> String {
    words.get(from..to).unwrap_or_default().join(" ")
}
