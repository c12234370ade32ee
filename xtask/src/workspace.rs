//! The workspace that the commands work on.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the folder that holds the workspace's `Cargo.toml`.
pub(crate) fn workspace_root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Returns a path as messages show it: relative to the workspace if it is in there.
pub(crate) fn shown(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(workspace_root()).unwrap_or(path).display()
}

/// Returns a command of the cargo that runs this program, or of the one on PATH.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
