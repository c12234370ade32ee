//! The workspace that the commands operate on.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

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
