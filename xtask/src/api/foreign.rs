//! Types of other crates that are allowed in the facade's public signatures. A new major version of such a crate
//! requires a new major version of the facade.

use std::fmt;

use public_api::tokens::Token;
use public_api::{PublicApi, PublicItem};

/// The instructions to fix a finding.
pub(super) const ADVICE: &str =
    "remove them, or allow the crate in xtask/src/api/foreign.rs and in the version policy, with a reason";

/// A crate whose types are allowed in public signatures.
struct Allowed {
    /// The crate that defines the types, named as in rustdoc.
    name: &'static str,
    scope: Scope,
    #[expect(dead_code, reason = "documentation of the list")]
    reason: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// In all public signatures.
    Signatures,
    /// Only in implementations of the crate's traits.
    Implementations,
}

const ALLOWED: [Allowed; 14] = [
    Allowed { name: "core", scope: Scope::Signatures, reason: "the standard library" },
    Allowed { name: "alloc", scope: Scope::Signatures, reason: "the standard library" },
    Allowed { name: "std", scope: Scope::Signatures, reason: "the standard library" },
    Allowed { name: "bytes", scope: Scope::Signatures, reason: "bodies of received notifications; 1.x since 2021" },
    Allowed { name: "futures_core", scope: Scope::Signatures, reason: "`Stream`, until the standard library has it" },
    Allowed { name: "http", scope: Scope::Signatures, reason: "status codes, requests and responses; 1.x" },
    Allowed { name: "jiff", scope: Scope::Signatures, reason: "instants and time zones; re-exported" },
    Allowed { name: "url", scope: Scope::Signatures, reason: "addresses; 2.x since 2019" },
    Allowed { name: "azure_core", scope: Scope::Signatures, reason: "credentials, behind the feature `azure`" },
    Allowed { name: "tower", scope: Scope::Signatures, reason: "services, behind a feature" },
    Allowed { name: "uuid", scope: Scope::Signatures, reason: "ids, behind the feature `uuid`" },
    Allowed { name: "serde", scope: Scope::Implementations, reason: "behind the feature `serde`" },
    Allowed { name: "serde_core", scope: Scope::Implementations, reason: "where serde defines its traits" },
    Allowed { name: "schemars", scope: Scope::Implementations, reason: "behind the feature `schemars`" },
];

/// A public item with a type of another crate that is not allowed there.
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

/// Returns the public items of a library with types that are not allowed.
pub(super) fn findings(api: &PublicApi) -> Vec<Finding> {
    let library = library_name(api);
    let mut findings = Vec::new();
    for item in api.items() {
        for name in crates_of(item) {
            let scope = ALLOWED.iter().find(|allowed| allowed.name == name).map(|allowed| allowed.scope);
            let is_allowed = match scope {
                Some(Scope::Signatures) => true,
                Some(Scope::Implementations) => is_in_implementation(api, item, name),
                None => library == Some(name),
            };
            if !is_allowed {
                findings.push(Finding { name: name.to_owned(), item: item.to_string() });
            }
        }
    }
    findings
}

/// Returns the name of the library, which is its first item.
fn library_name(api: &PublicApi) -> Option<&str> {
    api.items().next()?.tokens().last().map(Token::text)
}

/// Returns `true` if the item is an implementation of one of the crate's traits, or a member of one.
fn is_in_implementation(api: &PublicApi, item: &PublicItem, name: &str) -> bool {
    let parent = api.items().find(|other| Some(other.id()) == item.parent_id());
    [Some(item), parent].into_iter().flatten().any(|item| {
        let is_implementation = item.tokens().next().is_some_and(|token| token.text() == "impl");
        is_implementation && crates_of(item).contains(&name)
    })
}

/// Returns the crates of all paths in an item, without duplicates. In a re-export, the last token is the crate: only
/// entire crates are re-exported, and re-exports from the library's own modules are listed as items.
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
