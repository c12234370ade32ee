//! What others would trim with: two programs from npm, installed into a folder that goes when the benchmark ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Pinned, so that figures can be compared.
const PACKAGES: [&str; 2] = ["@redocly/cli@2.77.0", "openapi-format@1.33.6"];

/// A program and how many times faster we want to be.
pub(crate) struct Rival {
    pub(crate) name: &'static str,
    pub(crate) factor: f64,
    pub(crate) command: Vec<String>,
    /// The file that it writes.
    pub(crate) output: &'static str,
}

/// Why there is nothing to compare with, if there is not.
pub(crate) fn missing() -> Option<&'static str> {
    let there = |program: &str| {
        let mut command = Command::new(program);
        command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    match (there("node"), there("npm")) {
        (true, true) => None,
        (false, _) => Some("node is not installed"),
        (_, false) => Some("npm is not installed"),
    }
}

/// Installs the programs into `folder` and tells each to keep the `operations` of `document`, named by id.
pub(crate) fn install(folder: &Path, document: &str, operations: &[String]) -> Result<[Rival; 2]> {
    let output = Command::new("npm")
        .args(["install", "--prefix", ".", "--no-audit", "--no-fund", "--loglevel=error"])
        .args(PACKAGES)
        .current_dir(folder)
        .output()
        .context("cannot run npm")?;
    if !output.status.success() {
        bail!("npm cannot install {}: {}", PACKAGES.join(" "), String::from_utf8_lossy(&output.stderr).trim());
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
    // Without the last line it fails where it takes away what has become empty.
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
        Rival {
            name: "@redocly/cli bundle",
            factor: 5.0,
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
        Rival {
            name: "openapi-format",
            factor: 25.0,
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
