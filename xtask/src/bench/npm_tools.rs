//! Two programs from npm that trim OpenAPI documents, installed into the temporary folder of the benchmark.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Pinned, so that measurements can be compared.
const PACKAGES: [&str; 2] = ["@redocly/cli@2.77.0", "openapi-format@1.33.6"];

pub(crate) struct Tool {
    /// The name of the tool in the names of measurements.
    pub(crate) name: &'static str,
    pub(crate) command: Vec<String>,
    /// The file that the command writes.
    pub(crate) output: &'static str,
}

/// Returns which required program is missing.
pub(crate) fn missing() -> Option<&'static str> {
    let is_installed = |program: &str| {
        let mut command = Command::new(program);
        command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    match (is_installed("node"), is_installed("npm")) {
        (true, true) => None,
        (false, _) => Some("node is not installed"),
        (_, false) => Some("npm is not installed"),
    }
}

/// Installs the programs into `folder` and configures each to keep the `operations` of `document`, which are ids.
pub(crate) fn install(folder: &Path, document: &str, operations: &[String]) -> Result<[Tool; 2]> {
    let output = Command::new("npm")
        .args(["install", "--prefix", ".", "--no-audit", "--no-fund", "--loglevel=error"])
        .args(PACKAGES)
        .current_dir(folder)
        .output()
        .context("failed to run npm")?;
    if !output.status.success() {
        bail!("npm failed to install {}: {}", PACKAGES.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    let list = |indent: &str| -> String { operations.iter().map(|id| format!("{indent}- {id}\n")).collect() };
    fs::write(
        folder.join("redocly.yaml"),
        format!(
            "apis:\n  upstream:\n    root: {document}\n    decorators:\n      filter-in:\n        \
             property: operationId\n        matchStrategy: any\n        value:\n{}",
            list("          ")
        ),
    )?;
    // Without the last line it fails when it removes objects that have become empty.
    fs::write(
        folder.join("filter.yaml"),
        format!(
            "inverseOperationIds:\n{}unusedComponents: [schemas, parameters, responses, requestBodies, headers]\n\
             preserveEmptyObjects: true\n",
            list("  ")
        ),
    )?;
    let command = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Ok([
        Tool {
            name: "redocly",
            output: "redocly.out.yaml",
            command: command(&[
                "node",
                "node_modules/@redocly/cli/bin/cli.js",
                "bundle",
                "upstream",
                "--config=redocly.yaml",
                "--remove-unused-components",
                "--output=redocly.out.yaml",
            ]),
        },
        Tool {
            name: "openapi_format",
            output: "openapi-format.out.yaml",
            command: command(&[
                "node",
                "node_modules/openapi-format/bin/cli.js",
                document,
                "--filterFile=filter.yaml",
                "--no-sort",
                "--output=openapi-format.out.yaml",
            ]),
        },
    ])
}
