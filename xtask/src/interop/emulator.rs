//! The emulator's program: built, started and ended.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::workspace::{cargo, workspace_root};

/// Builds it and says where it is.
pub(super) fn build() -> Result<PathBuf> {
    let output = cargo()
        .args(["build", "--package", "graph-presence-emulator", "--features", "cli", "--locked", "--quiet"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(workspace_root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "cargo cannot build the emulator");
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| message.get("executable")?.as_str().map(PathBuf::from));
    executable.context("cargo does not say where the emulator is")
}

/// Writes a certificate for `localhost`, which signs itself, and its key.
pub(super) fn certify(folder: &Path) -> Result<()> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).context("cannot make a certificate")?;
    fs::write(folder.join("certificate.pem"), made.cert.pem())
        .and_then(|()| fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()))
        .context("cannot write the certificate")
}

/// Ends with this value.
pub(super) struct Running {
    child: Child,
    pub(super) url: String,
}

impl Running {
    /// Starts it on a free port. Its clock stands still, so that what is told of times is the same in each run.
    pub(super) fn start(program: &Path, users: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["--port", "0", "--time", "stepped=2026-01-01T09:00:00Z", "--seed-file"])
            .arg(users)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run the emulator")?;
        let greeting = child.stdout.take();
        let mut running = Self { child, url: String::new() };
        let mut line = String::new();
        if let Some(greeting) = greeting {
            BufReader::new(greeting).read_line(&mut line).context("the emulator says nothing")?;
        }
        let url = line.strip_prefix("presence").context("the emulator does not say where it listens")?;
        url.trim().clone_into(&mut running.url);
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            // It may have ended by itself.
            let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
        }
        let _ = self.child.wait();
    }
}
