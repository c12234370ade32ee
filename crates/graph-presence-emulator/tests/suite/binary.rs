//! The command-line program.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::tenant::{ADA, BOB};

const PROGRAM: &str = env!("CARGO_BIN_EXE_graph-presence-emulator");

pub(crate) fn output(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

pub(crate) struct Running {
    child: Child,
    url: String,
    token: String,
}

impl Drop for Running {
    /// Ends the process if the test fails before it stops it.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the program on a free port and reads the lines that it prints at its start.
pub(crate) fn start(arguments: &[&str]) -> Running {
    let mut child = Command::new(PROGRAM)
        .args(["--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut value = |name: &str| lines.next().unwrap().strip_prefix(name).unwrap().trim().to_owned();
    let url = value("presence");
    assert_eq!(value("control"), format!("{url}/_emulator"));
    assert_eq!(value("board"), format!("{url}/"));
    value("cloud");
    value("tenant");
    Running { url, token: value("token"), child }
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let request = reqwest::Client::new().get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Stops the program with a signal, and expects success and no errors.
    pub(crate) fn stop(mut self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!((self.child.wait().unwrap().code(), errors.as_str()), (Some(0), ""), "{signal}");
    }
}

#[test]
fn help_and_version_succeed() {
    let help = output(&["--help"]);
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(help.status.success());
    for option in ["--port", "--bind", "--cloud", "--tenant", "--time", "--seed-file", "--no-throttling"] {
        assert!(text.contains(option), "{text}");
    }
    assert!(output(&["--version"]).status.success());
}

#[test]
fn invalid_arguments_exit_with_2() {
    for (arguments, message) in [
        (&["--cloud", "moon"][..], "invalid cloud \"moon\": expected one of global, l4, l5, china"),
        (&["--time", "scaled=0"], "expected a whole number of 1 or more after scaled="),
        (&["--time", "stepped=noon"], "expected a timestamp such as 2026-01-01T09:00:00Z after stepped="),
        (&["--deliver", "everywhere"], "invalid delivery \"everywhere\": expected one of off, loopback, anywhere"),
        (&["--time", "slow"], "expected real, scaled=FACTOR, stepped or stepped=TIMESTAMP"),
        (&["--tenant", "contoso"], "invalid GUID: expected the form "),
        (&["--port", "65536"], "65536 is not in 0..=65535"),
        (&["--bind", "192.0.2.1", "--port", "0"], "failed to listen on 192.0.2.1:0: "),
        (&["--port", "0", "--seed-file", "/nowhere.json"], "failed to load /nowhere.json: "),
        (&["users.json"], "unexpected argument 'users.json'"),
    ] {
        let output = output(arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), b"".as_slice()), "{arguments:?}");
        assert!(errors.contains(message), "{errors}");
    }
}

#[cfg(feature = "https")]
#[test]
fn invalid_trusted_roots_exit_with_2() {
    let not_pem = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (file, message) in
        [("/nowhere.pem", "failed to load /nowhere.pem: "), (not_pem, "Cargo.toml: invalid trusted roots: expected ")]
    {
        let output = output(&["--port", "0", "--trust", file]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), b"".as_slice()), "{file}");
        assert!(errors.contains(message), "{errors}");
    }
}

#[tokio::test]
async fn sigterm_and_sigint_stop_the_program() {
    for signal in ["-TERM", "-INT"] {
        let running = start(&["--cloud", "l4", "--time", "stepped=2026-01-01T09:00:00Z", "--tenant", BOB]);
        assert!(running.url.starts_with("http://127.0.0.1:"));
        let presence = running.get(&format!("/v1.0/users/{ADA}/presence")).await;
        assert_eq!((&presence["availability"], presence.get("workLocation")), (&json!("PresenceUnknown"), None));
        let about = running.get("/_emulator").await;
        assert_eq!((&about["now"], &about["tenant"]), (&json!("2026-01-01T09:00:00Z"), &json!(BOB)));
        running.stop(signal);
    }
}

#[tokio::test]
async fn a_seed_file_contains_users_or_a_snapshot() {
    let folder = std::env::temp_dir().join(format!("graph-presence-emulator-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("seed.json");
    let path = file.to_str().unwrap();
    let users = json!({"users": [{"id": ADA, "teams": {"availability": "Busy", "activity": "InAMeeting"}}]});
    fs::write(&file, users.to_string()).unwrap();
    let first = start(&["--seed-file", path]);
    fs::write(&file, first.get("/_emulator/snapshot").await.to_string()).unwrap();
    let second = start(&["--seed-file", path, "--time", "scaled=60"]);
    for running in [first, second] {
        assert_eq!(running.get(&format!("/v1.0/users/{ADA}/presence")).await["activity"], "InAMeeting");
        running.stop("-TERM");
    }

    for (seed, message) in [
        ("{\"users\": [{\"id\": 5}]}", "invalid users[0].id: invalid type: integer `5`"),
        ("{\"version\": 1}", "unsupported snapshot version 1: expected 2"),
        ("[", "EOF while parsing"),
    ] {
        fs::write(&file, seed).unwrap();
        let output = output(&["--port", "0", "--seed-file", path]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{seed}");
        assert!(errors.contains("seed.json: ") && errors.contains(message), "{errors}");
    }
    fs::remove_dir_all(&folder).unwrap();
}
