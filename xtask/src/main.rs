//! Maintenance commands of the graph-presence workspace.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod api;
mod bench;
mod conformance;
mod generated_file;
mod interop;
mod layers;
mod output;
mod record;
mod regen;
mod spec;
mod workspace;

/// Maintenance commands of the graph-presence workspace
///
/// Exit codes: 0 success, 1 the check found a problem, 2 bad input or failure.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Api(api::Api),
    Regen(regen::Regen),
    Record(record::Record),
    Conformance(conformance::Conformance),
    Spec(spec::Spec),
    Bench(bench::Bench),
    Interop(interop::Interop),
    Layers(layers::Layers),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Api(command) => command.run(),
        Command::Regen(command) => command.run(),
        Command::Record(command) => command.run(),
        Command::Conformance(command) => command.run(),
        Command::Spec(command) => command.run(),
        Command::Bench(command) => command.run(),
        Command::Interop(command) => command.run(),
        Command::Layers(command) => command.run(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}
