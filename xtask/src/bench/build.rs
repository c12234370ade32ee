//! `cargo xtask bench build`: what a user's first release build costs with this crate, and with bare reqwest.
//!
//! Processor time grows by half where other programs share the processor's cores: the machine should do nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use crate::output::print;
use crate::workspace::workspace_root;

/// What we promise: ours takes at most this much of the processor time that the other takes.
const PROMISE: f64 = 1.3;

/// Measure a clean release build of a program that gets a presence, by this crate and by bare reqwest
///
/// Exit codes: 0 as promised, 1 costlier than promised, 2 cannot tell.
#[derive(Args)]
pub(crate) struct Build {
    /// How often each program is built
    #[arg(long, default_value_t = 1)]
    runs: u32,
}

/// A program of a folder's own.
struct Program {
    name: &'static str,
    dependencies: String,
    main: &'static str,
}

/// What building a program took, in seconds of the processor, and what it brought along.
struct Cost {
    seconds: f64,
    packages: usize,
    megabytes: f64,
}

impl Build {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let [ours, bare] = programs();
        let mut rounds = Vec::new();
        // They take turns, so that what changes on the machine changes for both.
        for _ in 0..self.runs.max(1) {
            rounds.push((ours.build()?, bare.build()?));
        }
        let middle = |value: fn(&(Cost, Cost)) -> f64| median(rounds.iter().map(value).collect());
        let ratio = middle(|(ours, bare)| ours.seconds / bare.seconds);
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY);
        table.set_header(["program", "packages", "binary", "processor time", "ratio", "promised"]);
        if let Some((first, second)) = rounds.first() {
            for (program, cost, seconds, rest) in [
                (&bare, second, middle(|(_, bare)| bare.seconds), [String::new(), String::new()]),
                (&ours, first, middle(|(ours, _)| ours.seconds), [format!("{ratio:.2}"), format!("at most {PROMISE}")]),
            ] {
                let figures = [
                    program.name.to_owned(),
                    cost.packages.to_string(),
                    format!("{:.2} MB", cost.megabytes),
                    format!("{seconds:.1} s"),
                ];
                table.add_row(figures.into_iter().chain(rest));
            }
        }
        print(table)?;
        Ok(if ratio <= PROMISE { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

impl Program {
    /// Builds it from nothing but the sources, in a folder that goes afterwards.
    fn build(&self) -> Result<Cost> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let root = folder.path();
        let manifest = format!(
            "[package]\nname = \"program\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{}\n[workspace]\n",
            self.dependencies
        );
        fs::create_dir(root.join("src"))?;
        fs::write(root.join("src/main.rs"), self.main)?;
        fs::write(root.join("Cargo.toml"), manifest)?;
        // The versions that the workspace is tested with, for both.
        fs::copy(workspace_root().join("Cargo.lock"), root.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
        cargo(root, &["fetch"])?;
        let before = children()?;
        cargo(root, &["build", "--release", "--offline"])?;
        let seconds = children()? - before;
        let binary = root.join("target/release").join(format!("program{}", std::env::consts::EXE_SUFFIX));
        Ok(Cost {
            seconds,
            packages: packages(&root.join("target/release/.fingerprint"))?,
            megabytes: fs::metadata(binary)?.len() as f64 / 1e6,
        })
    }
}

/// How many packages were compiled: each leaves one folder, or more where it has a build script.
fn packages(fingerprints: &Path) -> Result<usize> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(fingerprints).context("cannot count packages")? {
        let name = entry?.file_name();
        names.extend(name.to_string_lossy().rsplit_once('-').map(|(package, _)| package.to_owned()));
    }
    Ok(names.len())
}

/// Runs cargo as a user would who has set nothing.
fn cargo(folder: &Path, arguments: &[&str]) -> Result<()> {
    let mut command = crate::workspace::cargo();
    command.args(arguments).arg("--quiet").current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        let flags = ["RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"].contains(&&*name_text);
        let settings = ["CARGO_TARGET", "CARGO_BUILD", "CARGO_PROFILE", "CARGO_ENCODED", "CARGO_INCREMENTAL"];
        if flags || settings.iter().any(|start| name_text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    let output = command.output().context("cannot run cargo")?;
    if !output.status.success() {
        bail!("cargo {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// The processor time of all children that have ended, and of theirs.
fn children() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok((usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Both print the availability of the token's user.
fn programs() -> [Program; 2] {
    let facade = workspace_root().join("crates/graph-presence");
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    let ours = Program {
        name: "graph-presence",
        dependencies: format!("graph-presence = {{ path = {facade:?} }}\n{tokio}"),
        main: r#"use graph_presence::{AccessToken, Client};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(AccessToken::new(std::env::var("GRAPH_TOKEN")?)).build()?;
    println!("{}", client.me().get_presence().await?.availability);
    Ok(())
}
"#,
    };
    let bare = Program {
        name: "bare reqwest",
        dependencies: format!(
            "reqwest = {{ version = \"0.13\", default-features = false, features = [\"json\", \"rustls\"] }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n{tokio}"
        ),
        main: r#"#[derive(serde::Deserialize)]
struct Presence {
    availability: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let request = reqwest::Client::new().get("https://graph.microsoft.com/v1.0/me/presence");
    let answer = request.bearer_auth(std::env::var("GRAPH_TOKEN")?).send().await?.error_for_status()?;
    let presence: Presence = serde_json::from_slice(&answer.bytes().await?)?;
    println!("{}", presence.availability);
    Ok(())
}
"#,
    };
    [ours, bare]
}
