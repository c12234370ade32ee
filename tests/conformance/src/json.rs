//! JSON bodies within other text.

use serde_json::Value;

use crate::inline::entity;
use crate::start_line::begins_message;

/// The maximum nesting depth, which is that of serde_json.
const MAX_DEPTH: usize = 128;

/// The quotation marks that typography and translation put in place of JSON's.
const QUOTES: [&str; 8] = ["\"", "“", "”", "„", "«", "»", "＂", "&quot;"];

/// A body.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    pub(crate) value: Value,
    pub(crate) text: &'a str,
    /// Whether its text was not valid JSON and was repaired.
    pub(crate) repaired: bool,
}

/// Returns `true` if a body can start with this text.
///
/// A bracket can also start a link or an include in Markdown. Only in a body does JSON follow it.
pub(crate) fn starts_body(text: &str) -> bool {
    let text = text.trim_start();
    let is_json = |rest: &str| rest.starts_with(['{', ']']) || quotation_mark(rest).is_some();
    text.starts_with(['{', '｛']) || text.strip_prefix('[').is_some_and(|rest| is_json(rest.trim_start()))
}

/// Parses the body at the start of the text, and repairs it if it is not valid JSON.
pub(crate) fn read(text: &str) -> Result<Body<'_>, String> {
    let strict = balanced(text).map_err(str::to_owned).and_then(|body| match serde_json::from_str(body) {
        Ok(value) => Ok(Body { value, text: body, repaired: false }),
        Err(error) => Err(format!("invalid JSON body: {error}")),
    });
    let repaired = || {
        let (json, length) = repair(text)?;
        Some(Body { value: serde_json::from_str(&json).ok()?, text: text.get(..length)?, repaired: true })
    };
    strict.or_else(|reason| repaired().ok_or(reason))
}

/// Returns the object or array at the start of the text, up to its closing brace.
///
/// Fails at a line break within a string, or at a line that starts another message, so that a page with many open
/// braces is read only once.
fn balanced(text: &str) -> Result<&str, &'static str> {
    let mut open = Vec::new();
    let mut in_string = false;
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' if in_string => return Err("incomplete body: line break within a string"),
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' if open.len() == MAX_DEPTH => return Err("invalid JSON body: more than 128 nested levels"),
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                if open.pop() != Some(byte) {
                    return Err("invalid JSON body: braces do not match");
                }
                if open.is_empty() {
                    return text.get(..=index).ok_or("incomplete body");
                }
            }
            b'\n' if text.get(index + 1..).is_some_and(begins_message) => {
                return Err("incomplete body: another message starts before the closing brace");
            }
            _ => {}
        }
    }
    Err("incomplete body: the page ends before the closing brace")
}

/// Repairs the JSON at the start of the text. Returns the JSON, and the length of the text that was repaired.
///
/// Repairs quotation marks, full-width punctuation, spaces, comments and trailing commas. Strings change only in their
/// quotation marks and entities.
fn repair(text: &str) -> Option<(String, usize)> {
    let mut json = String::new();
    let mut open = Vec::new();
    let mut in_string = false;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let mark = quotation_mark(rest);
        let (step, after) = rest.split_at_checked(mark.map_or(character.len_utf8(), str::len))?;
        rest = after;
        if in_string {
            match character {
                '\n' => return None,
                '\\' => {
                    let escaped = rest.chars().next()?;
                    json.extend([character, escaped]);
                    rest = rest.get(escaped.len_utf8()..)?;
                }
                _ if mark.is_some() && ends_string(rest) => {
                    json.push('"');
                    in_string = false;
                }
                '"' => json.push_str("\\\""),
                '&' => {
                    let (decoded, after) = entity(rest).unwrap_or(("&", rest));
                    json.push_str(decoded);
                    rest = after;
                }
                _ => json.push_str(step),
            }
            continue;
        }
        match character {
            _ if mark.is_some() => {
                json.push('"');
                in_string = true;
            }
            '\n' if begins_message(rest) => return None,
            '/' if rest.starts_with('/') => rest = rest.get(rest.find('\n')?..)?,
            '/' if rest.starts_with('*') => rest = rest.split_once("*/")?.1,
            '{' | '｛' | '[' | '［' if open.len() == MAX_DEPTH => return None,
            '{' | '｛' => {
                open.push('}');
                json.push('{');
            }
            '[' | '［' => {
                open.push(']');
                json.push('[');
            }
            '}' | '｝' | ']' | '］' => {
                let close = open.pop().filter(|close| character == *close || matches!(character, '｝' | '］'))?;
                json.truncate(json.trim_end().trim_end_matches(',').len());
                json.push(close);
                if open.is_empty() {
                    return Some((json, text.len() - rest.len()));
                }
            }
            '：' => json.push(':'),
            '，' => json.push(','),
            _ if character.is_whitespace() => json.push(' '),
            _ => json.push(character),
        }
    }
    None
}

/// Returns the quotation mark at the start of the text.
fn quotation_mark(text: &str) -> Option<&'static str> {
    QUOTES.into_iter().find(|mark| text.starts_with(mark))
}

/// Returns `true` if a string ends before this text, that is, JSON punctuation or the end of the line follows.
fn ends_string(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|character: char| character.is_whitespace() && character != '\n');
    rest.is_empty() || rest.starts_with(['\n', ',', ':', '}', ']', '，', '：', '｝', '］'])
}
