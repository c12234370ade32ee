//! The output of benchmarks: one JSON document per line, either a measurement, or a skipped benchmark and the reason.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Measurement {
    /// The benchmark and what it measured, separated by slashes.
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Skipped {
    /// A measurement, or the common start of several.
    #[serde(rename = "skipped")]
    pub(crate) name: String,
    pub(crate) reason: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum Line {
    Measurement(Measurement),
    Skipped(Skipped),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Results {
    pub(crate) measurements: Vec<Measurement>,
    pub(crate) skipped: Vec<Skipped>,
}

impl Results {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut results = Self::default();
        for line in text.lines() {
            let parsed = serde_json::from_str(line);
            match parsed.with_context(|| format!("not a measurement in JSON: {line:?}"))? {
                Line::Measurement(measurement) => results.measurements.push(measurement),
                Line::Skipped(skipped) => results.skipped.push(skipped),
            }
        }
        Ok(results)
    }

    pub(crate) fn add(&mut self, name: impl Into<String>, value: f64, unit: &str) {
        self.measurements.push(Measurement { name: name.into(), value, unit: unit.to_owned() });
    }

    pub(crate) fn skip(&mut self, name: &str, reason: impl Into<String>) {
        self.skipped.push(Skipped { name: name.to_owned(), reason: reason.into() });
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.measurements.extend(other.measurements);
        self.skipped.extend(other.skipped);
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Measurement> {
        self.measurements.iter().find(|measurement| measurement.name == name)
    }

    /// Returns `true` if the measurement is one of those that were skipped.
    pub(crate) fn is_skipped(&self, name: &str) -> bool {
        let rests = self.skipped.iter().filter_map(|skipped| name.strip_prefix(skipped.name.as_str()));
        rests.into_iter().any(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    pub(crate) fn to_json_lines(&self) -> Result<String> {
        let measurements = self.measurements.iter().map(serde_json::to_string);
        let lines = measurements.chain(self.skipped.iter().map(serde_json::to_string));
        Ok(lines.collect::<Result<Vec<_>, _>>()?.join("\n"))
    }

    /// Returns a line for each reason, with the measurements that were skipped for it.
    pub(crate) fn skipped_lines(&self) -> Vec<String> {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for Skipped { name, reason } in &self.skipped {
            match reasons.iter_mut().find(|(known, _)| known == reason) {
                Some((_, names)) => names.push(name),
                None => reasons.push((reason, vec![name])),
            }
        }
        reasons.iter().map(|(reason, names)| format!("SKIPPED: {}: {reason}", names.join(", "))).collect()
    }
}
