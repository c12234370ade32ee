//! `cargo xtask conformance`: what the conformance suite comes to, page by page.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};

use anyhow::{Context, Result, ensure};
use clap::Args;
use graph_presence_conformance::Recording;
use serde::de::DeserializeOwned;

use crate::output::print;
use crate::workspace::{cargo, workspace_root};

mod form;
mod outcome;
mod report;

use self::form::{Markdown, Terminal};
use self::outcome::{CHECKS, Outcome};
use self::report::Report;

/// Names the folder that the suite writes its outcomes to.
const OUTCOMES: &str = "GRAPH_PRESENCE_CONFORMANCE_OUTCOMES";
const SUITE: [&str; 6] = ["test", "--package", "graph-presence-conformance", "--test", "suite", "--locked"];

/// Hold every recorded documentation page against the library, and print a table of pages and what they are held against
///
/// Below it: what fails, what was repaired, and the known differences with their reasons. Builds and runs the suite of
/// tests/conformance, without the recorder's own tests.
///
/// Exit codes: 0 all agrees or is known to differ, 1 something else differs, 2 the suite cannot be built or run.
#[derive(Args)]
pub(crate) struct Conformance {
    /// Print Markdown, for the description of a change
    #[arg(long)]
    markdown: bool,
}

impl Conformance {
    pub(crate) fn run(self) -> Result<ExitCode> {
        build()?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let suite = run(folder.path())?;
        if !suite.status.success() {
            // What the table does not hold, such as the difference of a snapshot.
            let _ = std::io::stderr().lock().write_all(&[suite.stdout, suite.stderr].concat());
        }
        let outcomes: Vec<Outcome> = read_all(folder.path())?;
        for check in CHECKS {
            let told = outcomes.iter().any(|outcome| outcome.check == check);
            ensure!(told, "the suite has written no outcome of its check `{check}`; see above");
        }
        let report = Report::new(&read_all(&Recording::folder())?, &outcomes)?;
        print(if self.markdown { report.print::<Markdown>() } else { report.print::<Terminal>() })?;
        let good = suite.status.success() && report.is_good();
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

fn suite() -> Command {
    let mut command = cargo();
    command.args(SUITE).current_dir(workspace_root()).stdin(Stdio::null());
    command
}

/// Builds the suite: a fault of the code is none of a page.
fn build() -> Result<()> {
    // Standard output is the report's.
    let status = suite().args(["--no-run", "--quiet"]).stdout(Stdio::null()).status().context("cannot run cargo")?;
    ensure!(status.success(), "cargo cannot build the suite");
    Ok(())
}

fn run(outcomes: &Path) -> Result<Output> {
    suite()
        .args(["--quiet", "--", "--skip", "recorder::"])
        .env(OUTCOMES, outcomes)
        .env("RUST_BACKTRACE", "0")
        .output()
        .context("cannot run cargo")
}

/// Reads the JSON files of a folder and of those inside it, in the order of their paths.
fn read_all<T: DeserializeOwned>(folder: &Path) -> Result<Vec<T>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            all.extend(read_all(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let one = serde_json::from_str(&text);
            all.push(one.with_context(|| format!("{} is not what it should be", path.display()))?);
        }
    }
    Ok(all)
}
