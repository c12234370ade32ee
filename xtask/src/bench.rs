//! `cargo xtask bench`: measures the cost of calls, commands and builds, and compares it with the promised values.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::output::print;
use crate::workspace::workspace_root;

mod build;
mod cargo_bench;
mod compare;
mod format;
mod measure;
mod npm_tools;
mod peers;
mod promises;
mod recorder;
mod results;
mod spec;
mod verdict;

use self::cargo_bench::CargoBench;
use self::promises::{Benchmark, Promises};
use self::results::Results;

/// Measure calls, builds and commands, and compare the measurements with xtask/promises.yaml
///
/// Without a subcommand, all benchmarks except `peers` run one after the other. Times depend on the load of the machine,
/// counts of instructions do not. Benchmarks that cannot run are reported as SKIPPED, with the reason.
///
/// Exit codes: 0 all promises are kept, 1 a promise is not kept, 2 bad input or failure.
#[derive(Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    inputs: Inputs,
    /// Print the measurements as JSON, one per line, and do not compare them with the promises
    #[arg(long, global = true)]
    json: bool,
    /// Measure a git revision as well, in a temporary worktree, and print both and their ratio
    #[arg(long, value_name = "REV", global = true, conflicts_with = "json")]
    compare: Option<String>,
    /// The file of promises [default: xtask/promises.yaml of this workspace]
    #[arg(long, value_name = "FILE", global = true)]
    promises: Option<PathBuf>,
}

/// The inputs of the benchmarks when all of them run.
#[derive(Args)]
struct Inputs {
    /// Microsoft's complete OpenAPI document, for the benchmark `spec`
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// A folder of saved documentation pages, for the benchmark `recorder`
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Measure calls of the client, compared with a hand-written client
    Calls(InstructionsOnly),
    /// Measure reading the presence of 100,000 users, compared with a hand-written client
    Many,
    /// Measure the memory of a client that streams a million users, and of an emulator that has them
    Memory,
    /// Measure the emulator's requests, compared with Prism
    Emulator(InstructionsOnly),
    Build(build::Build),
    Spec(spec::SpecBench),
    Recorder(recorder::RecorderBench),
    Peers(peers::Peers),
    #[command(hide = true)]
    Measure(measure::Measure),
}

#[derive(Args, Default)]
struct InstructionsOnly {
    /// Count instructions only, without the measurements that take seconds
    #[arg(long)]
    instructions_only: bool,
}

impl Bench {
    pub(crate) fn run(self) -> Result<ExitCode> {
        if let Some(Command::Measure(command)) = self.command {
            return command.run();
        }
        let promises = Promises::read(&self.promises.unwrap_or_else(|| workspace_root().join("xtask/promises.yaml")))?;
        let other = self.compare.as_deref().map(compare::measure_revision).transpose()?;
        let peers_table = match &self.command {
            Some(Command::Peers(peers)) => Some(peers.markdown),
            _ => None,
        };
        let (benchmarks, results) = match self.command {
            Some(command) => command.measure()?,
            None => measure_all(&self.inputs)?,
        };
        if self.json {
            print(results.to_json_lines()?)?;
            return Ok(ExitCode::SUCCESS);
        }
        if let (Some(other), Some(revision)) = (other, self.compare) {
            print(compare::table(&revision, &other, &results))?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(is_markdown) = peers_table {
            print(peers::table(&results, is_markdown))?;
            return Ok(ExitCode::SUCCESS);
        }
        verdict::report(&results, &promises, &benchmarks)
    }
}

impl Command {
    /// Runs one benchmark.
    fn measure(self) -> Result<(Vec<Benchmark>, Results)> {
        let (benchmark, results) = match self {
            Self::Calls(options) => (Benchmark::Calls, CargoBench::CLIENT.run("calls", options.instructions_only)?),
            Self::Many => (Benchmark::Many, CargoBench::CLIENT.run("many", false)?),
            Self::Memory => {
                let mut results = CargoBench::CLIENT.run("memory", false)?;
                results.append(CargoBench::EMULATOR.run("memory", false)?);
                (Benchmark::Memory, results)
            }
            Self::Emulator(options) => {
                (Benchmark::Emulator, CargoBench::EMULATOR.run("requests", options.instructions_only)?)
            }
            Self::Build(command) => (Benchmark::Build, command.measure()?),
            Self::Spec(command) => (Benchmark::Spec, command.measure()?),
            Self::Recorder(command) => (Benchmark::Recorder, command.measure()?),
            Self::Peers(command) => return Ok((Vec::new(), command.measure()?)),
            Self::Measure(_) => return Ok((Vec::new(), Results::default())),
        };
        Ok((vec![benchmark], results))
    }
}

fn measure_all(inputs: &Inputs) -> Result<(Vec<Benchmark>, Results)> {
    let mut commands = vec![
        Command::Calls(InstructionsOnly::default()),
        Command::Many,
        Command::Memory,
        Command::Emulator(InstructionsOnly::default()),
        Command::Build(build::Build::default()),
    ];
    let mut results = Results::default();
    match &inputs.document {
        Some(document) => commands.push(Command::Spec(spec::SpecBench::of(document))),
        None => results.skip("spec", "--document is not set"),
    }
    match &inputs.pages {
        Some(pages) => commands.push(Command::Recorder(recorder::RecorderBench::of(pages))),
        None => results.skip("recorder", "--pages is not set"),
    }
    let mut benchmarks = Vec::new();
    for command in commands {
        let (benchmark, measured) = command.measure()?;
        benchmarks.extend(benchmark);
        results.append(measured);
    }
    Ok((benchmarks, results))
}
