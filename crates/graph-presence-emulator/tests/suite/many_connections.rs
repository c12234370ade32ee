//! Thousands of open connections to one emulator.

use std::fs;
use std::io::Write;
use std::net::TcpStream;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::binary::start;
use crate::tenant::ADA;

const CONNECTIONS: usize = 10_000;
/// Allowance for the other file descriptors of each process.
const OTHER_FILES: usize = 200;
/// Limit of the memory that the emulator may use for each connection.
const MAX_KIBIBYTES: usize = 32;

/// Returns the resident memory of a process, or `None` on systems without `/proc`.
fn resident_kibibytes(process: u32) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[tokio::test]
async fn ten_thousand_incomplete_requests_do_not_block_others() {
    let (_, limit) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    if limit < (CONNECTIONS + OTHER_FILES) as u64 {
        // Written to the real stderr, because the output of a passing test is captured.
        let skipped = format!(
            "SKIPPED ten_thousand_incomplete_requests_do_not_block_others: the limit of open files is {limit}\n"
        );
        std::io::stderr().write_all(skipped.as_bytes()).unwrap();
        return;
    }
    // Raises the limit before the emulator is started, because its process inherits it: each of the two processes has
    // one end of every connection.
    setrlimit(Resource::RLIMIT_NOFILE, limit, limit).unwrap();
    let running = start(&[]);
    let presence = format!("/v1.0/users/{ADA}/presence");
    let assert_served = async || assert_eq!(running.get(&presence).await["activity"], "PresenceUnknown");
    assert_served().await;
    let before = resident_kibibytes(running.id());
    let incomplete_requests: [&[u8]; 4] = [
        b"",
        b"GET /v1.0/me/pre",
        b"GET /v1.0/me/presence HTTP/1.1\r\nhost: x\r\n",
        b"POST /v1.0/me/presence/setPresence HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{\"",
    ];
    let address = running.url().strip_prefix("http://").unwrap();
    let mut connections = Vec::new();
    for (number, request) in (1..=CONNECTIONS).zip(incomplete_requests.iter().cycle()) {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request).unwrap();
        connections.push(stream);
        // Connections are accepted in order: when this request is served, all earlier ones have been accepted.
        if number % 500 == 0 {
            assert_served().await;
        }
    }
    if let Some((before, now)) = before.zip(resident_kibibytes(running.id())) {
        let cost = now.saturating_sub(before) / CONNECTIONS;
        assert!(cost <= MAX_KIBIBYTES, "{cost} KiB per connection");
    }
    drop(connections);
    assert_served().await;
    running.stop("-TERM");
}
