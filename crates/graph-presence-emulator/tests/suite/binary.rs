//! The program.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::tenant::{ADA, BOB};

const PROGRAM: &str = env!("CARGO_BIN_EXE_graph-presence-emulator");

fn output(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

pub(crate) struct Running {
    child: Child,
    url: String,
    token: String,
}

impl Drop for Running {
    /// A test that fails leaves nothing behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts it on a free port and reads what it says.
pub(crate) fn start(arguments: &[&str]) -> Running {
    let mut child = Command::new(PROGRAM)
        .args(["--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut word = |name: &str| lines.next().unwrap().strip_prefix(name).unwrap().trim().to_owned();
    let url = word("presence");
    assert_eq!(word("control"), format!("{url}/_emulator"));
    assert_eq!(word("board"), format!("{url}/"));
    word("cloud");
    word("tenant");
    Running { url, token: word("token"), child }
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

    pub(crate) fn end(mut self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!((self.child.wait().unwrap().code(), errors.as_str()), (Some(0), ""), "{signal}");
    }
}

#[test]
fn help_and_version_are_no_failure() {
    let help = output(&["--help"]);
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(help.status.success());
    for option in ["--port", "--bind", "--cloud", "--tenant", "--time", "--seed-file", "--no-throttling"] {
        assert!(text.contains(option), "{text}");
    }
    assert!(output(&["--version"]).status.success());
}

#[test]
fn what_it_cannot_do_is_2() {
    for (arguments, message) in [
        (&["--cloud", "moon"][..], "cloud \"moon\": must be one of global, l4, l5, china"),
        (&["--time", "scaled=0"], "the factor must be a whole number from 1"),
        (&["--time", "stepped=noon"], "the start must be an instant such as 2026-01-01T09:00:00Z"),
        (&["--deliver", "everywhere"], "delivery \"everywhere\": must be one of off, loopback, anywhere"),
        (&["--time", "slow"], "must be real, scaled=FACTOR, stepped or stepped=INSTANT"),
        (&["--tenant", "contoso"], "not a GUID"),
        (&["--port", "65536"], "65536 is not in 0..=65535"),
        (&["--bind", "192.0.2.1", "--port", "0"], "192.0.2.1:0: "),
        (&["--port", "0", "--seed-file", "/nowhere.json"], "/nowhere.json: "),
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
fn roots_that_it_cannot_trust_are_2() {
    let no_roots = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (file, message) in
        [("/nowhere.pem", "/nowhere.pem: "), (no_roots, "Cargo.toml: trust: must be certificates in PEM")]
    {
        let output = output(&["--port", "0", "--trust", file]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), b"".as_slice()), "{file}");
        assert!(errors.contains(message), "{errors}");
    }
}

#[tokio::test]
async fn it_serves_until_it_is_told_to_end() {
    for signal in ["-TERM", "-INT"] {
        let running = start(&["--cloud", "l4", "--time", "stepped=2026-01-01T09:00:00Z", "--tenant", BOB]);
        assert!(running.url.starts_with("http://127.0.0.1:"));
        let presence = running.get(&format!("/v1.0/users/{ADA}/presence")).await;
        assert_eq!((&presence["availability"], presence.get("workLocation")), (&json!("PresenceUnknown"), None));
        let about = running.get("/_emulator").await;
        assert_eq!((&about["now"], &about["tenant"]), (&json!("2026-01-01T09:00:00Z"), &json!(BOB)));
        running.end(signal);
    }
}

#[tokio::test]
async fn it_begins_with_users_or_with_a_snapshot() {
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
        running.end("-TERM");
    }

    for (seed, message) in [
        ("{\"users\": [{\"id\": 5}]}", "users[0].id: invalid type: integer `5`"),
        ("{\"version\": 2}", "version \"2\": must be 1"),
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
