//! The workspace that the commands operate on.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Returns the folder that contains the workspace's `Cargo.toml`.
pub(crate) fn workspace_root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Returns a path for use in messages: relative to the workspace root if it is inside the workspace.
pub(crate) fn display_path(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(workspace_root()).unwrap_or(path).display()
}

/// Returns a command for the cargo that runs this program, or for `cargo` on `PATH`.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Builds a program with cargo, which prints its errors, and returns the path of the program.
pub(crate) fn executable(arguments: &[&str]) -> Result<PathBuf> {
    let output = cargo()
        .args(arguments)
        .arg("--message-format=json-render-diagnostics")
        .current_dir(workspace_root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("failed to run cargo")?;
    ensure!(output.status.success(), "see the errors of cargo above");
    let messages = String::from_utf8_lossy(&output.stdout);
    let mut paths = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from));
    paths.next_back().context("executable not found in the output of cargo")
}
