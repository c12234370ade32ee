//! The maintainer's commands of the graph-presence workspace.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod generated_file;
mod record;
mod regen;

/// The maintainer's commands of the graph-presence workspace.
///
/// Exit codes: 0 done, 1 the check found something, 2 bad input or failure.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Regen(regen::Regen),
    Record(record::Record),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Regen(command) => command.run(),
        Command::Record(command) => command.run(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}
