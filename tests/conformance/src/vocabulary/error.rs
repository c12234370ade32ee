//! The error of invalid translations.

use std::fmt;

/// An error that is returned if translations cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranslationsError(pub(super) String);

impl fmt::Display for TranslationsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to read translations: {}", self.0)
    }
}

impl std::error::Error for TranslationsError {}
