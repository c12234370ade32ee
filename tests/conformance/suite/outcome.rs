//! The outcomes of checks, and the files in which `cargo xtask conformance` reads them.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::check::Check;

/// The environment variable with the folder that outcomes are written to. If it is not set, none are written.
const FOLDER: &str = "GRAPH_PRESENCE_CONFORMANCE_OUTCOMES";

/// The outcome of one check.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    check: Check,
    column: &'static str,
    /// By the title of a recording or the name of a type.
    #[serde(rename = "of")]
    subjects: BTreeMap<String, SubjectOutcome>,
}

/// The outcome of one check for one page or type.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SubjectOutcome {
    /// The number of comparisons.
    pub(crate) compared: usize,
    pub(crate) known: Vec<KnownDifference>,
    /// The differences that are not in `known_differences.yaml`.
    pub(crate) new: Vec<String>,
    /// The differences in `known_differences.yaml` that were not found.
    pub(crate) gone: Vec<String>,
}

/// A difference that `known_differences.yaml` lists.
#[derive(Debug, Serialize)]
pub(crate) struct KnownDifference {
    pub(crate) differs: String,
    pub(crate) reason: String,
}

impl Outcome {
    pub(crate) fn new(check: Check, subjects: BTreeMap<String, SubjectOutcome>) -> Self {
        Self { check, column: check.column(), subjects }
    }

    /// Describes what fails. Returns `None` if all differences are known and were found.
    pub(crate) fn failure(&self) -> Option<String> {
        let check = self.check.name();
        let mut failure = String::new();
        if self.subjects.values().all(|subject| subject.compared == 0) {
            writeln!(failure, "{check}: nothing was compared").unwrap();
        }
        for (name, subject) in &self.subjects {
            for new in &subject.new {
                writeln!(failure, "{name}, {check}: {new}").unwrap();
            }
            for gone in &subject.gone {
                writeln!(failure, "{name}, {check}: in known_differences.yaml, but not found: {gone}").unwrap();
            }
        }
        (!failure.is_empty()).then_some(failure)
    }

    /// Writes the outcome to a file with the check's name. Renames it last, so that a reader never sees a partial file.
    pub(crate) fn write(&self) {
        let Some(folder) = env::var_os(FOLDER) else { return };
        let name = self.check.name();
        let staged = Path::new(&folder).join(format!("{name}.json.part"));
        fs::write(&staged, serde_json::to_vec_pretty(self).unwrap()).unwrap();
        fs::rename(&staged, Path::new(&folder).join(format!("{name}.json"))).unwrap();
    }
}
