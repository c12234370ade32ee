//! The program under load, as a process of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::Outcome;

/// Users of one request.
const BULK: usize = 20_000;

pub(crate) struct Emulator {
    process: Child,
    pub(crate) url: String,
    /// An application's.
    pub(crate) token: String,
    pub(crate) first_answer: Duration,
}

impl Emulator {
    pub(crate) async fn start() -> Outcome<Self> {
        let start = Instant::now();
        let mut process = Command::new(env!("CARGO_BIN_EXE_graph-presence-emulator"))
            .args(["--port", "0", "--no-throttling"])
            .stdout(Stdio::piped())
            .spawn()?;
        let greeting = BufReader::new(process.stdout.take().ok_or("no output")?);
        let mut emulator = Self { process, url: String::new(), token: String::new(), first_answer: Duration::ZERO };
        for line in greeting.lines() {
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
        let answer = reqwest::Client::new().get(presence).bearer_auth(&emulator.token).send().await?;
        answer.error_for_status()?.bytes().await?;
        emulator.first_answer = start.elapsed();
        Ok(emulator)
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

    /// What the process occupies, where the system tells.
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
