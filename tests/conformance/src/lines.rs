//! The lines of a page.

use crate::vocabulary::Section;

/// A line of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// The number of the line in the file, starting at 1.
    pub(crate) number: usize,
    /// The offset of the line in the text.
    pub(crate) start: usize,
    pub(crate) text: &'a str,
    pub(crate) role: Role,
    /// Whether the previous line is part of the same line in the file.
    pub(crate) joined: bool,
    /// The section that contains the line, if its heading is known.
    pub(crate) section: Option<Section>,
}

/// The role of a line in its page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    #[default]
    Text,
    Heading,
    /// The line that begins or ends a block of code.
    Fence,
    /// A line of a block of code.
    Code,
}

impl Line<'_> {
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns `true` if the line can be part of a table or a sentence.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.role, Role::Text | Role::Heading)
    }
}

/// Removes a byte order mark, and replaces all line endings with line feeds.
pub(crate) fn normalize_line_endings(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n")
}

/// Removes invisible characters, and replaces other spaces with ASCII spaces.
///
/// Lines that start like JSON are not changed, because such characters can be part of its strings.
pub(crate) fn remove_invisible_characters(text: &str) -> String {
    let clean = |line: &str| -> String {
        if line.is_ascii() || line.trim_start().starts_with(['"', '{', '[', '}', ']']) {
            return line.to_owned();
        }
        let visible = line.chars().filter(|character| !is_invisible(*character));
        visible.map(|character| if character.is_whitespace() && character != '\t' { ' ' } else { character }).collect()
    };
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

/// Returns `true` if the character is a formatting character without a glyph. Joiners, which are part of other glyphs,
/// are not included.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
