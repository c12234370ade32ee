//! Load from another process: `wrk`.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::Outcome;
use crate::emulator::user;

pub(crate) struct Load {
    /// Of scripts.
    folder: tempfile::TempDir,
}

impl Load {
    /// `None` where there is no `wrk`.
    pub(crate) fn find() -> Option<Self> {
        let mut command = Command::new("wrk");
        command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        // It has no exit code for that.
        command.status().ok()?;
        Some(Self { folder: tempfile::tempdir().ok()? })
    }

    /// Requests a second for one user's presence.
    pub(crate) fn get(&self, root: &str, token: &str) -> Outcome<f64> {
        let script = self.script("get", "wrk.method = 'GET'\n")?;
        Self::run(&script, &format!("{root}/users/{}/presence", user(0)), token)
    }

    /// Requests a second for the presence of as many users as a request can name.
    pub(crate) fn get_many(&self, root: &str, token: &str) -> Outcome<f64> {
        let body = format!("wrk.method = 'POST'\nwrk.body = '{}'\n", many_ids());
        let script = self.script("many", &(body + "wrk.headers['Content-Type'] = 'application/json'\n"))?;
        Self::run(&script, &format!("{root}/communications/getPresencesByUserId"), token)
    }

    /// How long the answers to both are.
    pub(crate) async fn lengths(&self, root: &str, token: &str) -> Outcome<[usize; 2]> {
        let http = reqwest::Client::new();
        let one = http.get(format!("{root}/users/{}/presence", user(0)));
        let many = http.post(format!("{root}/communications/getPresencesByUserId"));
        let many = many.header("Content-Type", "application/json").body(many_ids());
        let mut lengths = [0; 2];
        for (length, request) in lengths.iter_mut().zip([one, many]) {
            *length = request.bearer_auth(token).send().await?.error_for_status()?.bytes().await?.len();
        }
        Ok(lengths)
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
            return Err(format!("wrk and {url}: {report}").into());
        }
        let rate = report.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
        Ok(rate.ok_or("wrk tells no rate")?.trim().parse()?)
    }
}

fn many_ids() -> String {
    json!({"ids": (0..650).map(user).collect::<Vec<_>>()}).to_string()
}
