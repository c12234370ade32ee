//! `cargo xtask bench build`: the cost of a user's first release build with this crate, and with reqwest alone.
//!
//! Processor time is about 50 % higher if other programs run on the same cores.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use super::format::median;
use super::results::Results;
use crate::workspace::workspace_root;

/// Measure a clean release build of a program that gets a presence, with this crate and with reqwest alone
#[derive(Args)]
pub(crate) struct Build {
    /// The number of builds of each program
    #[arg(long, default_value_t = 1)]
    runs: u32,
}

impl Default for Build {
    fn default() -> Self {
        Self { runs: 1 }
    }
}

/// A program that is built in a temporary folder.
pub(super) struct Program {
    pub(super) name: &'static str,
    /// Lines of the manifest.
    pub(super) dependencies: String,
    pub(super) main: String,
}

/// The cost of a build, and its output.
struct Cost {
    processor_seconds: f64,
    packages: usize,
    megabytes: f64,
}

impl Build {
    pub(crate) fn measure(&self) -> Result<Results> {
        let [ours, reqwest] = programs();
        let mut rounds = Vec::new();
        // They take turns, so that what changes on the machine changes for both.
        for _ in 0..self.runs.max(1) {
            rounds.push([ours.build()?, reqwest.build()?]);
        }
        let mut results = Results::default();
        for (index, Program { name, .. }) in [&ours, &reqwest].into_iter().enumerate() {
            let costs = || rounds.iter().filter_map(|round| round.get(index));
            let middle = |value: fn(&Cost) -> f64| median(costs().map(value).collect());
            results.add(format!("build/{name}/processor"), middle(|cost| cost.processor_seconds), "s");
            results.add(format!("build/{name}/packages"), middle(|cost| cost.packages as f64), "packages");
            results.add(format!("build/{name}/binary"), middle(|cost| cost.megabytes), "MB");
        }
        let ratios = rounds.iter().map(|[ours, reqwest]| ours.processor_seconds / reqwest.processor_seconds);
        results.add("build/processor/ratio", median(ratios.collect()), "ratio");
        Ok(results)
    }
}

impl Program {
    /// Builds the program in a temporary folder.
    fn build(&self) -> Result<Cost> {
        let folder = tempfile::tempdir().context("failed to create a temporary folder")?;
        self.write(folder.path())?;
        let before = processor_seconds_of_children()?;
        let binary = compile(folder.path())?;
        Ok(Cost {
            processor_seconds: processor_seconds_of_children()? - before,
            packages: packages(&folder.path().join("target/release/.fingerprint"))?,
            megabytes: fs::metadata(binary)?.len() as f64 / 1e6,
        })
    }

    /// Builds the program in a folder and returns its path.
    pub(super) fn build_in(&self, folder: &Path) -> Result<PathBuf> {
        self.write(folder)?;
        compile(folder)
    }

    /// Writes the package and fetches its dependencies, in the versions that the workspace is tested with.
    fn write(&self, folder: &Path) -> Result<()> {
        let manifest = format!(
            "[package]\nname = \"program\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{}\n[workspace]\n",
            self.dependencies
        );
        fs::create_dir(folder.join("src"))?;
        fs::write(folder.join("src/main.rs"), &self.main)?;
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::copy(workspace_root().join("Cargo.lock"), folder.join("Cargo.lock"))
            .context("failed to copy Cargo.lock")?;
        cargo(folder, &["fetch"])
    }
}

fn compile(folder: &Path) -> Result<PathBuf> {
    cargo(folder, &["build", "--release", "--offline"])?;
    Ok(folder.join("target/release").join(format!("program{}", std::env::consts::EXE_SUFFIX)))
}

/// Returns the number of compiled packages: each has one folder, or several if it has a build script.
fn packages(fingerprints: &Path) -> Result<usize> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(fingerprints).context("failed to count packages")? {
        let name = entry?.file_name();
        names.extend(name.to_string_lossy().rsplit_once('-').map(|(package, _)| package.to_owned()));
    }
    Ok(names.len())
}

/// Runs cargo without settings from the environment.
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
    let output = command.output().context("failed to run cargo")?;
    if !output.status.success() {
        bail!("cargo {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// Returns the processor time of all descendants that have ended.
fn processor_seconds_of_children() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok((usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6)
}

/// Returns two programs that print the availability of the signed-in user.
fn programs() -> [Program; 2] {
    let facade = workspace_root().join("crates/graph-presence");
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    let ours = Program {
        name: "ours",
        dependencies: format!("graph-presence = {{ path = {facade:?} }}\n{tokio}"),
        main: r#"use graph_presence::{AccessToken, Client};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(AccessToken::new(std::env::var("GRAPH_TOKEN")?)).build()?;
    println!("{}", client.me().get_presence().await?.availability);
    Ok(())
}
"#
        .to_owned(),
    };
    let reqwest = Program {
        name: "reqwest",
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
    let response = request.bearer_auth(std::env::var("GRAPH_TOKEN")?).send().await?.error_for_status()?;
    let presence: Presence = serde_json::from_slice(&response.bytes().await?)?;
    println!("{}", presence.availability);
    Ok(())
}
"#
        .to_owned(),
    };
    [ours, reqwest]
}
