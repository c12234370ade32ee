//! The benchmarks that cargo builds and runs. They print their measurements as JSON.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use super::results::Results;
use crate::workspace::{cargo, workspace_root};

pub(super) struct CargoBench {
    package: &'static str,
    name: &'static str,
    features: &'static [&'static str],
}

impl CargoBench {
    /// Without TLS, which loopback does not use and which takes long to build.
    pub(super) const CLIENT: Self =
        Self { package: "graph-presence", name: "calls", features: &["--no-default-features"] };
    pub(super) const EMULATOR: Self =
        Self { package: "graph-presence-emulator", name: "serving", features: &["--features", "cli"] };

    /// Builds the benchmark and runs a part of it.
    pub(super) fn run(&self, part: &str, instructions_only: bool) -> Result<Results> {
        let output = cargo()
            .args(["bench", "--quiet", "--locked", "--package", self.package, "--bench", self.name])
            .args(self.features)
            .args(["--", part])
            .args(instructions_only.then_some("--instructions-only"))
            .current_dir(workspace_root())
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .context("failed to run cargo")?;
        let Self { package, name, .. } = self;
        ensure!(output.status.success(), "benchmark {name} of {package} failed: {}", output.status);
        Results::parse(&String::from_utf8_lossy(&output.stdout))
            .with_context(|| format!("failed to read what benchmark {name} of {package} prints"))
    }
}
