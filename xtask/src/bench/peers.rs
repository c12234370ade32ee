//! `cargo xtask bench peers`: compares other clients of Microsoft Graph with this crate, on the emulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use comfy_table::Table;
use comfy_table::presets::{ASCII_MARKDOWN, UTF8_BORDERS_ONLY};

use super::format::number;
use super::measure::Runs;
use super::results::Results;
use crate::workspace::workspace_root;

mod emulator;
mod program;

use self::emulator::Emulator;
use self::program::{OURS, PROGRAMS, Program};

const CASES: [&str; 2] = ["get", "read_650"];
const RUNS: usize = 3;
const LONGEST: Duration = Duration::from_secs(120);

/// Measure Microsoft's SDKs for Python and JavaScript and graph-rs-sdk on the emulator, compared with this crate
///
/// Each is installed or built in a temporary folder, in a pinned version. It gets the presence of a user, and that of
/// 650 users in one request. The processor time of a call is the difference between a run with many calls and one with
/// a single call, so that starting the program does not count; the peak memory is that of the process. The measurements
/// are not compared with promises.
#[derive(Args)]
pub(crate) struct Peers {
    /// Measure only this client; may be repeated
    #[arg(long, value_name = "CLIENT")]
    only: Vec<String>,
    /// Print the table in Markdown, as in README.md
    #[arg(long)]
    pub(super) markdown: bool,
}

impl Peers {
    pub(crate) fn measure(&self) -> Result<Results> {
        for name in &self.only {
            ensure!(PROGRAMS.iter().any(|program| program.name == *name), "unknown client: {name}");
        }
        let folder = tempfile::tempdir().context("failed to create a temporary folder")?;
        let emulator = Emulator::start(folder.path())?;
        let mut results = Results::default();
        for program in PROGRAMS.iter().filter(|it| self.only.is_empty() || self.only.iter().any(|only| only == it.name))
        {
            if let Err(error) = measure(program, folder.path(), &emulator, &mut results) {
                results.skip(&format!("peers/{}", program.name), format!("{error:#}"));
            }
        }
        Ok(results)
    }
}

fn measure(program: &Program, folder: &Path, emulator: &Emulator, results: &mut Results) -> Result<()> {
    let folder = folder.join(program.name.replace(['/', '@'], "_"));
    copy(&workspace_root().join("tests/peers").join(program.folder()), &folder)?;
    let words = program.install(&folder)?;
    for (case, calls) in CASES.into_iter().zip(program.calls) {
        let Some(calls) = calls else {
            results.skip(&format!("peers/{}/{case}", program.name), "the client does not offer the operation");
            continue;
        };
        let run = |calls: u32| -> Result<Runs> {
            let arguments = [emulator.url.clone(), emulator.token.clone(), case.to_owned(), calls.to_string()];
            let command: Vec<String> = words.iter().cloned().chain(arguments).collect();
            // The first run reports errors, and fills the caches of an interpreter.
            succeed(&command, &folder)?;
            Runs::of(&command, &folder, RUNS, LONGEST)
        };
        let (one, many) = (run(1)?, run(calls)?);
        let seconds = (many.processor_seconds() - one.processor_seconds()) / f64::from(calls - 1);
        results.add(format!("peers/{}/{case}/processor", program.name), seconds * 1e3, "ms");
        results.add(format!("peers/{}/{case}/peak", program.name), many.megabytes(), "MB");
    }
    Ok(())
}

/// Copies the files of a folder, so that the installation does not write into the workspace.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).context("failed to create a folder")?;
    let files = from.read_dir().with_context(|| format!("failed to read {}", from.display()))?;
    let files = files.collect::<std::io::Result<Vec<_>>>()?.into_iter().map(|entry| entry.path());
    for file in files.filter(|path| path.is_file()) {
        let target: PathBuf = to.join(file.file_name().unwrap_or_default());
        fs::copy(&file, target).with_context(|| format!("failed to copy {}", file.display()))?;
    }
    Ok(())
}

fn succeed(command: &[String], folder: &Path) -> Result<()> {
    let (program, arguments) = command.split_first().context("the command is empty")?;
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output = output.with_context(|| format!("failed to run {program}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the program failed: {}", errors.lines().last().unwrap_or_default());
    Ok(())
}

/// Returns a table of clients, with ratios to ours; in Markdown for the README.
pub(super) fn table(results: &Results, is_markdown: bool) -> String {
    let mut table = Table::new();
    table.load_style(if is_markdown { ASCII_MARKDOWN } else { UTF8_BORDERS_ONLY });
    table.set_header(["client", "CPU of a get", "CPU of 650 ids", "peak memory, get", "peak memory, 650 ids"]);
    for program in PROGRAMS {
        let columns = ["get/processor", "read_650/processor", "get/peak", "read_650/peak"];
        let values = columns.map(|column| results.find(&format!("peers/{}/{column}", program.name)));
        if values.iter().all(Option::is_none) {
            continue;
        }
        let cells = values.into_iter().zip(columns).map(|(measurement, column)| {
            let Some(measurement) = measurement else { return "-".to_owned() };
            let cell = format!("{} {}", number(measurement.value), measurement.unit);
            match results.find(&format!("peers/{OURS}/{column}")) {
                Some(ours) if program.name != OURS => format!("{cell} (× {:.1})", measurement.value / ours.value),
                _ => cell,
            }
        });
        table.add_row([format!("{} {}", program.name, program.version)].into_iter().chain(cells));
    }
    let skipped = results.skipped_lines().into_iter().map(|line| format!("\n{line}"));
    format!("{table}{}", skipped.collect::<String>())
}
