//! As many connections as one machine makes to itself.

use std::fs;
use std::io::Write;
use std::net::TcpStream;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::binary::start;
use crate::tenant::ADA;

const CONNECTIONS: usize = 10_000;
/// What else either side may have open.
const OTHERS: usize = 200;
/// What one connection may cost the program.
const MOST_KIBIBYTES: usize = 32;

/// What the process occupies, where the system tells.
fn resident_kibibytes(process: u32) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[tokio::test]
async fn ten_thousand_who_never_end_their_request() {
    let (_, limit) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    if limit < (CONNECTIONS + OTHERS) as u64 {
        // Written past the test's captured output, so that it is seen.
        let skipped = format!("SKIPPED ten_thousand_who_never_end_their_request: a process may open {limit} files\n");
        std::io::stderr().write_all(skipped.as_bytes()).unwrap();
        return;
    }
    // The program inherits it, and each process holds one end.
    setrlimit(Resource::RLIMIT_NOFILE, limit, limit).unwrap();
    let running = start(&[]);
    let presence = format!("/v1.0/users/{ADA}/presence");
    let is_served = async || assert_eq!(running.get(&presence).await["activity"], "PresenceUnknown");
    is_served().await;
    let before = resident_kibibytes(running.id());
    let beginnings: [&[u8]; 4] = [
        b"",
        b"GET /v1.0/me/pre",
        b"GET /v1.0/me/presence HTTP/1.1\r\nhost: x\r\n",
        b"POST /v1.0/me/presence/setPresence HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{\"",
    ];
    let address = running.url().strip_prefix("http://").unwrap();
    let mut connections = Vec::new();
    for (number, beginning) in (1..=CONNECTIONS).zip(beginnings.iter().cycle()) {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(beginning).unwrap();
        connections.push(stream);
        // Who comes last is served: by then all before are let in.
        if number % 500 == 0 {
            is_served().await;
        }
    }
    if let Some((before, now)) = before.zip(resident_kibibytes(running.id())) {
        let cost = now.saturating_sub(before) / CONNECTIONS;
        assert!(cost <= MOST_KIBIBYTES, "{cost} KiB for each");
    }
    drop(connections);
    is_served().await;
    running.end("-TERM");
}
