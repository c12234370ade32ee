//! The error of translations that cannot be read.

use std::fmt;

/// Translations that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranslationsError(pub(super) String);

impl fmt::Display for TranslationsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to read translations: {}", self.0)
    }
}

impl std::error::Error for TranslationsError {}
