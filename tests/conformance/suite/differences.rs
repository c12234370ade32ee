//! What a check finds, against the differences that are known.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::outcome;

const KNOWN: &str = include_str!("../known_differences.yaml");

/// A check: what is held against what. Named so in `known_differences.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Check {
    /// The examples, sent and read by the raw client.
    Raw,
    /// The examples, sent and read by the facade.
    Facade,
    /// The examples, answered by the emulator.
    Emulator,
    /// The examples against `specs/presence.openapi.yaml`.
    Spec,
    /// The facade's schemas against those of `specs/presence.openapi.yaml`.
    Schema,
    /// The permissions tables against the facade and the emulator.
    Permissions,
    /// The cloud tables against what the facade refuses.
    Clouds,
    /// The request templates against the spec.
    Paths,
    /// The tables of pairs against the states of the facade.
    Pairs,
    /// The tables of parameters and properties against the spec.
    Parameters,
    /// The lists of values against the facade.
    Values,
    /// The states that Teams shows against the facade.
    States,
    /// The resources of subscriptions against the facade.
    Subscriptions,
    /// The numbers that limit calls against the facade and the emulator.
    Limits,
    /// The examples of one page in several locales against each other.
    Locales,
}

impl Check {
    /// The check's name in `known_differences.yaml`.
    pub(crate) fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            other => panic!("{other:?} is no name"),
        }
    }

    /// The column of the report that shows it.
    fn column(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Facade => "facade",
            Self::Emulator => "emulator",
            Self::Spec | Self::Schema => "spec",
            Self::Locales => "locales",
            Self::Permissions
            | Self::Clouds
            | Self::Paths
            | Self::Pairs
            | Self::Parameters
            | Self::Values
            | Self::States
            | Self::Subscriptions
            | Self::Limits => "facts",
        }
    }
}

/// An entry of `known_differences.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    check: Check,
    /// The titles of the recordings, `en v1.0.presence-get`, or the names of the facade's types.
    of: Vec<String>,
    /// What differs, in the words of the check.
    differs: Vec<String>,
    /// Why it is as it is.
    reason: String,
}

/// What one check has found.
#[derive(Debug)]
pub(crate) struct Differences {
    check: Check,
    found: BTreeMap<String, Found>,
}

/// What was found of one page or type.
#[derive(Debug, Default)]
struct Found {
    compared: usize,
    differences: Vec<String>,
}

/// What a check has come to. The report is made of these.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    pub(crate) check: Check,
    column: &'static str,
    of: BTreeMap<String, Verdict>,
}

/// What a check has come to for one page or type.
#[derive(Debug, Default, Serialize)]
struct Verdict {
    /// How many comparisons were made.
    compared: usize,
    known: Vec<Reasoned>,
    /// What is not in `known_differences.yaml`.
    new: Vec<String>,
    /// What is in it, and no longer so.
    gone: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Reasoned {
    differs: String,
    reason: String,
}

impl Differences {
    pub(crate) fn of(check: Check) -> Self {
        Self { check, found: BTreeMap::new() }
    }

    /// Notes one comparison, and what it has found.
    pub(crate) fn compared(&mut self, of: &str, differences: impl IntoIterator<Item = String>) {
        let found = self.found.entry(of.to_owned()).or_default();
        found.compared += 1;
        for difference in differences {
            // One sentence about a page is one difference, however many of its examples show it.
            if !found.differences.contains(&difference) {
                found.differences.push(difference);
            }
        }
    }

    /// Fails for what is new, for what is known and no longer there, and when nothing was compared.
    pub(crate) fn judge(self) {
        let outcome = self.against(known());
        outcome::write(&outcome);
        if let Some(fault) = outcome.fault() {
            panic!("{fault}");
        }
    }

    fn against(self, known: Vec<Known>) -> Outcome {
        let mut of: BTreeMap<String, Verdict> = BTreeMap::new();
        let mut reasons = BTreeMap::new();
        for entry in known.into_iter().filter(|entry| entry.check == self.check) {
            for name in &entry.of {
                for differs in &entry.differs {
                    reasons.insert((name.clone(), differs.clone()), entry.reason.clone());
                }
            }
        }
        for (name, found) in self.found {
            let verdict = of.entry(name.clone()).or_default();
            verdict.compared = found.compared;
            for differs in found.differences {
                match reasons.remove(&(name.clone(), differs.clone())) {
                    Some(reason) => verdict.known.push(Reasoned { differs, reason }),
                    None => verdict.new.push(differs),
                }
            }
        }
        for (name, differs) in reasons.into_keys() {
            of.entry(name).or_default().gone.push(differs);
        }
        Outcome { check: self.check, column: self.check.column(), of }
    }
}

impl Outcome {
    /// Says what fails, when anything does.
    fn fault(&self) -> Option<String> {
        let mut fault = String::new();
        if self.of.values().all(|verdict| verdict.compared == 0) {
            writeln!(fault, "{}: nothing was compared", self.check.name()).unwrap();
        }
        for (name, verdict) in &self.of {
            for new in &verdict.new {
                writeln!(fault, "{name}, {}: {new}", self.check.name()).unwrap();
            }
            for gone in &verdict.gone {
                writeln!(
                    fault,
                    "{name}, {}: no longer so, and still in known_differences.yaml: {gone}",
                    self.check.name()
                )
                .unwrap();
            }
        }
        (!fault.is_empty()).then_some(fault)
    }
}

fn known() -> Vec<Known> {
    read(KNOWN).unwrap_or_else(|error| panic!("known_differences.yaml: {error}"))
}

fn read(text: &str) -> Result<Vec<Known>, String> {
    let known: Vec<Known> = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let mut seen = BTreeSet::new();
    for Known { check, of, differs, reason } in &known {
        let check = check.name();
        for (field, values) in [("of", of), ("differs", differs), ("reason", &vec![reason.clone()])] {
            if values.is_empty() || values.iter().any(|value| value.trim().is_empty()) {
                return Err(format!("an entry of {check} has no `{field}`: {of:?} {differs:?}"));
            }
        }
        for name in of {
            for differs in differs {
                if !seen.insert((check.clone(), name, differs)) {
                    return Err(format!("{name}, {check}: stands there twice: {differs}"));
                }
            }
        }
    }
    Ok(known)
}

const ENTRY: &str = "
- check: pairs
  of: [xx v1.0.presence-get, yy v1.0.presence-get]
  differs: [lacks Busy/Busy]
  reason: The page is old.
";

/// The fault when a check of pairs finds this.
fn fault(found: &[(&str, &[&str])]) -> Option<String> {
    let mut differences = Differences::of(Check::Pairs);
    for (name, differs) in found {
        differences.compared(name, differs.iter().copied().map(str::to_owned));
    }
    differences.against(read(ENTRY).unwrap()).fault()
}

#[test]
fn what_is_known_of_each_page_passes() {
    let known: &[&str] = &["lacks Busy/Busy"];
    let both = [("xx v1.0.presence-get", known), ("yy v1.0.presence-get", known), ("zz v1.0.presence-get", &[])];
    assert_eq!(fault(&both), None);
}

#[test]
fn what_is_new_gone_or_otherwise_fails_and_names_the_page() {
    let known: &[&str] = &["lacks Busy/Busy"];
    let gone = "no longer so, and still in known_differences.yaml: lacks Busy/Busy";
    let cases: [(&str, &[&str], String); 4] = [
        ("gone", &[], format!("xx v1.0.presence-get, pairs: {gone}\n")),
        ("one more", &["lacks Busy/Busy", "lacks Away/Away"], "xx v1.0.presence-get, pairs: lacks Away/Away\n".into()),
        (
            "another",
            &["lacks Away/Away"],
            format!("xx v1.0.presence-get, pairs: lacks Away/Away\nxx v1.0.presence-get, pairs: {gone}\n"),
        ),
        (
            "in other words",
            &["lacks busy/busy"],
            format!("xx v1.0.presence-get, pairs: lacks busy/busy\nxx v1.0.presence-get, pairs: {gone}\n"),
        ),
    ];
    for (name, found, expected) in cases {
        assert_eq!(
            fault(&[("xx v1.0.presence-get", found), ("yy v1.0.presence-get", known)]),
            Some(expected),
            "{name}"
        );
    }
}

#[test]
fn a_page_that_was_not_compared_has_lost_its_known_differences() {
    let found = fault(&[("xx v1.0.presence-get", &["lacks Busy/Busy"])]).unwrap();
    assert!(found.starts_with("yy v1.0.presence-get, pairs: no longer so"), "{found}");
}

#[test]
fn a_check_that_compares_nothing_fails() {
    let nothing = Differences::of(Check::Limits).against(Vec::new()).fault();
    assert_eq!(nothing.as_deref(), Some("limits: nothing was compared\n"));
}

#[test]
fn an_entry_is_whole_and_there_once() {
    let cases = [
        ("no reason", ENTRY.replace("The page is old.", "' '"), "has no `reason`"),
        ("no page", ENTRY.replace("[xx v1.0.presence-get, yy v1.0.presence-get]", "[]"), "has no `of`"),
        ("twice", ENTRY.repeat(2), "twice"),
        ("a page twice", ENTRY.replace("yy", "xx"), "twice"),
        ("no such check", ENTRY.replace("pairs", "pears"), "pears"),
        ("no such field", format!("{ENTRY}  exchange: 1\n"), "exchange"),
    ];
    for (name, text, expected) in cases {
        let error = read(&text).unwrap_err();
        assert!(error.contains(expected), "{name}: {error}");
    }
}
