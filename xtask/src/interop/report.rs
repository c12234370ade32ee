//! Comparison of the outcomes of the SDKs with the expected ones.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::sdk::{SDKS, Sdk, SdkRun};

/// The expected outcome of an operation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    operation: String,
    outcome: Value,
}

/// A known difference of an SDK whose cause is not the emulator.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    sdk: String,
    operations: Vec<String>,
    /// `None` if the SDK does not support the operations.
    outcome: Option<Value>,
    why: String,
}

/// The outcomes of the SDKs that were run.
pub(super) struct Report {
    expected: Vec<Expected>,
    known: Vec<Known>,
    columns: Vec<Column>,
    differences: Vec<String>,
}

/// The column of an SDK.
struct Column {
    name: &'static str,
    title: String,
    cells: Vec<&'static str>,
}

impl Report {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        Self::new(read(&folder.join("expected.json"))?, read(&folder.join("known-differences.json"))?)
    }

    fn new(expected: Vec<Expected>, known: Vec<Known>) -> Result<Self> {
        let mut operations = BTreeSet::new();
        for Expected { operation, .. } in &expected {
            ensure!(
                operations.insert(operation.as_str()),
                "expected.json: operation {operation:?} is listed twice: remove one entry"
            );
        }
        let mut all = BTreeSet::new();
        for Known { sdk, operations: listed, why, .. } in &known {
            ensure!(
                SDKS.iter().any(|one| one.name == sdk),
                "known-differences.json: unknown SDK {sdk:?}: correct or remove it"
            );
            ensure!(!why.trim().is_empty(), "known-differences.json: empty reason for {sdk}: state why it differs");
            for name in listed {
                ensure!(
                    operations.contains(name.as_str()),
                    "known-differences.json: unknown operation {name:?}: it is not in expected.json"
                );
                ensure!(
                    all.insert((sdk, name)),
                    "known-differences.json: operation {name:?} of {sdk} is listed twice: remove one entry"
                );
            }
        }
        Ok(Self { expected, known, columns: Vec::new(), differences: Vec::new() })
    }

    pub(super) fn add(&mut self, sdk: &Sdk, version: &str, run: &SdkRun) {
        let title = format!("{} {version}", sdk.name);
        let mut cells = Vec::new();
        for Expected { operation, outcome: expected } in &self.expected {
            let outcome = run.outcomes.get(operation);
            let known = self.known.iter().find(|known| known.sdk == sdk.name && known.operations.contains(operation));
            let (cell, difference) = match known {
                None if outcome == Some(expected) => ("ok", None),
                None => ("DIFFERS", Some(format!("expected {expected}\n  actual   {}", display(outcome)))),
                Some(known) if outcome == known.outcome.as_ref() => {
                    (if outcome.is_none() { "not supported" } else { "known" }, None)
                }
                Some(_) if outcome == Some(expected) => {
                    ("DIFFERS", Some("as expected: remove it from known-differences.json".to_owned()))
                }
                Some(known) => {
                    let known = display(known.outcome.as_ref());
                    ("DIFFERS", Some(format!("known    {known}\n  actual   {}", display(outcome))))
                }
            };
            cells.push(cell);
            self.differences.extend(difference.map(|difference| format!("{title}: {operation}\n  {difference}")));
        }
        for name in run.outcomes.keys().filter(|name| self.expected.iter().all(|one| one.operation != **name)) {
            self.differences.push(format!("{title}: {name}\n  unknown operation: it is not in expected.json"));
        }
        if let Some(failure) = &run.failure {
            self.differences.push(format!("{title}\n  {failure}"));
        }
        self.columns.push(Column { name: sdk.name, title, cells });
    }

    pub(super) fn is_success(&self) -> bool {
        self.differences.is_empty()
    }
}

/// A table of the outcomes, the reasons for known differences, and the other differences.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY);
        table.set_header(["operation"].into_iter().chain(self.columns.iter().map(|column| column.title.as_str())));
        for (row, Expected { operation, .. }) in self.expected.iter().enumerate() {
            let cells = self.columns.iter().map(|column| column.cells.get(row).copied().unwrap_or_default());
            table.add_row([operation.as_str()].into_iter().chain(cells));
        }
        write!(formatter, "{table}")?;
        let was_run = |name: &str| self.columns.iter().any(|column| column.name == name);
        for known in self.known.iter().filter(|known| was_run(&known.sdk)) {
            write!(formatter, "\n{}: {}\n  {}", known.sdk, known.operations.join(", "), known.why)?;
        }
        for difference in &self.differences {
            write!(formatter, "\nDIFFERS {difference}")?;
        }
        let count = |cell: &str| self.columns.iter().flat_map(|column| &column.cells).filter(|it| **it == cell).count();
        write!(
            formatter,
            "\n{} as expected, {} known differences, {} not supported, {} new differences",
            count("ok"),
            count("known"),
            count("not supported"),
            self.differences.len()
        )
    }
}

fn display(outcome: Option<&Value>) -> String {
    outcome.map_or_else(|| "none".to_owned(), Value::to_string)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("failed to parse {}", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    const SDK: &Sdk = &SDKS[0];

    fn report(known: Value) -> Result<Report> {
        let expected = json!([{"operation": "get", "outcome": 1}, {"operation": "set", "outcome": {"error": 400}}]);
        Report::new(from_value(expected).unwrap(), from_value(known).unwrap())
    }

    fn known(outcome: &Value) -> Value {
        json!([{"sdk": SDK.name, "operations": ["set"], "outcome": outcome, "why": "A reason."}])
    }

    /// Returns the cells of an SDK with these outcomes, and the number of new differences.
    fn cells(known: Value, outcomes: Value, failure: Option<&str>) -> (Vec<&'static str>, usize) {
        let mut report = report(known).unwrap();
        let run = SdkRun { outcomes: from_value(outcomes).unwrap(), failure: failure.map(str::to_owned) };
        report.add(SDK, "1.0", &run);
        assert_eq!(report.is_success(), report.differences.is_empty());
        (report.columns.remove(0).cells, report.differences.len())
    }

    #[test]
    fn only_expected_outcomes_and_known_differences_are_successful() {
        let error = || json!({"error": 400});
        for (name, known, outcomes, failure, expected) in [
            ("as expected", json!([]), json!({"get": 1, "set": error()}), None, (["ok", "ok"], 0)),
            ("another outcome", json!([]), json!({"get": 2, "set": error()}), None, (["DIFFERS", "ok"], 1)),
            ("missing outcome", json!([]), json!({"get": 1}), None, (["ok", "DIFFERS"], 1)),
            ("unknown operation", json!([]), json!({"get": 1, "set": error(), "put": 1}), None, (["ok", "ok"], 1)),
            ("failed run", json!([]), json!({"get": 1, "set": error()}), Some("exited with 1"), (["ok", "ok"], 1)),
            ("known", known(&json!(5)), json!({"get": 1, "set": 5}), None, (["ok", "known"], 0)),
            ("not supported", known(&Value::Null), json!({"get": 1}), None, (["ok", "not supported"], 0)),
            ("resolved", known(&json!(5)), json!({"get": 1, "set": error()}), None, (["ok", "DIFFERS"], 1)),
            ("now supported", known(&Value::Null), json!({"get": 1, "set": error()}), None, (["ok", "DIFFERS"], 1)),
            (
                "other than the known difference",
                known(&json!(5)),
                json!({"get": 1, "set": 6}),
                None,
                (["ok", "DIFFERS"], 1),
            ),
            ("known difference without an outcome", known(&json!(5)), json!({"get": 1}), None, (["ok", "DIFFERS"], 1)),
        ] {
            let (cells, differences) = cells(known, outcomes, failure);
            assert_eq!((cells.as_slice(), differences), (expected.0.as_slice(), expected.1), "{name}");
        }
    }

    #[test]
    fn invalid_known_differences_are_rejected() {
        let entry =
            |sdk: &str, operations: Value, reason: &str| json!([{"sdk": sdk, "operations": operations, "why": reason}]);
        for (known, message) in [
            (entry("graph-rs-sdk", json!(["set"]), "x"), "unknown SDK \"graph-rs-sdk\""),
            (entry(SDK.name, json!(["put"]), "x"), "unknown operation \"put\""),
            (
                entry(SDK.name, json!(["set", "set"]), "x"),
                "operation \"set\" of @microsoft/microsoft-graph-client is listed twice",
            ),
            (entry(SDK.name, json!(["set"]), " "), "empty reason for @microsoft/microsoft-graph-client"),
        ] {
            let error = report(known).err().unwrap().to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn committed_files_are_valid() {
        let folder = crate::workspace::workspace_root().join("tests/interop");
        Report::read(&folder).unwrap();
        for sdk in &SDKS {
            assert!(!sdk.version(&folder).unwrap().is_empty(), "{}", sdk.name);
        }
    }
}
