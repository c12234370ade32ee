//! The crates of a workspace and the files that they begin with.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::workspace::cargo;

/// A workspace member.
pub(super) struct Package {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    /// The first files of the library and of each binary.
    pub(super) roots: Vec<PathBuf>,
    workspace: PathBuf,
}

impl Package {
    /// A file's path in messages: relative to the workspace.
    pub(super) fn shown<'p>(&self, file: &'p Path) -> std::path::Display<'p> {
        file.strip_prefix(&self.workspace).unwrap_or(file).display()
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Described>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Described {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    src_path: PathBuf,
}

/// Returns every member of the workspace that `manifest` belongs to.
pub(super) fn of_workspace(manifest: &Path) -> Result<Vec<Package>> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
        .arg(manifest)
        .stdin(Stdio::null())
        .output()
        .context("cannot run cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("cannot read what cargo metadata prints")?;
    let workspace = metadata.workspace_root;
    let package = |described: Described| {
        let folder = described.manifest_path.parent().context("a package without a folder")?.to_path_buf();
        let targets = described.targets.into_iter().filter(Target::is_product);
        let roots = targets.map(|target| target.src_path).collect();
        Ok(Package { name: described.name, folder, roots, workspace: workspace.clone() })
    };
    metadata.packages.into_iter().map(package).collect()
}

impl Target {
    /// Whether this is a library or a binary: tests, benchmarks, examples and build scripts are not checked.
    fn is_product(&self) -> bool {
        self.kind.iter().any(|kind| kind == "bin" || kind.ends_with("lib") || kind == "proc-macro")
    }
}
