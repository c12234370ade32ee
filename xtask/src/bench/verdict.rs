//! Comparison of measurements with their promises.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;

use super::format::value;
use super::promises::{Benchmark, Promises};
use super::results::Results;
use crate::output::print;

/// Prints a row for each measurement of the benchmarks that ran, and the skipped benchmarks.
///
/// # Errors
///
/// Returns an error if the measurement of a promise is neither among the results nor skipped.
pub(super) fn report(results: &Results, promises: &Promises, benchmarks: &[Benchmark]) -> Result<ExitCode> {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    table.set_header(["what", "measured", "promise", "verdict"]);
    let mut is_kept = true;
    for measurement in &results.measurements {
        let promise = promises.of(&measurement.name);
        let verdict = match promise.map(|promise| promise.is_kept(measurement.value)) {
            None => "",
            Some(true) => "kept",
            Some(false) => {
                is_kept = false;
                "NOT KEPT"
            }
        };
        table.add_row([
            measurement.name.clone(),
            value(measurement.value, &measurement.unit),
            promise.map(ToString::to_string).unwrap_or_default(),
            verdict.to_owned(),
        ]);
    }
    if !table.is_empty() {
        print(table)?;
    }
    for line in results.skipped_lines() {
        print(line)?;
    }
    let unused: Vec<&str> = promises
        .names()
        .filter(|name| Benchmark::of(name).is_some_and(|benchmark| benchmarks.contains(&benchmark)))
        .filter(|name| results.find(name).is_none() && !results.is_skipped(name))
        .collect();
    ensure!(unused.is_empty(), "promises of measurements that were not made: {}", unused.join(", "));
    Ok(if is_kept { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
