//! Which other crates' types may stand in the facade's public signatures. A type of another crate ties the facade's major
//! version to that crate's.

use std::fmt;

use public_api::tokens::Token;
use public_api::{PublicApi, PublicItem};

/// What to do about a finding.
pub(super) const ADVICE: &str =
    "keep them out, or allow the crate in xtask/src/api/foreign.rs and in the version policy, each with the reason";

/// A crate whose types may stand in public signatures.
struct Allowed {
    /// As rustdoc names it: the crate that defines the types.
    name: &'static str,
    extent: Extent,
    #[expect(dead_code, reason = "read by those who change the list")]
    reason: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Wherever a type can stand.
    Signatures,
    /// In implementations of the crate's traits.
    Implementations,
}

const ALLOWED: [Allowed; 14] = [
    Allowed { name: "core", extent: Extent::Signatures, reason: "the standard library" },
    Allowed { name: "alloc", extent: Extent::Signatures, reason: "the standard library" },
    Allowed { name: "std", extent: Extent::Signatures, reason: "the standard library" },
    Allowed { name: "bytes", extent: Extent::Signatures, reason: "bodies of received notifications; 1.x since 2021" },
    Allowed { name: "futures_core", extent: Extent::Signatures, reason: "`Stream`, until the standard library has it" },
    Allowed { name: "http", extent: Extent::Signatures, reason: "status codes, requests and responses; 1.x" },
    Allowed { name: "jiff", extent: Extent::Signatures, reason: "instants and time zones; re-exported" },
    Allowed { name: "url", extent: Extent::Signatures, reason: "addresses; 2.x since 2019" },
    Allowed { name: "azure_core", extent: Extent::Signatures, reason: "credentials, behind the feature `azure`" },
    Allowed { name: "tower", extent: Extent::Signatures, reason: "services, behind a feature" },
    Allowed { name: "uuid", extent: Extent::Signatures, reason: "ids, behind the feature `uuid`" },
    Allowed { name: "serde", extent: Extent::Implementations, reason: "behind the feature `serde`" },
    Allowed { name: "serde_core", extent: Extent::Implementations, reason: "where serde defines its traits" },
    Allowed { name: "schemars", extent: Extent::Implementations, reason: "behind the feature `schemars`" },
];

/// A public item that names a type of a crate that is not allowed there.
#[derive(Debug)]
pub(super) struct Finding {
    name: String,
    item: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, item } = self;
        write!(formatter, "type of `{name}` in a public signature: {item}")
    }
}

/// Returns what is not allowed in the public items of a library.
pub(super) fn findings(api: &PublicApi) -> Vec<Finding> {
    let own = own_name(api);
    let mut findings = Vec::new();
    for item in api.items() {
        for name in crates_of(item) {
            let extent = ALLOWED.iter().find(|allowed| allowed.name == name).map(|allowed| allowed.extent);
            let is_allowed = match extent {
                Some(Extent::Signatures) => true,
                Some(Extent::Implementations) => is_in_implementation(api, item, name),
                None => own == Some(name),
            };
            if !is_allowed {
                findings.push(Finding { name: name.to_owned(), item: item.to_string() });
            }
        }
    }
    findings
}

/// The name of the library, which its first item is.
fn own_name(api: &PublicApi) -> Option<&str> {
    api.items().next()?.tokens().last().map(Token::text)
}

/// Whether the item is an implementation of one of the crate's traits, or in one.
fn is_in_implementation(api: &PublicApi, item: &PublicItem, name: &str) -> bool {
    let parent = api.items().find(|other| Some(other.id()) == item.parent_id());
    [Some(item), parent].into_iter().flatten().any(|item| {
        let is_implementation = item.tokens().next().is_some_and(|token| token.text() == "impl");
        is_implementation && crates_of(item).contains(&name)
    })
}

/// The crates of all paths in an item, each once. A re-export from another crate is that of the crate itself: what it
/// re-exports from its own modules is listed as items.
fn crates_of(item: &PublicItem) -> Vec<&str> {
    let tokens: Vec<&Token> = item.tokens().collect();
    if tokens.iter().any(|token| matches!(token, Token::Kind(text) if text == "use")) {
        return tokens.last().map(|token| token.text()).into_iter().collect();
    }
    let mut crates: Vec<&str> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let is_separator = |index: Option<usize>| {
            let token = index.and_then(|index| tokens.get(index));
            token.is_some_and(|token| matches!(token, Token::Symbol(text) if text.ends_with("::")))
        };
        let begins_path = matches!(token, Token::Identifier(_) | Token::Type(_))
            && is_separator(index.checked_add(1))
            && !is_separator(index.checked_sub(1));
        if begins_path && !crates.contains(&token.text()) {
            crates.push(token.text());
        }
    }
    crates
}
