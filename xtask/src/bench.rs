//! `cargo xtask bench`: how long the maintainer's commands take, and how much memory.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

mod build;
mod measure;
mod rivals;
mod spec;

/// Measure how long commands take and how much memory they need
#[derive(Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Build(build::Build),
    Spec(spec::SpecBench),
    #[command(hide = true)]
    Measure(measure::Measure),
}

impl Bench {
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Build(command) => command.run(),
            Command::Spec(command) => command.run(),
            Command::Measure(command) => command.run(),
        }
    }
}
