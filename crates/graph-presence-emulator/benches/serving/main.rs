//! What the program does in a second, beside a mock server that answers from the same specification; how soon it answers
//! at first; and what a million users weigh.
//!
//! `cargo bench -p graph-presence-emulator --features cli` prints a table, and ends with 1 if a promise was not kept. The
//! load is made by `wrk` and the other server is `@stoplight/prism-cli` from npm: what is not there is left out, and said.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use emulator::Emulator;
use load::Load;
use prism::Prism;

mod emulator;
mod load;
mod prism;

type Outcome<T> = Result<T, Box<dyn Error>>;

const STARTS: usize = 11;
const FIRST_ANSWER_MS: f64 = 50.0;
const PEOPLE: usize = 1_000_000;
const MOST_MEBIBYTES: f64 = 1024.0;
const TIMES_PRISM: f64 = 20.0;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<ExitCode> {
    if !std::env::args().any(|argument| argument == "--bench") {
        // Run as a test: that it starts and answers.
        Emulator::start().await?;
        return Ok(ExitCode::SUCCESS);
    }
    let started = report("first answer after", "ms", first_answer().await?, |ms| ms <= FIRST_ANSWER_MS, "at most 50");
    let light = match weight().await? {
        Some(mebibytes) => {
            report("a million users", "MiB", mebibytes, |weight| weight <= MOST_MEBIBYTES, "at most 1024")
        }
        None => true,
    };
    let quick = compare().await?;
    Ok(if started && light && quick { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn report(what: &str, unit: &str, value: f64, keeps: impl Fn(f64) -> bool, promise: &str) -> bool {
    let kept = keeps(value);
    let verdict = if kept { "" } else { "NOT KEPT: " };
    println!("{what:28}{value:>10.1} {unit:4}({verdict}{promise})");
    kept
}

/// From the start of the process to the end of the first answer, in milliseconds: the median.
async fn first_answer() -> Outcome<f64> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(Emulator::start().await?.first_answer.as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().ok_or("no runs")?)
}

async fn weight() -> Outcome<Option<f64>> {
    let emulator = Emulator::start().await?;
    emulator.sign_in_users(PEOPLE).await?;
    Ok(emulator.resident_mebibytes())
}

/// Requests a second of both servers, and whether ours serves so many times more.
async fn compare() -> Outcome<bool> {
    let Some(load) = Load::find() else {
        println!("SKIPPED: wrk is not there, so requests a second are not measured");
        return Ok(true);
    };
    let emulator = Emulator::start().await?;
    emulator.sign_in_users(1000).await?;
    let root = format!("{}/v1.0", emulator.url);
    let one = load.get(&root, &emulator.token)?;
    let many = load.get_many(&root, &emulator.token)?;
    let [one_length, many_length] = load.lengths(&root, &emulator.token).await?;
    println!("{:28}{one:>10.0} /s, {one_length} bytes each", "get");
    println!("{:28}{many:>10.0} /s, {many_length} bytes each", "650 ids");
    drop(emulator);

    let specification = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/presence.openapi.yaml");
    let prism = match Prism::start(&specification).await? {
        Ok(prism) => prism,
        Err(missing) => {
            println!("SKIPPED: {missing}, so there is nothing to compare with");
            return Ok(true);
        }
    };
    let token = "any";
    // The first requests are slower: the server compiles what it runs most.
    load.get(&prism.url, token)?;
    load.get_many(&prism.url, token)?;
    let prism_one = load.get(&prism.url, token)?;
    let prism_many = load.get_many(&prism.url, token)?;
    let [prism_one_length, prism_many_length] = load.lengths(&prism.url, token).await?;
    println!("{:28}{prism_one:>10.0} /s, {prism_one_length} bytes each", "get, Prism");
    println!("{:28}{prism_many:>10.0} /s, {prism_many_length} bytes each", "650 ids, Prism");
    let (gets, manies) = (one / prism_one, many / prism_many);
    let keeps = |times: f64| times >= TIMES_PRISM;
    let get_kept = report("get, times Prism", "", gets, keeps, "at least 20");
    Ok(report("650 ids, times Prism", "", manies, keeps, "at least 20") && get_kept)
}
