//! JSON in the midst of other text.

use crate::message::begins_message;

/// serde_json's own limit: a deeper body could not be read anyway.
const DEEPEST: usize = 128;

/// Whether a body begins with this text.
///
/// A bracket also begins the Markdown of a link and of an inclusion; a body goes on as JSON.
pub(crate) fn begins(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with('{') || text.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', '"', ']']))
}

/// The object or array that the text begins with, up to its closing brace.
///
/// Gives up at the first line that begins another message or breaks a string, so that a page full of open braces is
/// read once.
pub(crate) fn balanced(text: &str) -> Result<&str, &'static str> {
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
