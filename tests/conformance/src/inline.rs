//! Removal of inline markup.

/// Returns the plain text of a cell: links are replaced with their text and `<br>` with a line break, and the
/// delimiters of code and emphasis are removed.
///
/// Translation can remove one delimiter of a pair, so each delimiter is removed separately.
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
                Some((label, after)) => {
                    text.push_str(&plain(label));
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

/// The elements that end a line of a cell.
const BREAKS: [&str; 5] = ["br", "p", "li", "ul", "ol"];
/// The maximum length of a tag.
const MAX_TAG_LENGTH: usize = 200;
/// The maximum length of the text of a link.
const MAX_LINK_LENGTH: usize = 400;

const ENTITIES: [(&str, &str); 6] =
    [("amp;", "&"), ("lt;", "<"), ("gt;", ">"), ("quot;", "\""), ("#39;", "'"), ("nbsp;", " ")];

/// Returns the character of the entity whose `&` precedes this text, and the text after the entity.
pub(crate) fn entity(after: &str) -> Option<(&'static str, &str)> {
    ENTITIES.iter().find_map(|(name, text)| Some((*text, after.strip_prefix(name)?)))
}

/// Returns the name of the element whose tag starts before this text, and the text after the tag.
fn tag(after: &str) -> Option<(String, &str)> {
    let inner = after.strip_prefix('/').unwrap_or(after);
    if !inner.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let end = inner.char_indices().take(MAX_TAG_LENGTH).find(|(_, character)| *character == '>')?.0;
    let name = inner.split(|character: char| !character.is_ascii_alphanumeric()).next()?;
    Some((name.to_ascii_lowercase(), inner.get(end + 1..)?))
}

/// Returns the text of a link whose bracket precedes this text, and the text after the link.
fn link(after: &str) -> Option<(&str, &str)> {
    let close = after.char_indices().take(MAX_LINK_LENGTH).find(|(_, character)| matches!(character, ']' | '['))?.0;
    let target = after.get(close..)?.strip_prefix("](")?;
    let end = target.char_indices().take(MAX_LINK_LENGTH).find(|(_, character)| *character == ')')?.0;
    Some((after.get(..close)?, target.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn paired_and_unpaired_delimiters_are_removed() {
        let cases = [
            ("code and emphasis", "**`Away`**", " Away "),
            ("emphasis without a closing delimiter", "**Away", "Away"),
            ("a link", "[presence](../resources/presence.md) now", "presence now"),
            ("an empty link", "Done.[](presence.md)", "Done."),
            ("brackets that are not a link", "[a] and [", "[a] and ["),
            ("breaks", "One.<br/>Two.</p>Three.</br><ul><li>Four", "One.\nTwo.\nThree.\n\n\nFour"),
            ("less-than signs that are not a tag", "1 < 2 <", "1 < 2 <"),
            ("escapes and entities", r"a\|b &amp; c\_d &x", "a|b & c_d &x"),
        ];
        for (name, cell, expected) in cases {
            assert_eq!(plain(cell), expected, "{name}");
        }
    }
}
