//! A page as lines.

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
    pub(crate) glued: bool,
    /// The section that the line is in, if a heading names it.
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

    /// Whether the line may be part of a table or a sentence.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.role, Role::Text | Role::Heading)
    }
}

/// The page's text without a byte order mark and with line feeds for all line ends.
pub(crate) fn normalised(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n")
}

/// The text without the characters that show nothing, and with plain spaces for those of other widths.
///
/// What begins as JSON does is left alone: its strings may mean what they hold.
pub(crate) fn tidied(text: &str) -> String {
    let tidy = |line: &str| -> String {
        if line.is_ascii() || line.trim_start().starts_with(['"', '{', '[', '}', ']']) {
            return line.to_owned();
        }
        let seen = line.chars().filter(|character| !is_invisible(*character));
        seen.map(|character| if character.is_whitespace() && character != '\t' { ' ' } else { character }).collect()
    };
    text.split('\n').map(tidy).collect::<Vec<_>>().join("\n")
}

/// Whether the character only says how others are to be shown. Those that join others into one are part of them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
