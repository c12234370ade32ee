//! The words of a line.

use crate::lines::Line;

/// The maximum number of words of a line that are read.
const MAX_WORDS: usize = 30;

/// Returns the first words of a line, or an empty list if the line is in another layout.
pub(super) fn words_of<'a>(line: &Line<'a>) -> Vec<&'a str> {
    let words = if line.text.contains('|') || !line.is_text() { "" } else { line.text };
    // A full-width full stop is not followed by a space.
    words.split_whitespace().flat_map(|word| word.split_inclusive('。')).take(MAX_WORDS).collect()
}

/// Returns the words from an index.
pub(super) fn words_from<'a, 'b>(words: &'b [&'a str], index: usize) -> &'b [&'a str] {
    words.get(index..).unwrap_or_default()
}

/// Joins a range of words into a cell.
pub(super) fn join_words(words: &[&str], from: usize, to: usize) -> String {
    words.get(from..to).unwrap_or_default().join(" ")
}
