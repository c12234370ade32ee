//! Text without the markup within a line.

/// The text of a cell: links as what they show, code and emphasis as plain words, line breaks as such.
///
/// Translation leaves half of a pair of marks behind, so no pair is looked for: marks are removed wherever they stand.
pub(crate) fn plain(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or_default();
        rest = match character {
            '\\' if after.starts_with(|next: char| next.is_ascii_punctuation()) => {
                text.extend(after.chars().next());
                after.get(1..).unwrap_or_default()
            }
            '<' => match tag(after) {
                Some((name, after)) => {
                    if BREAKS.contains(&name.as_str()) {
                        text.push('\n');
                    }
                    after
                }
                None => {
                    text.push('<');
                    after
                }
            },
            '[' => match link(after) {
                Some((shown, after)) => {
                    text.push_str(&plain(shown));
                    after
                }
                None => {
                    text.push('[');
                    after
                }
            },
            '&' => {
                let (decoded, after) = entity(after).unwrap_or(("&", after));
                text.push_str(decoded);
                after
            }
            '`' | '\u{a0}' | '\u{202f}' | '\t' => {
                text.push(' ');
                after
            }
            '*' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' => after,
            _ => {
                text.push(character);
                after
            }
        };
    }
    text
}

/// Elements that end a line of a cell.
const BREAKS: [&str; 5] = ["br", "p", "li", "ul", "ol"];
/// The longest tag that is taken for one.
const LONGEST_TAG: usize = 200;
/// The longest text of a link.
const LONGEST_LINK: usize = 400;

const ENTITIES: [(&str, &str); 6] =
    [("amp;", "&"), ("lt;", "<"), ("gt;", ">"), ("quot;", "\""), ("#39;", "'"), ("nbsp;", " ")];

/// The character of the entity that begins before this text, and what follows it.
pub(crate) fn entity(after: &str) -> Option<(&'static str, &str)> {
    ENTITIES.iter().find_map(|(name, text)| Some((*text, after.strip_prefix(name)?)))
}

/// The name of the element whose tag this is, and what follows it.
fn tag(after: &str) -> Option<(String, &str)> {
    let inner = after.strip_prefix('/').unwrap_or(after);
    if !inner.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let end = inner.char_indices().take(LONGEST_TAG).find(|(_, character)| *character == '>')?.0;
    let name = inner.split(|character: char| !character.is_ascii_alphanumeric()).next()?;
    Some((name.to_ascii_lowercase(), inner.get(end + 1..)?))
}

/// What a link shows, and what follows it.
fn link(after: &str) -> Option<(&str, &str)> {
    let close = after.char_indices().take(LONGEST_LINK).find(|(_, character)| matches!(character, ']' | '['))?.0;
    let target = after.get(close..)?.strip_prefix("](")?;
    let end = target.char_indices().take(LONGEST_LINK).find(|(_, character)| *character == ')')?.0;
    Some((after.get(..close)?, target.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_are_removed_in_pairs_and_alone() {
        let cases = [
            ("code and emphasis", "**`Away`**", " Away "),
            ("emphasis without its end", "**Away", "Away"),
            ("a link", "[presence](../resources/presence.md) now", "presence now"),
            ("an empty link", "Done.[](presence.md)", "Done."),
            ("brackets that are no link", "[a] and [", "[a] and ["),
            ("breaks", "One.<br/>Two.</p>Three.</br><ul><li>Four", "One.\nTwo.\nThree.\n\n\nFour"),
            ("a tag that is none", "1 < 2 <", "1 < 2 <"),
            ("escapes and entities", r"a\|b &amp; c\_d &x", "a|b & c_d &x"),
        ];
        for (name, cell, expected) in cases {
            assert_eq!(plain(cell), expected, "{name}");
        }
    }
}
