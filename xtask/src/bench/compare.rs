//! `--compare REV`: the same benchmarks at another revision, in a temporary worktree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail, ensure};
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;

use super::format::{number, value};
use super::results::Results;
use crate::workspace::{cargo, workspace_root};

/// A worktree of a revision. It is removed when dropped.
struct Worktree {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Worktree {
    fn add(revision: &str) -> Result<Self> {
        let commit = format!("{revision}^{{commit}}");
        let output = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        ensure!(output.status.success(), "unknown revision: {revision}");
        let commit = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let folder = tempfile::tempdir().context("failed to create a temporary folder")?;
        let path = folder.path().join("worktree");
        let output = git(&["worktree", "add", "--quiet", "--detach", &path.display().to_string(), &commit])?;
        ensure!(
            output.status.success(),
            "failed to create a worktree of {revision}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(Self { path, _folder: folder })
    }
}

impl Drop for Worktree {
    fn drop(&mut self) {
        // Without success, `git worktree prune` removes the entry later.
        let _ = git(&["worktree", "remove", "--force", &self.path.display().to_string()]);
    }
}

fn git(arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new("git");
    command.arg("-C").arg(workspace_root()).args(arguments).stdin(Stdio::null());
    command.output().context("failed to run git")
}

/// Runs this very command in a worktree of `revision`, with `--json`.
pub(super) fn measure_revision(revision: &str) -> Result<Results> {
    let worktree = Worktree::add(revision)?;
    let arguments = without_compare(std::env::args().skip(1));
    let output = run(&worktree.path, &arguments)?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        if ["unexpected argument", "unrecognized subcommand", "requires a subcommand"]
            .iter()
            .any(|it| stderr.contains(it))
        {
            bail!(
                "revision {revision} does not know `cargo xtask {} --json`: it cannot be compared",
                arguments.join(" ")
            );
        }
        bail!("failed to measure revision {revision}: {}", stderr.trim());
    }
    Results::parse(&String::from_utf8_lossy(&output.stdout))
        .with_context(|| format!("failed to read the measurements of revision {revision}"))
}

/// Runs in the current folder, so that relative paths among the arguments remain valid.
fn run(worktree: &Path, arguments: &[String]) -> Result<Output> {
    cargo()
        .args(["run", "--quiet", "--locked", "--package", "xtask", "--manifest-path"])
        .arg(worktree.join("Cargo.toml"))
        .arg("--")
        .args(arguments)
        .arg("--json")
        .env("CARGO_TARGET_DIR", worktree.join("target"))
        .stdin(Stdio::null())
        .output()
        .context("failed to run cargo")
}

fn without_compare(arguments: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut rest = Vec::new();
    let mut is_value = false;
    for argument in arguments {
        if std::mem::take(&mut is_value) {
            continue;
        }
        is_value = argument == "--compare";
        if !is_value && !argument.starts_with("--compare=") {
            rest.push(argument);
        }
    }
    rest
}

/// Returns a table of the measurements of both revisions, and the skipped measurements.
pub(super) fn table(revision: &str, other: &Results, ours: &Results) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    table.set_header(["what", revision, "here", "here to there"]);
    let mut seen = BTreeSet::new();
    for measurement in ours.measurements.iter().chain(&other.measurements) {
        let name = measurement.name.as_str();
        if !seen.insert(name) {
            continue;
        }
        let [there, here] = [other, ours].map(|results| results.find(name));
        let shown = [there, here].map(|it| it.map_or_else(|| "-".to_owned(), |it| value(it.value, &it.unit)));
        let ratio = there.zip(here).map_or_else(String::new, |(there, here)| number(here.value / there.value));
        table.add_row([name].into_iter().map(str::to_owned).chain(shown).chain([ratio]));
    }
    let mut report = table.to_string();
    for (place, results) in [(revision, other), ("here", ours)] {
        for line in results.skipped_lines() {
            report.push_str(&format!("\n{place}: {line}"));
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::without_compare;

    #[test]
    fn compare_and_its_value_are_removed() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(without_compare(words("bench calls --compare main")), words("bench calls"));
        assert_eq!(
            without_compare(words("bench --compare=main calls --instructions-only")),
            words("bench calls --instructions-only")
        );
    }
}
