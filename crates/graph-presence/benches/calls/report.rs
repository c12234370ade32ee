//! The output of the benchmark: one JSON document per line.

use std::error::Error;

use serde_json::json;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

pub(crate) fn measurement(name: &str, value: f64, unit: &str) {
    println!("{}", json!({"name": name, "value": value, "unit": unit}));
}

/// Reports that measurements whose names start with `name` are left out.
pub(crate) fn skipped(name: &str, reason: &str) {
    println!("{}", json!({"skipped": name, "reason": reason}));
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
