//! The SDKs: installed from their registries, and told what to do by our programs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;
use serde_json::Value;

/// A program that takes longer is ended.
const LONGEST_RUN: Duration = Duration::from_secs(120);
const LONGEST_INSTALLATION: Duration = Duration::from_secs(300);

/// All that are run, each by a program in the folder of its language.
pub(super) const SDKS: [Sdk; 3] = [
    Sdk { name: "@microsoft/microsoft-graph-client", language: Language::Js, program: "graph-client.mjs" },
    Sdk { name: "@microsoft/msgraph-sdk", language: Language::Js, program: "msgraph-sdk.mjs" },
    Sdk { name: "msgraph-sdk", language: Language::Python, program: "msgraph_sdk.py" },
];

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    Js,
    Python,
}

pub(super) struct Sdk {
    /// As the registry of its language names it.
    pub(super) name: &'static str,
    pub(super) language: Language,
    program: &'static str,
}

/// What a program told.
#[derive(Default)]
pub(super) struct Told {
    pub(super) outcomes: BTreeMap<String, Value>,
    /// Why it did not tell all, if it did not.
    pub(super) failure: Option<String>,
}

#[derive(Deserialize)]
struct Line {
    operation: String,
    outcome: Value,
}

impl Sdk {
    /// The version that is pinned.
    pub(super) fn version(&self, source: &Path) -> Result<String> {
        let read = |name: &str| {
            let path = source.join(self.language.folder()).join(name);
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let version = match self.language {
            Language::Js => {
                let package: Value = serde_json::from_str(&read("package.json")?).context("package.json")?;
                package.get("dependencies").and_then(|all| all.get(self.name)?.as_str()).map(str::to_owned)
            }
            Language::Python => read("requirements.txt")?
                .lines()
                .find_map(|line| line.strip_prefix(self.name)?.strip_prefix("==").map(str::to_owned)),
        };
        version.with_context(|| format!("{} is not pinned", self.name))
    }

    /// Runs the program against the emulator at `url`, and lets it trust the certificate in `certificates`.
    pub(super) fn tell(&self, interpreter: &Path, place: &Path, url: &str, certificates: &Path) -> Result<Told> {
        let certificate = certificates.join("certificate.pem");
        let mut command = Command::new(interpreter);
        command.arg(place.join(self.program)).arg(url).arg(certificates).current_dir(place);
        for name in ["NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"] {
            command.env(name, &certificate);
        }
        command.env("NO_PROXY", "localhost,127.0.0.1").env("no_proxy", "localhost,127.0.0.1");
        let output = output(&mut command, LONGEST_RUN)?;
        let mut told = Told::default();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(Line { operation, outcome }) = serde_json::from_str(line) else {
                told.failure = Some(format!("told what is no outcome: {line}"));
                continue;
            };
            told.outcomes.insert(operation, outcome);
        }
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            told.failure = Some(format!("ended with {}: {}", output.status, errors.trim()));
        }
        Ok(told)
    }
}

pub(super) fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Gives the interpreter, as the other does.
pub(super) fn install_from_npm(place: &Path) -> Result<PathBuf> {
    let mut command = Command::new("npm");
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]);
    install(command.current_dir(place), "npm cannot install the SDKs")?;
    Ok("node".into())
}

pub(super) fn install_from_pypi(place: &Path) -> Result<PathBuf> {
    let environment = place.join("environment");
    let mut command = Command::new("python3");
    install(command.args(["-m", "venv"]).arg(&environment), "python3 cannot make an environment")?;
    let interpreter = environment.join("bin/python");
    let mut command = Command::new(&interpreter);
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=1", "--timeout=15"]);
    // The SDK has thousands of modules, of which few are used.
    command.args(["--no-compile", "--only-binary=:all:", "--requirement=requirements.txt"]);
    install(command.current_dir(place), "pip cannot install the SDK")?;
    Ok(interpreter)
}

fn install(command: &mut Command, failure: &'static str) -> Result<()> {
    let output = output(command, LONGEST_INSTALLATION).context(failure)?;
    ensure!(output.status.success(), "{failure}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

/// What a command prints. It is ended when it takes longer than `limit`.
fn output(command: &mut Command, limit: Duration) -> Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {name}"))?;
    let id = Pid::from_raw(i32::try_from(child.id())?);
    let (done, is_done) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        let is_late = is_done.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
        is_late && kill(id, Signal::SIGKILL).is_ok()
    });
    let output = child.wait_with_output().with_context(|| format!("cannot read what {name} prints"));
    drop(done);
    if watch.join().unwrap_or_default() {
        bail!("{name} was ended after {} s", limit.as_secs());
    }
    output
}
