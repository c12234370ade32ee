//! Paths among the tokens of macros and attributes, as well as tokens alone can tell.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{LitStr, Path};

use super::imports::text;

/// A sequence of tokens that looks like a path.
pub(super) struct Mention {
    pub(super) path: Vec<String>,
    pub(super) line: usize,
    /// Whether items of the path are meant, as in `crate::module::{One, Other}`.
    pub(super) is_group: bool,
}

/// Returns everything in `tokens` that looks like a path to an item: not fields, methods, lifetimes, fragments of a macro,
/// or lower-case words on their own that are not called.
pub(super) fn mentions(tokens: TokenStream) -> Vec<Mention> {
    let mut found = Vec::new();
    collect(tokens, &mut found);
    found
}

/// Returns the paths that stand in text, as in `#[serde(with = "crate::module")]`. On its own, a word is a path only after
/// `with` and its like.
pub(super) fn mentions_in_text(tokens: TokenStream) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut key = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => found.extend(mentions_in_text(group.stream())),
            TokenTree::Ident(ident) => key = text(&ident),
            TokenTree::Literal(literal) => {
                let line = literal.span().start().line;
                let path = syn::parse2::<LitStr>(TokenTree::from(literal).into())
                    .and_then(|text| text.parse_with(Path::parse_mod_style));
                if let Ok(path) = path
                    && path.leading_colon.is_none()
                    && (path.segments.len() > 1 || key.ends_with("with"))
                {
                    let path = path.segments.iter().map(|segment| text(&segment.ident)).collect();
                    found.push(Mention { path, line, is_group: key == "with" });
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<Mention>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = tokens.as_slice();
    // The last two punctuation characters, if nothing stands behind them.
    let mut before = [None, None];
    while let Some((token, tail)) = rest.split_first() {
        rest = tail;
        match token {
            TokenTree::Ident(ident) => {
                let (path, tail) = path(ident, rest);
                rest = tail;
                let is_group = ends_in_group(rest);
                let follows = match before {
                    [Some(':'), Some(':')] | [_, Some('\'')] => false,
                    [_, Some('$')] => ident == "crate",
                    [previous, Some('.')] => previous == Some('.'),
                    _ => true,
                };
                if follows && (path.len() > 1 || is_group || is_item_like(ident, rest)) {
                    found.push(Mention { path, line: ident.span().start().line, is_group });
                }
                before = [None, None];
            }
            TokenTree::Group(group) => {
                collect(group.stream(), found);
                before = [None, None];
            }
            TokenTree::Punct(punct) => {
                let [_, last] = before;
                before = [last, Some(punct.as_char())];
            }
            TokenTree::Literal(_) => before = [None, None],
        }
    }
}

/// The path that begins with `first`, and what stands behind it.
fn path<'t>(first: &Ident, mut rest: &'t [TokenTree]) -> (Vec<String>, &'t [TokenTree]) {
    let mut path = vec![text(first)];
    while let [TokenTree::Punct(one), TokenTree::Punct(other), TokenTree::Ident(ident), tail @ ..] = rest
        && (one.as_char(), other.as_char()) == (':', ':')
    {
        path.push(text(ident));
        rest = tail;
    }
    (path, rest)
}

fn ends_in_group(rest: &[TokenTree]) -> bool {
    matches!(rest, [TokenTree::Punct(one), TokenTree::Punct(other), TokenTree::Group(group), ..]
        if (one.as_char(), other.as_char()) == (':', ':') && group.delimiter() == Delimiter::Brace)
}

/// Whether a single word is the name of an item rather than of a variable, a field or an argument.
fn is_item_like(ident: &Ident, rest: &[TokenTree]) -> bool {
    let is_called = match rest.first() {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
        Some(TokenTree::Punct(punct)) => punct.as_char() == '!',
        _ => false,
    };
    is_called || text(ident).starts_with(char::is_uppercase)
}
