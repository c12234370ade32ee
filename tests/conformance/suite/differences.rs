//! The differences that a check finds, compared with `known_differences.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::check::Check;
use crate::outcome::{KnownDifference, Outcome, SubjectOutcome};

const KNOWN: &str = include_str!("../known_differences.yaml");

/// An entry of `known_differences.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    check: Check,
    /// The titles of recordings, such as `en v1.0.presence-get`, or the names of the facade's types.
    #[serde(rename = "of")]
    subjects: Vec<String>,
    /// The differences, in the exact text of the check.
    differs: Vec<String>,
    /// The reason why the library differs from the page.
    reason: String,
}

/// Collects the differences that one check finds.
#[derive(Debug)]
pub(crate) struct Differences {
    check: Check,
    /// By the title of a recording or the name of a type.
    subjects: BTreeMap<String, Findings>,
}

/// The differences of one page or type.
#[derive(Debug, Default)]
struct Findings {
    compared: usize,
    differences: Vec<String>,
}

impl Differences {
    pub(crate) fn new(check: Check) -> Self {
        Self { check, subjects: BTreeMap::new() }
    }

    /// Records one comparison and the differences that it found.
    pub(crate) fn record(&mut self, subject: &str, differences: impl IntoIterator<Item = String>) {
        let findings = self.subjects.entry(subject.to_owned()).or_default();
        findings.compared += 1;
        for difference in differences {
            // Examples of one page can have the same difference, which is listed once.
            if !findings.differences.contains(&difference) {
                findings.differences.push(difference);
            }
        }
    }

    /// Writes the outcome of the check.
    ///
    /// Panics if a difference is not known, if a known difference was not found, or if nothing was compared.
    pub(crate) fn finish(self) {
        let outcome = self.compare_with(known());
        outcome.write();
        if let Some(failure) = outcome.failure() {
            panic!("{failure}");
        }
    }

    fn compare_with(self, known: Vec<Known>) -> Outcome {
        let mut reasons = BTreeMap::new();
        for entry in known.into_iter().filter(|entry| entry.check == self.check) {
            for name in &entry.subjects {
                for differs in &entry.differs {
                    reasons.insert((name.clone(), differs.clone()), entry.reason.clone());
                }
            }
        }
        let mut subjects: BTreeMap<String, SubjectOutcome> = BTreeMap::new();
        for (name, findings) in self.subjects {
            let subject = subjects.entry(name.clone()).or_default();
            subject.compared = findings.compared;
            for differs in findings.differences {
                match reasons.remove(&(name.clone(), differs.clone())) {
                    Some(reason) => subject.known.push(KnownDifference { differs, reason }),
                    None => subject.new.push(differs),
                }
            }
        }
        for (name, differs) in reasons.into_keys() {
            subjects.entry(name).or_default().gone.push(differs);
        }
        Outcome::new(self.check, subjects)
    }
}

fn known() -> Vec<Known> {
    parse(KNOWN).unwrap_or_else(|error| panic!("failed to read known_differences.yaml: {error}"))
}

fn parse(text: &str) -> Result<Vec<Known>, String> {
    let known: Vec<Known> = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let mut seen = BTreeSet::new();
    for Known { check, subjects, differs, reason } in &known {
        let check = check.name();
        for (field, values) in [("of", subjects), ("differs", differs), ("reason", &vec![reason.clone()])] {
            if values.is_empty() || values.iter().any(|value| value.trim().is_empty()) {
                return Err(format!("entry of check {check}: `{field}` is empty: {subjects:?} {differs:?}"));
            }
        }
        for name in subjects {
            for differs in differs {
                if !seen.insert((check.clone(), name, differs)) {
                    return Err(format!("{name}, {check}: duplicate difference: {differs}"));
                }
            }
        }
    }
    Ok(known)
}

const ENTRY: &str = "
- check: pairs
  of: [xx v1.0.presence-get, yy v1.0.presence-get]
  differs: ['only in the facade: Busy/Busy']
  reason: The page is outdated.
";

/// Returns the failure of the check `pairs` with these differences by page.
fn failure(found: &[(&str, &[&str])]) -> Option<String> {
    let mut differences = Differences::new(Check::Pairs);
    for (name, differs) in found {
        differences.record(name, differs.iter().copied().map(str::to_owned));
    }
    differences.compare_with(parse(ENTRY).unwrap()).failure()
}

#[test]
fn known_differences_pass() {
    let known: &[&str] = &["only in the facade: Busy/Busy"];
    let pages = [("xx v1.0.presence-get", known), ("yy v1.0.presence-get", known), ("zz v1.0.presence-get", &[])];
    assert_eq!(failure(&pages), None);
}

#[test]
fn new_and_missing_differences_fail_with_the_name_of_the_page() {
    let known: &[&str] = &["only in the facade: Busy/Busy"];
    let new = "xx v1.0.presence-get, pairs: only in the facade: Away/Away\n";
    let gone = "xx v1.0.presence-get, pairs: in known_differences.yaml, but not found: only in the facade: Busy/Busy\n";
    let cases: [(&str, &[&str], String); 4] = [
        ("missing", &[], gone.to_owned()),
        ("new", &["only in the facade: Busy/Busy", "only in the facade: Away/Away"], new.to_owned()),
        ("missing and new", &["only in the facade: Away/Away"], format!("{new}{gone}")),
        (
            "different text",
            &["only in the facade: busy/busy"],
            format!("xx v1.0.presence-get, pairs: only in the facade: busy/busy\n{gone}"),
        ),
    ];
    for (name, found, expected) in cases {
        assert_eq!(
            failure(&[("xx v1.0.presence-get", found), ("yy v1.0.presence-get", known)]),
            Some(expected),
            "{name}"
        );
    }
}

#[test]
fn known_difference_of_a_page_that_was_not_compared_fails() {
    let failure = failure(&[("xx v1.0.presence-get", &["only in the facade: Busy/Busy"])]).unwrap();
    assert!(failure.starts_with("yy v1.0.presence-get, pairs: in known_differences.yaml, but not found"), "{failure}");
}

#[test]
fn check_that_compares_nothing_fails() {
    let failure = Differences::new(Check::Limits).compare_with(Vec::new()).failure();
    assert_eq!(failure.as_deref(), Some("limits: nothing was compared\n"));
}

#[test]
fn incomplete_and_duplicate_entries_are_rejected() {
    let cases = [
        ("no reason", ENTRY.replace("The page is outdated.", "' '"), "`reason` is empty"),
        ("no page", ENTRY.replace("[xx v1.0.presence-get, yy v1.0.presence-get]", "[]"), "`of` is empty"),
        ("duplicate entry", ENTRY.repeat(2), "duplicate"),
        ("duplicate page", ENTRY.replace("yy", "xx"), "duplicate"),
        ("unknown check", ENTRY.replace("pairs", "pears"), "pears"),
        ("unknown field", format!("{ENTRY}  exchange: 1\n"), "exchange"),
    ];
    for (name, text, expected) in cases {
        let error = parse(&text).unwrap_err();
        assert!(error.contains(expected), "{name}: {error}");
    }
}
