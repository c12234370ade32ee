//! Measures the cost of calls with this crate, and with a hand-written client that uses reqwest and serde.
//!
//! `cargo bench -p graph-presence --no-default-features --bench calls -- [calls | many | memory] [--instructions-only]`
//! prints one measurement per line as JSON; `cargo xtask bench` compares them with `xtask/promises.yaml`. Without
//! `--bench`, which cargo adds, everything runs once and nothing is measured.

use std::process::ExitCode;
use std::time::Duration;

use case::{Case, Implementation};
use report::Outcome;
use server::Server;

mod case;
mod client;
mod hand_written;
mod instructions;
mod many;
mod memory;
mod report;
mod seconds;
mod server;

fn main() -> Outcome<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_set = |name: &str| arguments.iter().any(|argument| argument == name);
    let (is_measured, instructions_only) = (is_set("--bench"), is_set("--instructions-only"));
    let words: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    match words.as_slice() {
        ["serve", delay] => server::serve(Duration::from_millis(delay.parse()?))?,
        ["client", case, implementation, url, calls] => {
            client::run(Case::parse(case)?, Implementation::parse(implementation)?, url, calls.parse()?)?;
        }
        ["calls"] => calls(is_measured, instructions_only)?,
        ["many"] => many::measure(is_measured)?,
        ["memory"] => memory::measure(is_measured)?,
        [] => {
            // First, while this process is small.
            memory::measure(is_measured)?;
            calls(is_measured, instructions_only)?;
            many::measure(is_measured)?;
        }
        unknown => return Err(format!("unknown arguments: {}", unknown.join(" ")).into()),
    }
    Ok(ExitCode::SUCCESS)
}

fn calls(is_measured: bool, instructions_only: bool) -> Outcome<()> {
    instructions::measure(is_measured)?;
    if instructions_only {
        for case in Case::ALL {
            report::skipped(&format!("calls/{}/processor", case.name()), "only instructions are requested");
            report::skipped(&format!("calls/{}/wall", case.name()), "only instructions are requested");
        }
        return Ok(());
    }
    let server = Server::start()?;
    seconds::measure(&server.url, is_measured)
}
