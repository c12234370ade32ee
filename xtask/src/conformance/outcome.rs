//! What the suite writes of each of its checks.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// The suite's checks. One that does not run has found nothing, and says nothing.
pub(super) const CHECKS: [&str; 15] = [
    "raw",
    "facade",
    "emulator",
    "spec",
    "schema",
    "permissions",
    "clouds",
    "paths",
    "pairs",
    "parameters",
    "values",
    "states",
    "subscriptions",
    "limits",
    "locales",
];

/// What a check has come to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    pub(super) check: String,
    pub(super) column: Column,
    /// By the title of a recording, or by the name of a type of the facade.
    pub(super) of: BTreeMap<String, Verdict>,
}

/// What a check has come to for one page or type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verdict {
    /// How many comparisons were made.
    pub(super) compared: usize,
    pub(super) known: Vec<Known>,
    pub(super) new: Vec<String>,
    /// Known differences that are no longer there.
    pub(super) gone: Vec<String>,
}

/// A difference that is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) differs: String,
    pub(super) reason: String,
}

/// What pages are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Column {
    Raw,
    Facade,
    Emulator,
    Spec,
    Facts,
    Locales,
}

impl Column {
    pub(super) const ALL: [Self; 6] = [Self::Raw, Self::Facade, Self::Emulator, Self::Spec, Self::Facts, Self::Locales];
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Raw => "raw",
            Self::Facade => "facade",
            Self::Emulator => "emulator",
            Self::Spec => "spec",
            Self::Facts => "facts",
            Self::Locales => "locales",
        })
    }
}
