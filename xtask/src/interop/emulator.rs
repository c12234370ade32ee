//! Builds, starts and stops the emulator.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::workspace::{cargo, workspace_root};

/// Builds the emulator and returns the path of its executable.
pub(super) fn build() -> Result<PathBuf> {
    let output = cargo()
        .args(["build", "--package", "graph-presence-emulator", "--features", "cli", "--locked", "--quiet"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(workspace_root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("failed to run cargo")?;
    ensure!(output.status.success(), "failed to build the emulator: see the errors of cargo above");
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| message.get("executable")?.as_str().map(PathBuf::from));
    executable.context("failed to build the emulator: no executable in the output of cargo")
}

/// Writes a self-signed certificate for `localhost` and its private key.
pub(super) fn write_certificate(folder: &Path) -> Result<()> {
    let certificate =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).context("failed to create a certificate")?;
    fs::write(folder.join("certificate.pem"), certificate.cert.pem())
        .and_then(|()| fs::write(folder.join("key.pem"), certificate.signing_key.serialize_pem()))
        .context("failed to write the certificate")
}

/// A running emulator, stopped on drop.
pub(super) struct RunningEmulator {
    child: Child,
    pub(super) url: String,
}

impl RunningEmulator {
    /// Starts the emulator on a free port. Its clock is stopped, so that times in responses are the same in each run.
    pub(super) fn start(program: &Path, users: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["--port", "0", "--time", "stepped=2026-01-01T09:00:00Z", "--seed-file"])
            .arg(users)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to start the emulator")?;
        let stdout = child.stdout.take();
        let mut running = Self { child, url: String::new() };
        let mut line = String::new();
        if let Some(stdout) = stdout {
            BufReader::new(stdout).read_line(&mut line).context("failed to read the output of the emulator")?;
        }
        let url = line.strip_prefix("presence").context("failed to start the emulator: no URL in its output")?;
        url.trim().clone_into(&mut running.url);
        Ok(running)
    }
}

impl Drop for RunningEmulator {
    fn drop(&mut self) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            // The process may have exited already.
            let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
        }
        let _ = self.child.wait();
    }
}
