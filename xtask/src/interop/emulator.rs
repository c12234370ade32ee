//! Builds, starts and stops the emulator.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::workspace::executable;

/// Builds the emulator and returns the path of its executable.
pub(super) fn build() -> Result<PathBuf> {
    executable(&["build", "--package", "graph-presence-emulator", "--features", "cli", "--locked", "--quiet"])
        .context("failed to build the emulator")
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
