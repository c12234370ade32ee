//! Seconds per call: the processor time of the calling thread, and the elapsed time.
//!
//! Both implementations take turns in one process, so that changes of the machine's load affect both.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use tokio::runtime::Builder;

use crate::case::{Case, Implementation};
use crate::client::CaseClient;
use crate::report::{Outcome, measurement, median};

pub(crate) fn measure(url: &str, is_measured: bool) -> Outcome<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    for case in Case::ALL {
        let rounds = match (is_measured, case) {
            (false, _) => 1,
            (true, Case::Read100000) => 21,
            (true, _) => 101,
        };
        runtime.block_on(compare(case, url, rounds))?;
    }
    Ok(())
}

async fn compare(case: Case, url: &str, count: usize) -> Outcome<()> {
    let users = case.users();
    let ours = CaseClient::new(case, Implementation::Ours, url, users)?;
    let hand_written = CaseClient::new(case, Implementation::HandWritten, url, users)?;
    let mut rounds = Vec::with_capacity(count);
    // The first round opens the connections and fills the caches.
    for number in 0..=count {
        let round = if number % 2 == 0 {
            let ours = Cost::of(&ours, case).await?;
            (ours, Cost::of(&hand_written, case).await?)
        } else {
            let hand_written = Cost::of(&hand_written, case).await?;
            (Cost::of(&ours, case).await?, hand_written)
        };
        if number > 0 {
            rounds.push(round);
        }
    }
    let median = |value: fn(&(Cost, Cost)) -> f64| median(rounds.iter().map(value).collect());
    let report = |what: &str, value, unit| measurement(&format!("calls/{}/{what}", case.name()), value, unit);
    report("processor/ours", median(|(ours, _)| ours.processor), "µs");
    report("processor/hand_written", median(|(_, hand_written)| hand_written.processor), "µs");
    report("processor/ratio", median(|(ours, hand_written)| ours.processor / hand_written.processor), "ratio");
    report("wall/ratio", median(|(ours, hand_written)| ours.wall / hand_written.wall), "ratio");
    Ok(())
}

/// Of one call, in microseconds.
struct Cost {
    processor: f64,
    wall: f64,
}

impl Cost {
    async fn of(client: &CaseClient, case: Case) -> Outcome<Self> {
        let calls = case.timed_calls();
        let (wall, processor) = (Instant::now(), ThreadTime::now());
        client.repeat(case, calls).await?;
        let each = |taken: Duration| taken.as_secs_f64() * 1e6 / f64::from(calls);
        Ok(Self { processor: each(processor.elapsed()), wall: each(wall.elapsed()) })
    }
}
