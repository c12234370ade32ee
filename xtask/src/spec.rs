//! `cargo xtask spec`: derives the document that code is generated from out of Microsoft's complete OpenAPI document.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::workspace::workspace_root;

pub(crate) mod apply;
mod change;
pub(crate) mod clouds;
mod compare;
mod compare_schema;
mod drift;
pub(crate) mod finding;
mod json;
mod keep;
pub(crate) mod lint;
mod normalize;
pub(crate) mod operations;
mod overlay;
pub(crate) mod pointer;
mod reference;
mod schema_keys;
mod slice;
mod trim;
pub(crate) mod yaml;

pub(crate) use self::keep::Keep;
pub(crate) use self::slice::Slice;

/// Trim Microsoft's OpenAPI document, apply the overlay, compare with a newer document
#[derive(Args)]
pub(crate) struct Spec {
    #[command(flatten)]
    folder: SpecsFolder,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Trim(trim::Trim),
    Apply(apply::Apply),
    Drift(drift::Drift),
}

impl Spec {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let specs = self.folder.path();
        match self.command {
            Command::Trim(command) => command.run(&specs),
            Command::Apply(command) => command.run(&specs),
            Command::Drift(command) => command.run(&specs),
        }
    }
}

/// The folder that contains keep.yaml, the overlay and the documents.
#[derive(Args)]
pub(crate) struct SpecsFolder {
    /// Use this folder instead of the workspace's specs/
    #[arg(long = "specs", value_name = "DIR", global = true, hide = true)]
    folder: Option<PathBuf>,
}

impl SpecsFolder {
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| workspace_root().join("specs"))
    }
}
