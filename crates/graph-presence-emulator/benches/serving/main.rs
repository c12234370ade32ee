//! Measures the emulator: instructions of a request, requests per second beside those of Prism, the time to the first response,
//! and the memory of a million users.
//!
//! `cargo bench -p graph-presence-emulator --features cli --bench serving -- [requests | memory] [--instructions-only]` prints
//! one measurement per line as JSON; `cargo xtask bench` compares them with `xtask/promises.yaml`. The load is made by `wrk`,
//! and Prism is `@stoplight/prism-cli` from npm: what is not installed is skipped. Without `--bench`, which cargo adds,
//! everything runs once and nothing is measured.

use std::path::Path;

use emulator::Emulator;
use instructions::Case;
use load::Load;
use prism::Prism;
use report::{Outcome, measurement, median, skipped};

mod emulator;
mod instructions;
mod load;
mod prism;
mod report;

const STARTS: usize = 11;
const USERS: usize = 1_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_set = |name: &str| arguments.iter().any(|argument| argument == name);
    let words: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    if !is_set("--bench") {
        let emulator = Emulator::start().await?;
        emulator.sign_in_users(650).await?;
        instructions::send(&emulator, Case::Get, 1).await?;
        instructions::send(&emulator, Case::Read650, 1).await?;
        return emulator.stop();
    }
    match words.as_slice() {
        ["requests"] => requests(is_set("--instructions-only")).await,
        ["memory"] => memory().await,
        [] => {
            requests(is_set("--instructions-only")).await?;
            memory().await
        }
        unknown => Err(format!("unknown arguments: {}", unknown.join(" ")).into()),
    }
}

async fn requests(instructions_only: bool) -> Outcome<()> {
    instructions::measure().await?;
    if instructions_only {
        for name in ["emulator/first_response", "emulator/requests_per_second", "emulator/prism"] {
            skipped(name, "only instructions are requested");
        }
        return Ok(());
    }
    measurement("emulator/first_response", first_response().await?, "ms");
    requests_per_second().await
}

/// Returns the median, in milliseconds.
async fn first_response() -> Outcome<f64> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(Emulator::start().await?.first_response.as_secs_f64() * 1e3);
    }
    Ok(median(times))
}

async fn memory() -> Outcome<()> {
    let emulator = Emulator::start().await?;
    emulator.sign_in_users(USERS).await?;
    match emulator.resident_mebibytes() {
        Some(mebibytes) => measurement("memory/emulator_1000000/resident", mebibytes, "MiB"),
        None => skipped("memory/emulator_1000000/resident", "the system has no /proc"),
    }
    Ok(())
}

async fn requests_per_second() -> Outcome<()> {
    let Some(load) = Load::find() else {
        skipped("emulator/requests_per_second", "wrk is not installed");
        skipped("emulator/prism", "wrk is not installed");
        return Ok(());
    };
    let emulator = Emulator::start().await?;
    emulator.sign_in_users(1000).await?;
    let root = format!("{}/v1.0", emulator.url);
    let ours = [load.get(&root, &emulator.token)?, load.get_many(&root, &emulator.token)?];
    drop(emulator);
    let cases = ["get", "read_650"];
    for (case, rate) in cases.into_iter().zip(ours) {
        measurement(&format!("emulator/requests_per_second/{case}"), rate, "/s");
    }

    let specification = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/presence.openapi.yaml");
    let prism = match Prism::start(&specification).await? {
        Ok(prism) => prism,
        Err(reason) => {
            skipped("emulator/prism", &reason);
            return Ok(());
        }
    };
    let token = "any";
    // The first requests are slower: the server compiles what it runs most.
    load.get(&prism.url, token)?;
    load.get_many(&prism.url, token)?;
    let theirs = [load.get(&prism.url, token)?, load.get_many(&prism.url, token)?];
    for ((case, rate), ours) in cases.into_iter().zip(theirs).zip(ours) {
        measurement(&format!("emulator/prism/requests_per_second/{case}"), rate, "/s");
        measurement(&format!("emulator/prism/ratio/{case}"), ours / rate, "ratio");
    }
    Ok(())
}
