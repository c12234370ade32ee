//! What the SDKs told, held against what is expected of them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::sdk::{SDKS, Sdk, Told};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    operation: String,
    outcome: Value,
}

/// What an SDK does otherwise, for a reason that is not the emulator's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    sdk: String,
    operations: Vec<String>,
    /// Without it the SDK does not offer the operations.
    outcome: Option<Value>,
    why: String,
}

pub(super) struct Verdict {
    expected: Vec<Expected>,
    known: Vec<Known>,
    columns: Vec<Column>,
    differences: Vec<String>,
}

struct Column {
    name: &'static str,
    title: String,
    cells: Vec<&'static str>,
}

impl Verdict {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        Self::new(read(&folder.join("expected.json"))?, read(&folder.join("known-differences.json"))?)
    }

    fn new(expected: Vec<Expected>, known: Vec<Known>) -> Result<Self> {
        let mut operations = BTreeSet::new();
        for Expected { operation, .. } in &expected {
            ensure!(operations.insert(operation.as_str()), "expected.json has {operation:?} twice");
        }
        let mut all = BTreeSet::new();
        for Known { sdk, operations: named, why, .. } in &known {
            ensure!(SDKS.iter().any(|one| one.name == sdk), "known-differences.json: {sdk:?} is no SDK that is run");
            ensure!(!why.trim().is_empty(), "known-differences.json: {sdk} differs without a reason");
            for name in named {
                ensure!(operations.contains(name.as_str()), "known-differences.json: nobody is asked for {name:?}");
                ensure!(all.insert((sdk, name)), "known-differences.json has {name:?} of {sdk} twice");
            }
        }
        Ok(Self { expected, known, columns: Vec::new(), differences: Vec::new() })
    }

    pub(super) fn add(&mut self, sdk: &Sdk, version: &str, told: &Told) {
        let title = format!("{} {version}", sdk.name);
        let mut cells = Vec::new();
        for Expected { operation, outcome: expected } in &self.expected {
            let outcome = told.outcomes.get(operation);
            let known = self.known.iter().find(|known| known.sdk == sdk.name && known.operations.contains(operation));
            let (cell, difference) = match known {
                None if outcome == Some(expected) => ("ok", None),
                None => ("DIFFERS", Some(format!("expected {expected}\n  found    {}", shown(outcome)))),
                Some(known) if outcome == known.outcome.as_ref() => {
                    (if outcome.is_none() { "not offered" } else { "known" }, None)
                }
                Some(_) if outcome == Some(expected) => {
                    ("DIFFERS", Some("is as expected: known-differences.json need no longer name it".to_owned()))
                }
                Some(known) => {
                    let known = shown(known.outcome.as_ref());
                    ("DIFFERS", Some(format!("known    {known}\n  found    {}", shown(outcome))))
                }
            };
            cells.push(cell);
            self.differences.extend(difference.map(|difference| format!("{title}: {operation}\n  {difference}")));
        }
        for name in told.outcomes.keys().filter(|name| self.expected.iter().all(|one| one.operation != **name)) {
            self.differences.push(format!("{title}: {name}\n  expected.json does not have it"));
        }
        if let Some(failure) = &told.failure {
            self.differences.push(format!("{title}\n  {failure}"));
        }
        self.columns.push(Column { name: sdk.name, title, cells });
    }

    pub(super) fn is_good(&self) -> bool {
        self.differences.is_empty()
    }

    /// The table, why SDKs differ as they are known to, and what differs beyond that.
    pub(super) fn report(&self) -> String {
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY);
        table.set_header(["operation"].into_iter().chain(self.columns.iter().map(|column| column.title.as_str())));
        for (row, Expected { operation, .. }) in self.expected.iter().enumerate() {
            let cells = self.columns.iter().map(|column| column.cells.get(row).copied().unwrap_or_default());
            table.add_row([operation.as_str()].into_iter().chain(cells));
        }
        let mut report = table.to_string();
        let ran = |name: &str| self.columns.iter().any(|column| column.name == name);
        for known in self.known.iter().filter(|known| ran(&known.sdk)) {
            // Writing to a text cannot fail.
            let _ = write!(report, "\n{}: {}\n  {}", known.sdk, known.operations.join(", "), known.why);
        }
        for difference in &self.differences {
            let _ = write!(report, "\nDIFFERS {difference}");
        }
        let count = |cell: &str| self.columns.iter().flat_map(|column| &column.cells).filter(|it| **it == cell).count();
        let _ = write!(
            report,
            "\n{} as expected, {} known differences, {} not offered, {} faults",
            count("ok"),
            count("known"),
            count("not offered"),
            self.differences.len()
        );
        report
    }
}

fn shown(outcome: Option<&Value>) -> String {
    outcome.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not what it should be", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    const SDK: &Sdk = &SDKS[0];

    fn verdict(known: Value) -> Result<Verdict> {
        let expected = json!([{"operation": "get", "outcome": 1}, {"operation": "set", "outcome": {"error": 400}}]);
        Verdict::new(from_value(expected).unwrap(), from_value(known).unwrap())
    }

    fn known(outcome: &Value) -> Value {
        json!([{"sdk": SDK.name, "operations": ["set"], "outcome": outcome, "why": "It says so."}])
    }

    /// The cells of an SDK that told these outcomes, and how many differences they make.
    fn cells(known: Value, outcomes: Value, failure: Option<&str>) -> (Vec<&'static str>, usize) {
        let mut verdict = verdict(known).unwrap();
        let told = Told { outcomes: from_value(outcomes).unwrap(), failure: failure.map(str::to_owned) };
        verdict.add(SDK, "1.0", &told);
        assert_eq!(verdict.is_good(), verdict.differences.is_empty());
        (verdict.columns.remove(0).cells, verdict.differences.len())
    }

    #[test]
    fn only_what_is_expected_or_known_is_good() {
        let error = || json!({"error": 400});
        for (name, known, outcomes, failure, expected) in [
            ("as expected", json!([]), json!({"get": 1, "set": error()}), None, (["ok", "ok"], 0)),
            ("another outcome", json!([]), json!({"get": 2, "set": error()}), None, (["DIFFERS", "ok"], 1)),
            ("nothing told", json!([]), json!({"get": 1}), None, (["ok", "DIFFERS"], 1)),
            ("not asked for", json!([]), json!({"get": 1, "set": error(), "put": 1}), None, (["ok", "ok"], 1)),
            ("did not end well", json!([]), json!({"get": 1, "set": error()}), Some("fell"), (["ok", "ok"], 1)),
            ("known", known(&json!(5)), json!({"get": 1, "set": 5}), None, (["ok", "known"], 0)),
            ("not offered", known(&Value::Null), json!({"get": 1}), None, (["ok", "not offered"], 0)),
            ("no longer so", known(&json!(5)), json!({"get": 1, "set": error()}), None, (["ok", "DIFFERS"], 1)),
            ("now offered", known(&Value::Null), json!({"get": 1, "set": error()}), None, (["ok", "DIFFERS"], 1)),
            ("otherwise than known", known(&json!(5)), json!({"get": 1, "set": 6}), None, (["ok", "DIFFERS"], 1)),
            ("known, but not told", known(&json!(5)), json!({"get": 1}), None, (["ok", "DIFFERS"], 1)),
        ] {
            let (cells, differences) = cells(known, outcomes, failure);
            assert_eq!((cells.as_slice(), differences), (expected.0.as_slice(), expected.1), "{name}");
        }
    }

    #[test]
    fn known_differences_that_cannot_be_are_refused() {
        let entry =
            |sdk: &str, operations: Value, why: &str| json!([{"sdk": sdk, "operations": operations, "why": why}]);
        for (known, message) in [
            (entry("graph-rs-sdk", json!(["set"]), "x"), "\"graph-rs-sdk\" is no SDK that is run"),
            (entry(SDK.name, json!(["put"]), "x"), "nobody is asked for \"put\""),
            (entry(SDK.name, json!(["set", "set"]), "x"), "has \"set\" of @microsoft/microsoft-graph-client twice"),
            (entry(SDK.name, json!(["set"]), " "), "@microsoft/microsoft-graph-client differs without a reason"),
        ] {
            let error = verdict(known).err().unwrap().to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn the_files_of_the_repository_agree() {
        let folder = crate::workspace::workspace_root().join("tests/interop");
        Verdict::read(&folder).unwrap();
        for sdk in &SDKS {
            assert!(!sdk.version(&folder).unwrap().is_empty(), "{}", sdk.name);
        }
    }
}
