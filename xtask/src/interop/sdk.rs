//! The SDKs: installed from their registries and run by the programs in tests/interop.

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

/// The time after which a program is killed.
const RUN_TIMEOUT: Duration = Duration::from_secs(120);
const INSTALL_TIMEOUT: Duration = Duration::from_secs(300);

/// The tested SDKs, each run by a program in the folder of its language.
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
    /// The name of the package in the registry of its language.
    pub(super) name: &'static str,
    pub(super) language: Language,
    program: &'static str,
}

/// The result of running the program of an SDK.
#[derive(Default)]
pub(super) struct SdkRun {
    /// The outcome of each operation.
    pub(super) outcomes: BTreeMap<String, Value>,
    /// The reason why the outcomes are incomplete, if they are.
    pub(super) failure: Option<String>,
}

/// A line of a program's output.
#[derive(Deserialize)]
struct Line {
    operation: String,
    outcome: Value,
}

impl Sdk {
    /// Returns the pinned version.
    pub(super) fn version(&self, source: &Path) -> Result<String> {
        let read = |name: &str| {
            let path = source.join(self.language.folder()).join(name);
            fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))
        };
        let version = match self.language {
            Language::Js => {
                let package: Value =
                    serde_json::from_str(&read("package.json")?).context("failed to parse package.json")?;
                package.get("dependencies").and_then(|all| all.get(self.name)?.as_str()).map(str::to_owned)
            }
            Language::Python => read("requirements.txt")?
                .lines()
                .find_map(|line| line.strip_prefix(self.name)?.strip_prefix("==").map(str::to_owned)),
        };
        version.with_context(|| {
            format!("no pinned version of {}: pin it in tests/interop/{}", self.name, self.language.folder())
        })
    }

    /// Runs the program against the emulator at `url`. The program trusts the certificate in `certificates`.
    pub(super) fn run(&self, interpreter: &Path, folder: &Path, url: &str, certificates: &Path) -> Result<SdkRun> {
        let certificate = certificates.join("certificate.pem");
        let mut command = Command::new(interpreter);
        command.arg(folder.join(self.program)).arg(url).arg(certificates).current_dir(folder);
        for name in ["NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"] {
            command.env(name, &certificate);
        }
        command.env("NO_PROXY", "localhost,127.0.0.1").env("no_proxy", "localhost,127.0.0.1");
        let output = output(&mut command, RUN_TIMEOUT)?;
        let mut run = SdkRun::default();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(Line { operation, outcome }) = serde_json::from_str(line) else {
                run.failure = Some(format!("unexpected output: {line}"));
                continue;
            };
            run.outcomes.insert(operation, outcome);
        }
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            run.failure = Some(format!("exited with {}: {}", output.status, errors.trim()));
        }
        Ok(run)
    }
}

/// Returns `true` if the program can be run.
pub(super) fn is_installed(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Installs the packages in `folder` and returns the interpreter.
pub(super) fn install_from_npm(folder: &Path) -> Result<PathBuf> {
    let mut command = Command::new("npm");
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]);
    install(command.current_dir(folder), "npm failed to install the SDKs")?;
    Ok("node".into())
}

/// Installs the packages in `folder` into a virtual environment and returns the interpreter.
pub(super) fn install_from_pypi(folder: &Path) -> Result<PathBuf> {
    let environment = folder.join("environment");
    let mut command = Command::new("python3");
    install(command.args(["-m", "venv"]).arg(&environment), "python3 failed to create a virtual environment")?;
    let interpreter = environment.join("bin/python");
    let mut command = Command::new(&interpreter);
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=1", "--timeout=15"]);
    // The SDK has thousands of modules and few are used, so compiling all of them wastes time.
    command.args(["--no-compile", "--only-binary=:all:", "--requirement=requirements.txt"]);
    install(command.current_dir(folder), "pip failed to install the SDK")?;
    Ok(interpreter)
}

fn install(command: &mut Command, failure: &'static str) -> Result<()> {
    let output = output(command, INSTALL_TIMEOUT).context(failure)?;
    ensure!(output.status.success(), "{failure}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

/// Runs a command and returns its output. Kills it after `timeout`.
fn output(command: &mut Command, timeout: Duration) -> Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("failed to run {name}"))?;
    let id = Pid::from_raw(i32::try_from(child.id())?);
    let (finished, receiver) = mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        let is_timeout = receiver.recv_timeout(timeout) == Err(RecvTimeoutError::Timeout);
        is_timeout && kill(id, Signal::SIGKILL).is_ok()
    });
    let output = child.wait_with_output().with_context(|| format!("failed to read the output of {name}"));
    drop(finished);
    if watchdog.join().unwrap_or_default() {
        bail!("{name} timed out after {} s", timeout.as_secs());
    }
    output
}
