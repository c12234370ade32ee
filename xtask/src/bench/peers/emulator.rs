//! The emulator that all clients call.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::interop::build_emulator;

/// The process is ended when this is dropped.
pub(super) struct Emulator {
    child: Child,
    pub(super) url: String,
    pub(super) token: String,
}

impl Emulator {
    /// Builds it and starts it with 650 users.
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let users: Vec<_> = (0..650)
            .map(|number| {
                let id = format!("{number:08x}-eca7-46b7-bad1-db199b62afc3");
                json!({"id": id, "teams": {"availability": "Available", "activity": "Available"}})
            })
            .collect();
        let seed = folder.join("users.json");
        fs::write(&seed, json!({"users": users}).to_string()).context("failed to write the users")?;
        let mut child = Command::new(build_emulator()?)
            .args(["--port", "0", "--no-throttling", "--seed-file"])
            .arg(seed)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to run the emulator")?;
        let stdout = child.stdout.take();
        let mut emulator = Self { child, url: String::new(), token: String::new() };
        for line in BufReader::new(stdout.context("the emulator has no output")?).lines() {
            let line = line.context("failed to read what the emulator prints")?;
            match line.split_once(' ').map(|(name, value)| (name, value.trim())) {
                Some(("presence", value)) => value.clone_into(&mut emulator.url),
                Some(("token", value)) => {
                    value.clone_into(&mut emulator.token);
                    break;
                }
                _ => {}
            }
        }
        ensure!(!emulator.url.is_empty() && !emulator.token.is_empty(), "the emulator printed no URL or no token");
        Ok(emulator)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
