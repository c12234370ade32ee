//! A page as lines.

/// A line of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// The line's number, from one.
    pub(crate) number: usize,
    /// Where it begins in the page's text.
    pub(crate) start: usize,
    pub(crate) text: &'a str,
}

impl Line<'_> {
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The page's text without a byte order mark and with line feeds for all line ends.
pub(crate) fn normalised(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n")
}

/// The lines of a normalised text.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    text.split('\n')
        .enumerate()
        .map(|(index, text)| {
            let line = Line { number: index + 1, start, text };
            start += text.len() + 1;
            line
        })
        .collect()
}
