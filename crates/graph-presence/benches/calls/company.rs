//! A whole company read over loopback from the emulator, by the clock on the wall; and a million users's memory.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use graph_presence::presences::GetPresences;
use graph_presence::{AccessToken, Client, Quota, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid};
use tokio::runtime::Builder;

use crate::APPLICATION;
use crate::by_hand::ByHand;
use crate::measure::{Outcome, is_measured, median, verdict};

const PEOPLE: usize = 100_000;
const CALLS_AT_ONCE: usize = 4;
const PROMISE: f64 = 1.15;
const MOST_MEGABYTES: f64 = 150.0;

/// Prints a line for each of them; `false` when a promise was not kept.
pub(crate) fn compare() -> Outcome<bool> {
    let threads = Builder::new_multi_thread().enable_all().build()?;
    let one_thread = Builder::new_current_thread().enable_all().build()?;
    let users = if is_measured() { PEOPLE } else { 1000 };
    // First, while the emulator knows nobody, so that the memory is the client's.
    let streamed = threads.block_on(stream_many(users * 10))?;
    let kept = threads.block_on(read_many(users, ""))?;
    let kept_on_one = one_thread.block_on(read_many(users, ", one thread"))?;
    Ok(kept && kept_on_one && streamed)
}

async fn start() -> Outcome<(Emulator, Client, ByHand)> {
    let emulator = Emulator::start().await?;
    let token = emulator.token(Caller::application(Guid::parse(APPLICATION)?));
    let ours = Client::builder(AccessToken::new(&token))
        .base_url(emulator.url())
        // It is kept, and never reached.
        .quota(Quota::new(1_000_000, Duration::from_secs(1))?)
        .build()?;
    let by_hand = ByHand::new(emulator.url(), &token)?;
    Ok((emulator, ours, by_hand))
}

async fn read_many(users: usize, what: &str) -> Outcome<bool> {
    let (emulator, ours, by_hand) = start().await?;
    let rounds = if is_measured() { 41 } else { 1 };
    for number in 0..users {
        emulator.sign_in(Guid::parse(&guid(number))?, "Busy", "InAMeeting");
    }
    let names: Vec<String> = (0..users).map(guid).collect();
    let ids = names.iter().map(|id| UserId::parse(id)).collect::<Result<Vec<_>, _>>()?;
    let mut times = Vec::new();
    // They take turns, so that what changes on the machine changes for both.
    for round in 0..rounds {
        times.push(if round % 2 == 0 {
            let ours = read(&ours, ids.clone()).await?;
            (ours, read_by_hand(&by_hand, &names).await?)
        } else {
            let by_hand = read_by_hand(&by_hand, &names).await?;
            (read(&ours, ids.clone()).await?, by_hand)
        });
    }
    let middle = |value: fn(&(f64, f64)) -> f64| median(times.iter().map(value).collect());
    let ratio = middle(|(ours, by_hand)| ours / by_hand);
    let (kept, verdict) = verdict(ratio, Some(PROMISE));
    println!(
        "{:30}{:>9.2} ms{:>11.2} ms{:>8}{ratio:>14.3}{verdict}",
        format!("read {users} users{what}"),
        middle(|(ours, _)| *ours) * 1e3,
        middle(|(_, by_hand)| *by_hand) * 1e3,
        "",
    );
    Ok(kept)
}

async fn read(client: &Client, ids: Vec<UserId>) -> Outcome<f64> {
    let (start, users) = (Instant::now(), ids.len());
    let presences = client.presences(ids).concurrency(CALLS_AT_ONCE).send().await?.complete()?;
    assert_eq!(black_box(presences).len(), users);
    Ok(start.elapsed().as_secs_f64())
}

async fn read_by_hand(client: &ByHand, ids: &[String]) -> Outcome<f64> {
    let start = Instant::now();
    let answers = stream::iter(ids.chunks(GetPresences::MAX_IDS).map(|some| client.get_many(some)));
    let presences: Vec<_> = answers.buffer_unordered(CALLS_AT_ONCE).try_concat().await?;
    assert_eq!(black_box(presences).len(), ids.len());
    Ok(start.elapsed().as_secs_f64())
}

/// Streams so many users, and looks at the most memory that the process ever had.
async fn stream_many(users: usize) -> Outcome<bool> {
    let (_emulator, client, _) = start().await?;
    let start = Instant::now();
    let ids = (0..users).filter_map(|number| UserId::parse(&guid(number)).ok());
    let mut stream = client.presences(ids).concurrency(CALLS_AT_ONCE).stream();
    let mut answered = 0;
    while let Some(chunk) = stream.next().await {
        answered += chunk.result?.len();
    }
    assert_eq!(answered, users);
    let Some(megabytes) = most_memory() else { return Ok(true) };
    let kept = megabytes <= MOST_MEGABYTES;
    let verdict = if kept { "" } else { "NOT KEPT: " };
    let took = start.elapsed().as_secs_f64();
    println!("stream {users} users: {megabytes:.0} MB, {took:.1} s  ({verdict}at most {MOST_MEGABYTES} MB)");
    Ok(kept)
}

fn guid(number: usize) -> String {
    format!("{number:08x}-eca7-46b7-bad1-db199b62afc3")
}

/// Of this process, in megabytes, where the system tells.
fn most_memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes / 1e3)
}
