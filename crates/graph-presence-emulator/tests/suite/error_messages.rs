//! Snapshot of every error message of the emulator itself. The messages of Microsoft Graph and of OAuth that it
//! reproduces are covered by the tests of the operations.

use std::fmt::{Display, Write as _};
use std::fs;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use graph_presence_emulator::{Cloud, Delivery, Emulator, Fault, FaultRule, Guid, Operation};
use serde_json::Value;

use crate::binary::output;
use crate::tenant::{ADA, Tenant, UNKNOWN_USER, guid};

/// Calls that a source file contains if it creates errors.
const CONSTRUCTORS: [&str; 4] = ["InvalidInput::", "InvalidGuid(())", "control_error::response(", "ExitCode::from(2)"];

/// Messages by the source file that creates them.
#[derive(Default)]
struct Messages {
    text: String,
    files: Vec<String>,
}

impl Messages {
    /// Starts the section of a source file.
    fn file(&mut self, path: &str) {
        assert!(self.files.last().is_none_or(|last| last.as_str() < path), "sort the sections by file: {path}");
        write!(self.text, "\n{path}\n").unwrap();
        self.files.push(path.to_owned());
    }

    fn error(&mut self, error: impl Display) {
        writeln!(self.text, "  {error}").unwrap();
    }

    async fn control(&mut self, tenant: &Tenant, method: &str, path: &str, body: &str) {
        self.request(tenant, method, path, &[], body).await;
    }

    async fn request(&mut self, tenant: &Tenant, method: &str, path: &str, headers: &[(&str, &str)], body: &str) {
        let response = tenant.send(method, &format!("/_emulator{path}"), headers, body.into()).await;
        self.error(response.error().2);
    }

    /// Adds the first line that the program prints to stderr.
    fn program(&mut self, arguments: &[&str], folder: &Path) {
        let output = output(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let errors = String::from_utf8(output.stderr).unwrap();
        let line = errors.lines().next().unwrap();
        self.error(line.replace(folder.to_str().unwrap(), "FOLDER"));
    }
}

/// Returns the source files that create errors, by their path below `src`.
fn files_with_errors(folder: &Path) -> Vec<String> {
    let mut folders = vec![folder.to_path_buf()];
    let mut files = Vec::new();
    while let Some(entries) = folders.pop().map(|folder| fs::read_dir(folder).unwrap()) {
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                if CONSTRUCTORS.iter().any(|constructor| text.contains(constructor)) {
                    files.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
    }
    files.sort();
    files
}

/// Sends a body whose chunked encoding is invalid, and returns the message of the error.
fn unreadable_body(tenant: &Tenant) -> String {
    let address = tenant.emulator.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(
            b"POST /_emulator/users HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        )
        .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let body: Value = serde_json::from_str(response.split_once("\r\n\r\n").unwrap().1).unwrap();
    body["error"]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn all_error_messages() {
    let tenant = &Tenant::new().await;
    let emulator = &tenant.emulator;
    let running = Emulator::start().await.unwrap();
    let mut messages = Messages::default();

    messages.file("cloud.rs");
    messages.error("moon".parse::<Cloud>().unwrap_err());

    messages.file("delivery.rs");
    messages.error("everywhere".parse::<Delivery>().unwrap_err());

    messages.file("fault.rs");
    for rule in [
        FaultRule::new(Fault::Reset).probability(1.5),
        FaultRule::new(Fault::Reset).times(0),
        FaultRule::new(Fault::Status { status: 200 }),
        FaultRule::new(Fault::Gateway { status: 600 }),
        FaultRule::new(Fault::Latency { milliseconds: 600_001 }),
        FaultRule::new(Fault::SlowBody { milliseconds: 10_001 }),
        FaultRule::new(Fault::Skew { seconds: 86_401 }),
    ] {
        messages.error(emulator.inject(rule).unwrap_err());
    }

    messages.file("guid.rs");
    messages.error(Guid::parse("ada@contoso.com").unwrap_err());
    messages.error(serde_json::from_str::<Guid>("\"ada@contoso.com\"").unwrap_err());

    messages.file("http/board/view.rs");
    messages.control(tenant, "GET", "/board/events?top=201", "").await;

    messages.file("http/control.rs");
    messages.control(tenant, "PATCH", "/users", "").await;

    messages.file("http/control/clock.rs");
    messages.control(tenant, "POST", "/clock/advance", "{\"by\": \"soon\"}").await;
    let clock = format!("{}/_emulator/clock", running.url());
    let set = reqwest::Client::new().put(clock).body("{\"now\": \"2026-01-01T00:00:00Z\"}").send().await.unwrap();
    let set: Value = set.json().await.unwrap();
    messages.error(set["error"]["message"].as_str().unwrap());

    messages.file("http/control/fault.rs");
    messages.control(tenant, "DELETE", "/faults/x", "").await;

    messages.file("http/control/input.rs");
    messages.error(unreadable_body(tenant));
    messages.control(tenant, "POST", "/users", "").await;
    messages.control(tenant, "POST", "/users", "{\"users\": []} x").await;
    messages.control(tenant, "POST", "/users", "{\"users\": [{\"id\": \"ada\"}]}").await;
    messages.control(tenant, "POST", "/faults", "{\"fault\": {\"kind\": \"fire\"}}").await;
    messages.control(tenant, "GET", "/users/%FF", "").await;
    messages.control(tenant, "GET", "/users/ada", "").await;

    messages.file("http/control/token.rs");
    messages.control(tenant, "POST", "/tokens", "{}").await;

    messages.file("http/control/users.rs");
    messages.control(tenant, "GET", "/users?top=1001", "").await;
    messages.control(tenant, "GET", &format!("/users/{UNKNOWN_USER}"), "").await;

    messages.file("http/guard.rs");
    messages.request(tenant, "POST", "/reset", &[("host", "example.com")], "").await;
    messages.request(tenant, "POST", "/reset", &[("origin", "http://example.com")], "").await;

    messages.file("http/query.rs");
    messages.control(tenant, "GET", "/users?skip=-1", "").await;
    messages.control(tenant, "GET", "/users?tenant=contoso", "").await;
    messages.control(tenant, "GET", "/users?tenant=%FF", "").await;

    messages.file("main.rs");
    let folder = tempfile::tempdir().unwrap();
    let seed = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    for arguments in [
        &["--cloud", "moon"][..],
        &["--deliver", "everywhere"],
        &["--tenant", "contoso"],
        &["--time", "slow"],
        &["--time", "scaled=0"],
        &["--time", "stepped=noon"],
        &["--bind", "192.0.2.1", "--port", "0"],
        &["--port", "0", "--seed-file", "/nowhere.json"],
        &["--port", "0", "--seed-file", &seed("truncated.json", "[")],
        &["--port", "0", "--seed-file", &seed("users.json", "{\"users\": [{\"id\": 5}]}")],
        &["--port", "0", "--seed-file", &seed("snapshot.json", "{\"version\": 1}")],
        &["--port", "0", "--trust", "/nowhere.pem"],
        &["--port", "0", "--trust", &seed("roots.pem", "")],
    ] {
        messages.program(arguments, folder.path());
    }

    messages.file("notification_client.rs");
    messages.error(Emulator::builder().trust(b"not a certificate").unwrap_err());

    messages.file("operation.rs");
    messages.error("getMood".parse::<Operation>().unwrap_err());
    messages.error(serde_json::from_str::<Operation>("\"getMood\"").unwrap_err());

    messages.file("service.rs");
    messages.error(running.advance(std::time::Duration::from_secs(1)).unwrap_err());
    messages.error(emulator.remove_fault(9).unwrap_err());
    messages.error(emulator.approve("ABCD2345", guid(ADA)).unwrap_err());
    messages.error(emulator.decline("ABCD2345").unwrap_err());

    messages.file("snapshot.rs");
    let snapshot = emulator.snapshot();
    messages.error(emulator.restore("{}").unwrap_err());
    messages.error(emulator.restore(&snapshot.replace("\"version\":2", "\"version\":1")).unwrap_err());
    messages.error(emulator.restore(&snapshot.replace("\"now\":", "\"then\":")).unwrap_err());
    messages.error(emulator.restore(&snapshot.replace("\"tokenKey\":\"", "\"tokenKey\":\"*")).unwrap_err());

    let sources = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    assert_eq!(messages.files, files_with_errors(&sources), "a source file has no section");
    insta::assert_snapshot!(messages.text);
}
