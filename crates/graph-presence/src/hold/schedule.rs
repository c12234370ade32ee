//! What is held and when it is due: arithmetic, without waiting.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{oneshot, watch};

use super::HoldStatus;
use crate::error::{Error, Result};
use crate::id::{SessionId, UserId};
use crate::person::Path;
use crate::retry::RetryPolicy;
use crate::session::{Expiration, SessionState};

/// A renewal is due so long after the last, and up to [`SPREAD`] later. The service lets Available fade after 5 minutes:
/// what is left is for waiting, for the quota and for failures.
const RENEWAL: Duration = Duration::from_mins(4);
/// So that what was started at once does not stay so.
const SPREAD: Duration = Duration::from_secs(20);
/// So many failures in a row, whoever's they are, are the service's own: one attempt at a time finds out when they end.
const STORM: u32 = 8;

/// What is held, and of whom.
#[derive(Clone, Debug)]
pub(crate) struct Holding {
    pub(crate) path: Path,
    pub(crate) session: SessionId,
    pub(crate) state: SessionState,
    pub(crate) expiration: Expiration,
}

/// A request that is due.
#[derive(Debug)]
pub(super) struct Renewal {
    pub(super) number: u64,
    pub(super) holding: Holding,
    /// When it was begun.
    began: Duration,
}

/// The time, in its two kinds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) elapsed: Duration,
    pub(super) instant: Timestamp,
}

#[derive(Debug)]
struct Entry {
    holding: Holding,
    status: watch::Sender<HoldStatus>,
    turn: Turn,
    /// In a row, and when the first of them was.
    failures: u32,
    since: Option<Timestamp>,
}

/// Where an entry is between two renewals.
#[derive(Debug)]
enum Turn {
    Due(Duration),
    /// A renewal is under way.
    Busy,
    /// As before, and nothing is to follow. Whoever waits for that is told.
    Last(oneshot::Sender<()>),
    /// Nothing is to follow.
    Over,
}

#[derive(Debug, Default)]
pub(super) struct Schedule {
    entries: BTreeMap<u64, Entry>,
    /// By the time at which they are due: the same as in the entries.
    due: BTreeSet<(Duration, u64)>,
    /// Of whom something is held; `None` for the person of the token.
    held: BTreeSet<Option<UserId>>,
    last_number: u64,
    under_way: usize,
    weather: Weather,
}

impl Schedule {
    /// Takes on another person, whose state is due at once.
    pub(super) fn add(&mut self, holding: Holding) -> Result<(u64, watch::Receiver<HoldStatus>)> {
        if !self.held.insert(holding.path.person().cloned()) {
            let rule = "one hold at a time: change its state, or release it first";
            return Err(Error::invalid_unprinted("hold", "a second one of the same person", rule));
        }
        self.last_number += 1;
        let (status, receiver) = watch::channel(HoldStatus::Setting);
        let turn = Turn::Due(Duration::ZERO);
        self.due.insert((Duration::ZERO, self.last_number));
        self.entries.insert(self.last_number, Entry { holding, status, turn, failures: 0, since: None });
        Ok((self.last_number, receiver))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Wants another state from now on, ahead of all renewals.
    pub(super) fn change(&mut self, number: u64, state: SessionState) {
        let Some(entry) = self.entries.get_mut(&number) else { return };
        if entry.holding.state == state {
            return;
        }
        entry.holding.state = state;
        if entry.failures == 0 {
            entry.status.send_replace(HoldStatus::Setting);
        }
        if let Turn::Due(due) = entry.turn {
            self.due.remove(&(due, number));
            self.due.insert((Duration::ZERO, number));
            entry.turn = Turn::Due(Duration::ZERO);
        }
    }

    /// Renews no more. Where a renewal is under way, what comes back tells when it is not any more.
    pub(super) fn quiet(&mut self, number: u64) -> Option<oneshot::Receiver<()>> {
        let entry = self.entries.get_mut(&number)?;
        match entry.turn {
            Turn::Due(due) => {
                self.due.remove(&(due, number));
                entry.turn = Turn::Over;
                None
            }
            Turn::Busy => {
                let (ended, end) = oneshot::channel();
                entry.turn = Turn::Last(ended);
                Some(end)
            }
            Turn::Last(_) | Turn::Over => None,
        }
    }

    pub(super) fn forget(&mut self, number: u64) {
        let Some(entry) = self.entries.remove(&number) else { return };
        self.held.remove(&entry.holding.path.person().cloned());
        if let Turn::Due(due) = entry.turn {
            self.due.remove(&(due, number));
        }
    }

    /// Gives everything up: there is nothing left that could renew it.
    pub(super) fn lose(&mut self, at: Timestamp) {
        let error = Arc::new(Error::connection("the runtime that renewed it was shut down".into()));
        // Numbers are never given twice.
        let lost = std::mem::replace(self, Self { last_number: self.last_number, ..Self::default() });
        for entry in lost.entries.into_values() {
            entry.status.send_replace(HoldStatus::Lost { at, error: error.clone() });
        }
    }

    /// Makes everything due: more time has passed than was noticed.
    pub(super) fn hurry(&mut self) {
        for (_, number) in std::mem::take(&mut self.due) {
            if let Some(entry) = self.entries.get_mut(&number) {
                entry.turn = Turn::Due(Duration::ZERO);
                self.due.insert((Duration::ZERO, number));
            }
        }
    }

    /// The renewal that is to begin now, if there is one.
    pub(super) fn begin(&mut self, now: Duration) -> Option<Renewal> {
        if !self.weather.allows(now, self.under_way) {
            return None;
        }
        let &(due, number) = self.due.first().filter(|(due, _)| *due <= now)?;
        self.due.remove(&(due, number));
        let entry = self.entries.get_mut(&number)?;
        entry.turn = Turn::Busy;
        self.under_way += 1;
        Some(Renewal { number, holding: entry.holding.clone(), began: now })
    }

    /// When the next renewal can begin, as far as is known.
    pub(super) fn next(&self) -> Option<Duration> {
        self.due.first().map(|(due, _)| (*due).max(self.weather.until))
    }

    /// Takes note of how a renewal ended. `chance` is at least 0 and less than 1.
    pub(super) fn end(&mut self, renewal: &Renewal, outcome: Result<()>, now: Now, policy: &RetryPolicy, chance: f64) {
        self.under_way = self.under_way.saturating_sub(1);
        let retry_after = outcome.as_ref().err().and_then(Error::retry_after);
        match &outcome {
            Ok(()) => self.weather.clears(),
            Err(error) if error.may_pass() => self.weather.fails(now.elapsed, retry_after, policy, chance),
            Err(_) => {}
        }
        let Some(entry) = self.entries.get_mut(&renewal.number) else { return };
        let turn = std::mem::replace(&mut entry.turn, Turn::Over);
        // Another state came up meanwhile: it has not been tried.
        let stale = entry.holding.state != renewal.holding.state;
        let (status, due) = match outcome {
            Ok(()) => {
                entry.failures = 0;
                entry.since = None;
                let status = HoldStatus::Held { state: renewal.holding.state, at: now.instant };
                (status, renewal.began + RENEWAL + SPREAD.mul_f64(chance))
            }
            Err(error) if error.may_pass() || stale => {
                entry.failures = entry.failures.saturating_add(1);
                let since = *entry.since.get_or_insert(now.instant);
                let wait = policy.wait(entry.failures, retry_after, chance);
                (HoldStatus::Retrying { since, error: Arc::new(error) }, now.elapsed.saturating_add(wait))
            }
            Err(error) => {
                entry.status.send_replace(HoldStatus::Lost { at: now.instant, error: Arc::new(error) });
                self.forget(renewal.number);
                return;
            }
        };
        if let Turn::Last(ended) = turn {
            // Who waited for it may have gone.
            let _ = ended.send(());
            return;
        }
        let due = if stale { Duration::ZERO } else { due };
        entry.status.send_replace(if stale && entry.failures == 0 { HoldStatus::Setting } else { status });
        entry.turn = Turn::Due(due);
        self.due.insert((due, renewal.number));
    }
}

/// How the service fares, by all attempts together.
#[derive(Debug, Default)]
struct Weather {
    /// In a row.
    failures: u32,
    /// Pauses in a row.
    pauses: u32,
    /// Nothing is sent before.
    until: Duration,
}

impl Weather {
    /// In a storm there is one attempt at a time.
    fn allows(&self, now: Duration, under_way: usize) -> bool {
        now >= self.until && (self.failures < STORM || under_way == 0)
    }

    fn clears(&mut self) {
        self.failures = 0;
        self.pauses = 0;
    }

    /// What was under way when a pause began does not make it longer, unless the service says so.
    fn fails(&mut self, now: Duration, retry_after: Option<Duration>, policy: &RetryPolicy, chance: f64) {
        self.failures = self.failures.saturating_add(1);
        let begins = self.failures >= STORM && now >= self.until;
        if begins {
            self.pauses = self.pauses.saturating_add(1);
        }
        if begins || retry_after.is_some() {
            let wait = policy.wait(self.pauses, retry_after, chance);
            self.until = self.until.max(now.saturating_add(wait));
        }
    }
}
