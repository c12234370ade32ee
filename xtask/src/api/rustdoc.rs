//! The JSON output of rustdoc.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use crate::workspace::{cargo, workspace_root};

/// A wrapper of rustdoc that enables unstable options, which JSON output needs. Setting the variable for cargo instead
/// would also set it for build scripts, which would then detect a nightly compiler.
const RUSTDOC: &str = "#!/bin/sh\nexport RUSTC_BOOTSTRAP=1\nexec rustdoc \"$@\"\n";

/// Generates the JSON files of the libraries in these folders, which must be named like their crates, and returns the
/// files.
///
/// Uses a separate target folder, so that these files and the HTML documentation do not overwrite each other.
pub(super) fn generate(manifest: &Path, libraries: &[&Path]) -> Result<Vec<PathBuf>> {
    let names = libraries.iter().map(|folder| {
        let name =
            folder.file_name().with_context(|| format!("invalid folder {}: it has no name", folder.display()))?;
        Ok(name.to_string_lossy().into_owned())
    });
    let names: Vec<String> = names.collect::<Result<_>>()?;
    let tools = tempfile::tempdir().context("failed to create a temporary folder")?;
    let rustdoc = tools.path().join("rustdoc");
    fs::write(&rustdoc, RUSTDOC)
        .and_then(|()| fs::set_permissions(&rustdoc, Permissions::from_mode(0o755)))
        .with_context(|| format!("failed to write {}", rustdoc.display()))?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace_root().join("target"), PathBuf::from);
    let target = target.join("api");
    let mut command = cargo();
    command
        .args(["doc", "--lib", "--no-deps", "--all-features", "--locked", "--quiet", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(&target)
        .env("RUSTDOC", &rustdoc)
        .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json")
        .stdin(Stdio::null());
    for name in &names {
        command.args(["--package", name]);
    }
    ensure!(command.status().context("failed to run cargo")?.success(), "cargo doc failed: see its errors above");
    let folder = target.join("doc");
    Ok(names.iter().map(|name| folder.join(format!("{}.json", name.replace('-', "_")))).collect())
}
