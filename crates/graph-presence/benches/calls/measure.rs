//! Two ways to do the same, measured side by side: what they cost this thread.
//!
//! The time is the processor's, of the thread that calls: the server has a thread of its own, and other programs on the
//! machine do not count. Both ways take turns, so that what changes on the machine changes for both.

use std::error::Error;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// What both ways took, row by row.
pub(crate) struct Table {
    rounds: usize,
    kept: bool,
}

impl Table {
    /// Measures when cargo runs benchmarks; when it runs tests, tries only whether everything works.
    pub(crate) fn new() -> Self {
        let rounds = if is_measured() { 101 } else { 1 };
        let head = ["processor time of a call", "graph-presence", "by hand", "ratio", "wall ratio"];
        let [name, ours, by_hand, ratio, wall] = head;
        println!("{name:28}{ours:>14}{by_hand:>14}{ratio:>8}{wall:>14}");
        Self { rounds, kept: true }
    }

    /// Adds a row; `promise` is the largest ratio that we promise.
    pub(crate) async fn compare(
        &mut self,
        name: &str,
        calls: u32,
        promise: Option<f64>,
        ours: impl AsyncFn() -> Outcome<()>,
        by_hand: impl AsyncFn() -> Outcome<()>,
    ) -> Outcome<()> {
        let mut rounds = Vec::with_capacity(self.rounds);
        // The first round opens the connections and fills the caches.
        for number in 0..=self.rounds {
            let round = if number % 2 == 0 {
                let ours = Cost::of(calls, &ours).await?;
                (ours, Cost::of(calls, &by_hand).await?)
            } else {
                let by_hand = Cost::of(calls, &by_hand).await?;
                (Cost::of(calls, &ours).await?, by_hand)
            };
            if number > 0 {
                rounds.push(round);
            }
        }
        let middle = |value: fn(&(Cost, Cost)) -> f64| median(rounds.iter().map(value).collect());
        let ratio = middle(|(ours, by_hand)| ours.processor / by_hand.processor);
        let (kept, verdict) = verdict(ratio, promise);
        self.kept &= kept;
        println!(
            "{name:28}{:>11.2} µs{:>11.2} µs{ratio:>8.3}{:>14.3}{verdict}",
            middle(|(ours, _)| ours.processor),
            middle(|(_, by_hand)| by_hand.processor),
            middle(|(ours, by_hand)| ours.wall / by_hand.wall),
        );
        Ok(())
    }

    /// Whether all promises were kept.
    pub(crate) fn kept(&self) -> bool {
        self.kept
    }
}

/// Whether cargo runs benchmarks, and not tests.
pub(crate) fn is_measured() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// Whether the promise was kept, and what to say of it.
pub(crate) fn verdict(ratio: f64, promise: Option<f64>) -> (bool, String) {
    match promise.filter(|_| is_measured()) {
        None => (true, String::new()),
        Some(most) if ratio <= most => (true, format!("  (at most {most})")),
        Some(most) => (false, format!("  NOT KEPT: at most {most}")),
    }
}

/// Of one call, in microseconds.
struct Cost {
    processor: f64,
    wall: f64,
}

impl Cost {
    async fn of(calls: u32, call: &impl AsyncFn() -> Outcome<()>) -> Outcome<Self> {
        let (wall, processor) = (Instant::now(), ThreadTime::now());
        for _ in 0..calls {
            call().await?;
            // The connection goes back to the pool, as it does where calls do not chase each other.
            tokio::task::yield_now().await;
        }
        let each = |taken: Duration| taken.as_secs_f64() * 1e6 / f64::from(calls);
        Ok(Self { processor: each(processor.elapsed()), wall: each(wall.elapsed()) })
    }
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
