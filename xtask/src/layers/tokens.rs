//! Recognition of paths among the tokens of macros and attributes. Without parsing, this is a heuristic.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{LitStr, Path};

use super::imports::text;

/// A sequence of tokens that looks like a path.
pub(super) struct PathCandidate {
    pub(super) path: Vec<String>,
    pub(super) line: usize,
    /// Whether the path refers to items of a module, as in `crate::module::{One, Other}`.
    pub(super) is_group: bool,
}

/// Returns all sequences in `tokens` that look like a path to an item. Fields, methods, lifetimes, macro fragments, and
/// single lower-case names that are not called do not count.
pub(super) fn path_candidates(tokens: TokenStream) -> Vec<PathCandidate> {
    let mut found = Vec::new();
    collect(tokens, &mut found);
    found
}

/// Returns the paths in string literals, as in `#[serde(with = "crate::module")]`. A single name is a path only for
/// keys that end in `with`.
pub(super) fn paths_in_strings(tokens: TokenStream) -> Vec<PathCandidate> {
    let mut found = Vec::new();
    let mut key = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => found.extend(paths_in_strings(group.stream())),
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
                    found.push(PathCandidate { path, line, is_group: key == "with" });
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<PathCandidate>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = tokens.as_slice();
    // The last two punctuation characters, if they directly precede the token.
    let mut preceding = [None, None];
    while let Some((token, tail)) = rest.split_first() {
        rest = tail;
        match token {
            TokenTree::Ident(ident) => {
                let (path, tail) = path(ident, rest);
                rest = tail;
                let is_group = ends_in_group(rest);
                let starts_path = match preceding {
                    [Some(':'), Some(':')] | [_, Some('\'')] => false,
                    [_, Some('$')] => ident == "crate",
                    [previous, Some('.')] => previous == Some('.'),
                    _ => true,
                };
                if starts_path && (path.len() > 1 || is_group || is_item_like(ident, rest)) {
                    found.push(PathCandidate { path, line: ident.span().start().line, is_group });
                }
                preceding = [None, None];
            }
            TokenTree::Group(group) => {
                collect(group.stream(), found);
                preceding = [None, None];
            }
            TokenTree::Punct(punct) => {
                let [_, last] = preceding;
                preceding = [last, Some(punct.as_char())];
            }
            TokenTree::Literal(_) => preceding = [None, None],
        }
    }
}

/// Returns the path that begins with `first`, and the remaining tokens.
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

/// Returns `true` if a single name probably refers to an item, and not to a variable, a field or an argument.
fn is_item_like(ident: &Ident, rest: &[TokenTree]) -> bool {
    let is_called = match rest.first() {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
        Some(TokenTree::Punct(punct)) => punct.as_char() == '!',
        _ => false,
    };
    is_called || text(ident).starts_with(char::is_uppercase)
}
