//! JSON pointers ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).

use std::fmt;

/// Returns the pointer to `token` below `parent`.
pub(crate) fn below(parent: &str, token: impl fmt::Display) -> String {
    let token = token.to_string().replace('~', "~0").replace('/', "~1");
    format!("{parent}/{token}")
}

/// Returns the pointer without its last token, and that token, unescaped. Returns `None` for the root.
pub(crate) fn split_last(pointer: &str) -> Option<(&str, String)> {
    let (parent, token) = pointer.rsplit_once('/')?;
    Some((parent, unescape(token)))
}

/// Unescapes a token of a pointer.
pub(crate) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// Returns a key that sorts pointers in document order: array indices are compared as numbers.
pub(crate) fn document_order(pointer: &str) -> impl Ord {
    let tokens = pointer.split('/');
    tokens.map(|token| (token.parse::<usize>().ok(), token)).collect::<Vec<_>>()
}
