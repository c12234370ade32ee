//! Requests per second, with load from `wrk`.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::emulator::user;
use crate::report::Outcome;

pub(crate) struct Load {
    /// Contains wrk's scripts.
    folder: tempfile::TempDir,
}

impl Load {
    /// Returns `None` if wrk is not installed.
    pub(crate) fn find() -> Option<Self> {
        let mut command = Command::new("wrk");
        command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        // Its exit code is 1 here, too.
        command.status().ok()?;
        Some(Self { folder: tempfile::tempdir().ok()? })
    }

    /// Returns requests per second for one user's presence.
    pub(crate) fn get(&self, root: &str, token: &str) -> Outcome<f64> {
        let script = self.script("get", "wrk.method = 'GET'\n")?;
        Self::run(&script, &format!("{root}/users/{}/presence", user(0)), token)
    }

    /// Returns requests per second for the presence of 650 users.
    pub(crate) fn get_many(&self, root: &str, token: &str) -> Outcome<f64> {
        let body = format!("wrk.method = 'POST'\nwrk.body = '{}'\n", many_ids());
        let script = self.script("many", &(body + "wrk.headers['Content-Type'] = 'application/json'\n"))?;
        Self::run(&script, &format!("{root}/communications/getPresencesByUserId"), token)
    }

    fn script(&self, name: &str, lines: &str) -> Outcome<PathBuf> {
        let path = self.folder.path().join(format!("{name}.lua"));
        fs::write(&path, lines)?;
        Ok(path)
    }

    fn run(script: &PathBuf, url: &str, token: &str) -> Outcome<f64> {
        let output = Command::new("wrk")
            .args(["--threads", "1", "--connections", "16", "--duration", "5s", "--script"])
            .arg(script)
            .args(["--header", &format!("Authorization: Bearer {token}"), url])
            .output()?;
        let report = String::from_utf8(output.stdout)?;
        if report.contains("Non-2xx") || !output.status.success() {
            return Err(format!("wrk failed for {url}: {report}").into());
        }
        let rate = report.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
        Ok(rate.ok_or("wrk printed no rate")?.trim().parse()?)
    }
}

pub(crate) fn many_ids() -> String {
    json!({"ids": (0..650).map(user).collect::<Vec<_>>()}).to_string()
}
