//! The outcomes that the suite writes for its checks.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// The names of the suite's checks. A check without an outcome did not run.
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

/// The outcome of a check.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    pub(super) check: String,
    pub(super) column: Column,
    /// By the title of a recording, or by the name of a type of the facade.
    pub(super) of: BTreeMap<String, PageOutcome>,
}

/// The outcome of a check for a page or a type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOutcome {
    /// The number of comparisons.
    pub(super) compared: usize,
    pub(super) known: Vec<Known>,
    pub(super) new: Vec<String>,
    /// Known differences that no longer exist.
    pub(super) gone: Vec<String>,
}

/// A known difference.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) differs: String,
    pub(super) reason: String,
}

/// A column of the report: the component that the pages are compared with.
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
