//! The crates of a workspace and their root files.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::workspace::cargo;

/// A workspace member.
pub(super) struct Package {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    /// The root files of the library and of each binary.
    pub(super) roots: Vec<PathBuf>,
    workspace: PathBuf,
}

impl Package {
    /// Returns a file's path for use in messages, relative to the workspace.
    pub(super) fn display<'p>(&self, file: &'p Path) -> std::path::Display<'p> {
        file.strip_prefix(&self.workspace).unwrap_or(file).display()
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct MetadataPackage {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    src_path: PathBuf,
}

/// Returns all members of the workspace that `manifest` belongs to.
pub(super) fn of_workspace(manifest: &Path) -> Result<Vec<Package>> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
        .arg(manifest)
        .stdin(Stdio::null())
        .output()
        .context("failed to run cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("failed to parse the output of cargo metadata")?;
    let workspace = metadata.workspace_root;
    let package = |metadata: MetadataPackage| {
        let folder = metadata.manifest_path.parent().context("package without a folder")?.to_path_buf();
        let targets = metadata.targets.into_iter().filter(Target::is_checked);
        let roots = targets.map(|target| target.src_path).collect();
        Ok(Package { name: metadata.name, folder, roots, workspace: workspace.clone() })
    };
    metadata.packages.into_iter().map(package).collect()
}

impl Target {
    /// Returns `true` for libraries and binaries. Tests, benchmarks, examples and build scripts are not checked.
    fn is_checked(&self) -> bool {
        self.kind.iter().any(|kind| kind == "bin" || kind.ends_with("lib") || kind == "proc-macro")
    }
}
