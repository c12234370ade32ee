//! JSON in the midst of other text.

use serde_json::Value;

use crate::inline::entity;
use crate::start_line::begins_message;

/// serde_json's own limit: a deeper body could not be read anyway.
const DEEPEST: usize = 128;

/// The marks that typography and translation put in the place of JSON's quotation mark.
const QUOTES: [&str; 8] = ["\"", "“", "”", "„", "«", "»", "＂", "&quot;"];

/// A body.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    pub(crate) value: Value,
    pub(crate) text: &'a str,
    /// Whether its text is no JSON and became some.
    pub(crate) mended: bool,
}

/// Whether a body begins with this text.
///
/// A bracket also begins the Markdown of a link and of an inclusion; a body goes on as JSON.
pub(crate) fn begins(text: &str) -> bool {
    let text = text.trim_start();
    let goes_on = |rest: &str| rest.starts_with(['{', ']']) || quote(rest).is_some();
    text.starts_with(['{', '｛']) || text.strip_prefix('[').is_some_and(|rest| goes_on(rest.trim_start()))
}

/// The body that the text begins with.
pub(crate) fn read(text: &str) -> Result<Body<'_>, String> {
    let strict = balanced(text).map_err(str::to_owned).and_then(|body| match serde_json::from_str(body) {
        Ok(value) => Ok(Body { value, text: body, mended: false }),
        Err(error) => Err(format!("the body is no JSON: {error}")),
    });
    let mended = || {
        let (json, length) = mended(text)?;
        Some(Body { value: serde_json::from_str(&json).ok()?, text: text.get(..length)?, mended: true })
    };
    strict.or_else(|what| mended().ok_or(what))
}

/// The object or array that the text begins with, up to its closing brace.
///
/// Gives up at the first line that begins another message or breaks a string, so that a page full of open braces is
/// read once.
fn balanced(text: &str) -> Result<&str, &'static str> {
    let mut open = Vec::new();
    let mut in_string = false;
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' if in_string => return Err("the body is cut within a string"),
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' if open.len() == DEEPEST => return Err("the body is nested too deeply"),
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                if open.pop() != Some(byte) {
                    return Err("the body's braces do not match");
                }
                if open.is_empty() {
                    return text.get(..=index).ok_or("the body is cut");
                }
            }
            b'\n' if text.get(index + 1..).is_some_and(begins_message) => {
                return Err("the body is cut: another message begins before it ends");
            }
            _ => {}
        }
    }
    Err("the body is cut: the page ends before it does")
}

/// The JSON that the text was before its marks were damaged, and the length of what it was made of.
///
/// Only what stands outside strings changes: quotation marks, wide marks and spaces, commentary, and commas that nothing
/// follows.
fn mended(text: &str) -> Option<(String, usize)> {
    let mut json = String::new();
    let mut open = Vec::new();
    let mut in_string = false;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let mark = quote(rest);
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
            '{' | '｛' | '[' | '［' if open.len() == DEEPEST => return None,
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

/// The quotation mark that the text begins with.
fn quote(text: &str) -> Option<&'static str> {
    QUOTES.into_iter().find(|mark| text.starts_with(mark))
}

/// Whether a string ends before this text: a mark of JSON follows, or nothing in its line.
fn ends_string(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|character: char| character.is_whitespace() && character != '\n');
    rest.is_empty() || rest.starts_with(['\n', ',', ':', '}', ']', '，', '：', '｝', '］'])
}
