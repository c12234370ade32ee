//! Reads the presences of 100,000 users, and measures the elapsed time on tokio's default runtime and on one thread.

use std::time::Instant;

use tokio::runtime::{Builder, Runtime};

use crate::case::{Case, Implementation};
use crate::client::CaseClient;
use crate::report::{Outcome, measurement, median};
use crate::server::Server;

pub(crate) fn measure(is_measured: bool) -> Outcome<()> {
    let server = Server::start()?;
    let (users, rounds) = if is_measured { (Case::Read100000.users(), 41) } else { (1000, 1) };
    let threads = Builder::new_multi_thread().enable_all().build()?;
    compare("many/default_runtime", &threads, &server.url, users, rounds)?;
    let one_thread = Builder::new_current_thread().enable_all().build()?;
    compare("many/one_thread", &one_thread, &server.url, users, rounds)
}

fn compare(name: &str, runtime: &Runtime, url: &str, users: usize, rounds: usize) -> Outcome<()> {
    let client = |implementation| CaseClient::new(Case::Read100000, implementation, url, users);
    let (ours, hand_written) = (client(Implementation::Ours)?, client(Implementation::HandWritten)?);
    let mut times = Vec::new();
    // They take turns, so that what changes on the machine changes for both.
    for round in 0..rounds {
        times.push(if round % 2 == 0 {
            let ours = read(runtime, &ours)?;
            (ours, read(runtime, &hand_written)?)
        } else {
            let hand_written = read(runtime, &hand_written)?;
            (read(runtime, &ours)?, hand_written)
        });
    }
    let median = |value: fn(&(f64, f64)) -> f64| median(times.iter().map(value).collect());
    measurement(&format!("{name}/ours"), median(|(ours, _)| *ours), "ms");
    measurement(&format!("{name}/hand_written"), median(|(_, hand_written)| *hand_written), "ms");
    measurement(&format!("{name}/ratio"), median(|(ours, hand_written)| ours / hand_written), "ratio");
    Ok(())
}

/// Returns the milliseconds of one read.
fn read(runtime: &Runtime, client: &CaseClient) -> Outcome<f64> {
    let start = Instant::now();
    runtime.block_on(client.repeat(Case::Read100000, 1))?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}
