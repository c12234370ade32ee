//! The input of layouts and facts.

use crate::lines::Line;
use crate::recording::{Evidence, PermissionKind};
use crate::vocabulary::{Cloud, Translations, government_cloud};

/// A page's lines, and the information needed to interpret them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) locale: &'a str,
    pub(crate) action: Option<Action>,
    pub(crate) lines: &'a [Line<'a>],
    pub(crate) translations: &'a Translations,
}

/// The action that a page documents, if the order of its table of pairs is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    SetPresence,
    SetUserPreferredPresence,
}

impl Action {
    /// Returns the action of a page with this name whose first example is for this operation.
    ///
    /// The operation takes precedence: a file can have any name.
    pub(crate) fn of(page: &str, operation: Option<&str>) -> Option<Self> {
        let named = |name: &str| {
            let name = name.to_ascii_lowercase();
            let known =
                [("setuserpreferredpresence", Self::SetUserPreferredPresence), ("setpresence", Self::SetPresence)];
            known.into_iter().find(|(known, _)| name.contains(known)).map(|(_, action)| action)
        };
        operation.and_then(named).or_else(|| named(page))
    }
}

impl Source<'_> {
    /// Returns the lines from an index.
    pub(crate) fn from(&self, index: usize) -> &[Line<'_>] {
        self.lines.get(index..).unwrap_or_default()
    }

    /// Returns the kind of access token that a cell names.
    pub(crate) fn permission(&self, cell: &str) -> Option<PermissionKind> {
        self.translations.permissions.find(self.locale, cell).map(|(kind, _)| kind)
    }

    /// Returns `true` if rows of a known table start with such a cell.
    pub(crate) fn begins_row(&self, cell: &str) -> bool {
        let translations = self.translations;
        translations.permissions.find(self.locale, cell).is_some()
            || translations.parameters.find(self.locale, cell).is_some()
            || translations.values.find(self.locale, cell).is_some()
            || translations.headers.find(self.locale, cell).is_some()
    }

    /// Returns the type that a cell names, by the documentation's own name for it.
    pub(crate) fn type_name(&self, cell: &str) -> Option<(String, Evidence)> {
        if let Some((known, evidence)) = self.translations.types.find(self.locale, cell) {
            return Some((known.as_str().to_owned(), evidence));
        }
        let name = cell.trim().trim_end_matches('.');
        let short = name.trim_start_matches("microsoft.graph.");
        let plain = short.starts_with(|first: char| first.is_ascii_alphabetic())
            && short.chars().all(|character| character.is_ascii_alphanumeric() || character == '.');
        // A word in another language can look like a type, but does not have capital letters after its first letter.
        let camel_case = short.contains('.') || short.chars().skip(1).any(|character| character.is_ascii_uppercase());
        let known = self.translations.parameters.find(self.locale, short).is_some();
        (plain && (camel_case || known || name != short)).then(|| (short.to_owned(), Evidence::Untranslated))
    }

    /// Returns the cloud that a cell in the header of the cloud table names.
    pub(crate) fn cloud(&self, cell: &str) -> Option<Cloud> {
        government_cloud(cell).or_else(|| self.translations.clouds.find(self.locale, cell).map(|(cloud, _)| cloud))
    }
}
