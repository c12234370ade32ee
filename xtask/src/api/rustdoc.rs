//! Libraries as rustdoc describes them in JSON.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use crate::workspace::{cargo, workspace_root};

/// On stable, rustdoc writes JSON only if the environment says so. A variable that cargo sees, build scripts see too, and
/// they would take the compiler for a nightly one.
const RUSTDOC: &str = "#!/bin/sh\nexport RUSTC_BOOTSTRAP=1\nexec rustdoc \"$@\"\n";

/// Returns the files in which rustdoc describes the libraries in these folders, which are named like their crates.
///
/// They are in a target folder of their own: in the common one, these files and the documentation would replace each other.
pub(super) fn describe(manifest: &Path, libraries: &[&Path]) -> Result<Vec<PathBuf>> {
    let names = libraries.iter().map(|folder| {
        let name = folder.file_name().with_context(|| format!("{} names no crate", folder.display()))?;
        Ok(name.to_string_lossy().into_owned())
    });
    let names: Vec<String> = names.collect::<Result<_>>()?;
    let tools = tempfile::tempdir().context("no temporary folder")?;
    let rustdoc = tools.path().join("rustdoc");
    fs::write(&rustdoc, RUSTDOC)
        .and_then(|()| fs::set_permissions(&rustdoc, Permissions::from_mode(0o755)))
        .with_context(|| format!("cannot write {}", rustdoc.display()))?;
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
    ensure!(command.status().context("cannot run cargo")?.success(), "cargo doc failed");
    let folder = target.join("doc");
    Ok(names.iter().map(|name| folder.join(format!("{}.json", name.replace('-', "_")))).collect())
}
