//! `cargo xtask conformance`: runs the conformance suite and reports its results for each page.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};

use anyhow::{Context, Result, ensure};
use clap::Args;
use graph_presence_conformance::Recording;
use serde::de::DeserializeOwned;

use crate::output::print;
use crate::workspace::{executable, workspace_root};

mod format;
mod outcome;
mod report;

use self::format::{Markdown, Terminal};
use self::outcome::{CHECKS, Outcome};
use self::report::Report;

/// The environment variable with the folder that the suite writes its outcomes to.
const OUTCOMES: &str = "GRAPH_PRESENCE_CONFORMANCE_OUTCOMES";
const SUITE: [&str; 8] =
    ["test", "--package", "graph-presence-conformance", "--test", "suite", "--no-run", "--locked", "--quiet"];

/// Compare every recorded documentation page with the library
///
/// Builds and runs the test suite of tests/conformance, without the tests of the recorder. Prints a table with a row
/// for each page, followed by the failures, the repairs, and the known differences with their reasons.
///
/// Exit codes: 0 no differences except known ones, 1 new differences, 2 the suite failed to build or run.
#[derive(Args)]
pub(crate) struct Conformance {
    /// Print Markdown, as for a pull request
    #[arg(long)]
    markdown: bool,
    /// Run this program, which `cargo test` has built from the suite, instead of building it
    #[arg(long, value_name = "FILE")]
    suite: Option<PathBuf>,
}

impl Conformance {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let program = match self.suite {
            Some(program) => program.canonicalize().with_context(|| format!("failed to find {}", program.display()))?,
            None => build()?,
        };
        let folder = tempfile::tempdir().context("failed to create a temporary folder")?;
        let suite = run(&program, folder.path())?;
        if !suite.status.success() {
            // The output contains details that the report does not, such as the diff of a snapshot.
            let _ = std::io::stderr().lock().write_all(&[suite.stdout, suite.stderr].concat());
        }
        let outcomes: Vec<Outcome> = read_all(folder.path())?;
        for check in CHECKS {
            let is_present = outcomes.iter().any(|outcome| outcome.check == check);
            ensure!(is_present, "no outcome of the check `{check}`: see the output of the suite above");
        }
        let report = Report::new(&read_all(&Recording::folder())?, &outcomes)?;
        print(if self.markdown { report.print::<Markdown>() } else { report.print::<Terminal>() })?;
        let is_success = suite.status.success() && report.is_success();
        Ok(if is_success { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// Builds the suite separately, so that a compiler error is not reported as a difference. Returns the path of its program.
fn build() -> Result<PathBuf> {
    executable(&SUITE).context("failed to build the suite")
}

fn run(suite: &Path, outcomes: &Path) -> Result<Output> {
    Command::new(suite)
        .args(["--quiet", "--skip", "recorder::"])
        .env(OUTCOMES, outcomes)
        .env("RUST_BACKTRACE", "0")
        .current_dir(workspace_root().join("tests/conformance"))
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("failed to run {}", suite.display()))
}

/// Deserializes the JSON files in a folder and its subfolders, sorted by path.
fn read_all<T: DeserializeOwned>(folder: &Path) -> Result<Vec<T>> {
    let entries = fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            all.extend(read_all(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
            let value = serde_json::from_str(&text);
            all.push(value.with_context(|| format!("failed to parse {}", path.display()))?);
        }
    }
    Ok(all)
}
