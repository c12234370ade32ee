//! Streams the presences of a million users: the peak memory of the client's process, and the elapsed seconds.

use std::fs;
use std::time::Instant;

use graph_presence::UserId;
use tokio::runtime::Builder;

use crate::client::{ours, user_id};
use crate::report::{Outcome, measurement, skipped};
use crate::server::Server;

pub(crate) fn measure(is_measured: bool) -> Outcome<()> {
    let server = Server::start()?;
    let users = if is_measured { 1_000_000 } else { 10_000 };
    let start = Instant::now();
    Builder::new_multi_thread().enable_all().build()?.block_on(stream(&server.url, users))?;
    measurement("memory/stream_1000000/seconds", start.elapsed().as_secs_f64(), "s");
    match peak_megabytes() {
        Some(megabytes) => measurement("memory/stream_1000000/peak", megabytes, "MB"),
        None => skipped("memory/stream_1000000/peak", "the system has no /proc/self/status"),
    }
    Ok(())
}

async fn stream(url: &str, users: usize) -> Outcome<()> {
    let client = ours(&format!("{url}/typical"))?;
    let ids = (0..users).filter_map(|number| UserId::parse(&user_id(number)).ok());
    let mut stream = client.presences(ids).concurrency(4).stream();
    let mut received = 0;
    while let Some(chunk) = stream.next().await {
        received += chunk.result?.len();
    }
    assert_eq!(received, users);
    Ok(())
}

/// Returns the peak memory of this process.
fn peak_megabytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}
