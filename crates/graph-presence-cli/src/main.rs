//! The `presence` command: Microsoft Graph presence by hand.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod demo;

/// Microsoft Graph presence by hand: what a user's Teams dot says, read and set
///
/// Exit codes: 0 done, 2 bad input or failure.
#[derive(Parser)]
#[command(name = "presence", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show what presence does, against an emulator that is started for it: no tenant, no account, no waiting
    Demo,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut output = io::stdout().lock();
    let outcome = match arguments.command {
        Command::Demo => demo::run(&mut output).await,
    };
    let outcome = outcome.and_then(|()| Ok(output.flush()?));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if reader_went_away(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // If even this cannot be written, the exit code still tells.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// `presence demo | head -3` has all that it asked for.
fn reader_went_away(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
