//! The emulator in a separate process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[cfg(unix)]
use nix::sys::signal::{Signal, kill};
#[cfg(unix)]
use nix::unistd::Pid;
use serde_json::json;

use crate::report::Outcome;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_graph-presence-emulator");

/// The number of users that a request adds.
const BULK: usize = 20_000;

pub(crate) struct Emulator {
    process: Child,
    pub(crate) url: String,
    /// A token of an application.
    pub(crate) token: String,
    /// The time from the start of the process to the end of the first response.
    pub(crate) first_response: Duration,
}

impl Emulator {
    pub(crate) async fn start() -> Outcome<Self> {
        Self::start_with(&mut Command::new(PROGRAM)).await
    }

    /// Starts the emulator with `command`, to which the options are appended: the program, or a wrapper such as
    /// valgrind followed by the path of the program.
    pub(crate) async fn start_with(command: &mut Command) -> Outcome<Self> {
        let start = Instant::now();
        let mut process =
            command.args(["--port", "0", "--no-throttling"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let stdout = process.stdout.take();
        let mut emulator = Self { process, url: String::new(), token: String::new(), first_response: Duration::ZERO };
        for line in BufReader::new(stdout.ok_or("the emulator has no output")?).lines() {
            match line?.split_once(' ').map(|(name, value)| (name.to_owned(), value.trim().to_owned())) {
                Some((name, value)) if name == "presence" => emulator.url = value,
                Some((name, value)) if name == "token" => {
                    emulator.token = value;
                    break;
                }
                _ => {}
            }
        }
        let presence = format!("{}/v1.0/users/{}/presence", emulator.url, user(0));
        let response = reqwest::Client::new().get(presence).bearer_auth(&emulator.token).send().await?;
        response.error_for_status()?.bytes().await?;
        emulator.first_response = start.elapsed();
        Ok(emulator)
    }

    /// Ends the process as a user would, and waits until it has ended.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        self.terminate()?;
        let status = self.process.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the emulator ended with {status}").into()) }
    }

    #[cfg(unix)]
    fn terminate(&mut self) -> Outcome<()> {
        Ok(kill(Pid::from_raw(self.process.id().try_into()?), Signal::SIGTERM)?)
    }

    #[cfg(not(unix))]
    fn terminate(&mut self) -> Outcome<()> {
        Err("the emulator can be stopped only on Unix".into())
    }

    pub(crate) async fn sign_in_users(&self, count: usize) -> Outcome<()> {
        let http = reqwest::Client::new();
        for first in (0..count).step_by(BULK) {
            let users: Vec<_> = (first..count.min(first + BULK))
                .map(|number| {
                    json!({"id": user(number), "teams": {"availability": "Available", "activity": "Available"}})
                })
                .collect();
            let url = format!("{}/_emulator/users", self.url);
            http.post(url).json(&json!({"users": users})).send().await?.error_for_status()?;
        }
        Ok(())
    }

    /// Returns the resident memory of the process, if the system has /proc.
    pub(crate) fn resident_mebibytes(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
        Some(kibibytes / 1024.0)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn user(number: usize) -> String {
    format!("{number:08x}-eca7-46b7-bad1-db199b62afc3")
}
