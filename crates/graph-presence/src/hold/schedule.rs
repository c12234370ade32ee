//! What is held and when it is due: arithmetic, without waiting.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{oneshot, watch};

use super::HoldStatus;
use crate::error::{Error, Result};
use crate::id::{SessionId, UserId};
use crate::operation::SET_SESSION;
use crate::person::Path;
use crate::retry::RetryPolicy;
use crate::session::{Expiration, SessionState};

/// A renewal is due so long after the last, and up to [`SPREAD`] later. The service lets Available fade after 5 minutes:
/// what is left is for waiting, for the quota and for failures.
const RENEWAL: Duration = Duration::from_mins(4);
/// So that what was started at once does not stay so.
const SPREAD: Duration = Duration::from_secs(20);
/// So many people in a row who fail for the first time are the service's own fault: few attempts at a time find out when
/// it ends.
const STORM: u32 = 8;
/// Attempts at a time in a storm: more than one, because one may never be answered.
const PROBES: usize = 2;
/// Also by chance no failure is followed by an attempt at once.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);
/// Whatever the service asks for: what is held must not be forgotten.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// What is held, and of whom.
#[derive(Clone, Debug)]
pub(crate) struct Holding {
    pub(crate) path: Path,
    pub(crate) session: SessionId,
    pub(crate) state: SessionState,
    pub(crate) expiration: Expiration,
}

impl Holding {
    /// `None` for the person of the token.
    fn person(&self) -> Option<UserId> {
        self.path.person().copied()
    }
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

/// Whether a hold may end its person's session.
pub(super) enum Quiet {
    Now,
    /// As soon as this comes.
    After(oneshot::Receiver<()>),
    /// The session is another hold's by now.
    Never,
}

#[derive(Debug)]
struct Entry {
    holding: Holding,
    status: watch::Sender<HoldStatus>,
    turn: Turn,
    /// In a row.
    failures: u32,
    /// Since when it is not as it should be.
    since: Option<Timestamp>,
}

/// Where an entry is between two renewals.
#[derive(Debug)]
enum Turn {
    Due(Rank, Duration),
    /// A renewal of an earlier hold of the person is under way, and must not arrive later.
    Behind,
    /// A renewal is under way.
    Busy,
    /// As before, and nothing is to follow. Whoever waits for that is told.
    Last(oneshot::Sender<()>),
    /// Nothing is to follow, and the person is not free yet.
    Over,
    /// Nothing is to follow, and somebody else may hold the person.
    Lost,
}

impl Turn {
    fn needs_work(&self) -> bool {
        !matches!(self, Self::Over | Self::Lost)
    }
}

/// What goes first of what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Change,
    Start,
    Renewal,
}

#[derive(Debug, Default)]
pub(super) struct Schedule {
    entries: BTreeMap<u64, Entry>,
    /// The same as in the entries. Changes and starts are due at once.
    due: BTreeSet<(Rank, Duration, u64)>,
    /// Who holds a person.
    held: BTreeMap<Option<UserId>, u64>,
    /// Who held a person, and still has a renewal under way.
    leaving: BTreeSet<Option<UserId>>,
    last_number: u64,
    /// Entries that need work.
    working: usize,
    weather: Weather,
}

impl Schedule {
    /// Takes on another person, whose state is due at once.
    pub(super) fn add(&mut self, holding: Holding, now: Duration) -> Result<(u64, watch::Receiver<HoldStatus>)> {
        let person = holding.person();
        if self.held.contains_key(&person) {
            let rule = "one hold at a time: change its state, or release it first";
            return Err(Error::invalid_unprinted("hold", "a second one of the same person", rule));
        }
        self.last_number += 1;
        let number = self.last_number;
        let (status, receiver) = watch::channel(HoldStatus::Setting);
        self.entries.insert(number, Entry { holding, status, turn: Turn::Over, failures: 0, since: None });
        let is_behind = self.leaving.contains(&person);
        self.take_turn(number, if is_behind { Turn::Behind } else { Turn::Due(Rank::Start, now) });
        self.held.insert(person, number);
        Ok((number, receiver))
    }

    /// Whether there is nothing to do before somebody asks for it. What is under way then is given up.
    pub(super) fn rests(&mut self) -> bool {
        if self.working == 0 {
            self.leaving.clear();
        }
        self.working == 0
    }

    /// Wants another state from now on, ahead of all others.
    pub(super) fn change(&mut self, number: u64, state: SessionState, now: Duration) {
        let Some(entry) = self.entries.get_mut(&number) else { return };
        if entry.holding.state == state {
            return;
        }
        entry.holding.state = state;
        if entry.since.is_none() && entry.turn.needs_work() {
            entry.status.send_replace(HoldStatus::Setting);
        }
        if let Turn::Due(..) = entry.turn {
            self.take_turn(number, Turn::Due(Rank::Change, now));
        }
    }

    /// Renews no more.
    pub(super) fn quiet(&mut self, number: u64) -> Quiet {
        let Some(entry) = self.entries.get(&number) else { return Quiet::Never };
        match entry.turn {
            Turn::Due(..) => {
                self.take_turn(number, Turn::Over);
                Quiet::Now
            }
            Turn::Behind | Turn::Busy => {
                let (ended, end) = oneshot::channel();
                self.take_turn(number, Turn::Last(ended));
                Quiet::After(end)
            }
            Turn::Last(_) | Turn::Over => Quiet::Now,
            Turn::Lost => {
                let person = entry.holding.person();
                if self.held.contains_key(&person) {
                    return Quiet::Never;
                }
                self.held.insert(person, number);
                self.take_turn(number, Turn::Over);
                Quiet::Now
            }
        }
    }

    pub(super) fn forget(&mut self, number: u64) {
        let turn = self.take_turn(number, Turn::Over);
        let Some(entry) = self.entries.remove(&number) else { return };
        let person = entry.holding.person();
        if self.held.get(&person) == Some(&number) {
            self.held.remove(&person);
        }
        if let Some(Turn::Busy | Turn::Last(_)) = turn {
            self.leaving.insert(person);
        }
    }

    /// Gives everything up: there is nothing left that could renew it.
    pub(super) fn lose(&mut self, at: Timestamp) {
        let reason = "the task that renewed it has ended, as it does with its runtime";
        let error = Arc::new(Error::connection(reason.into()).during(&SET_SESSION));
        for entry in self.entries.values_mut().filter(|entry| entry.turn.needs_work()) {
            // Who waits for the end of a renewal is told by the sender that goes.
            entry.turn = Turn::Lost;
            entry.status.send_replace(HoldStatus::Lost { at, error: error.clone() });
        }
        self.due.clear();
        self.held.clear();
        self.leaving.clear();
        self.working = 0;
        self.weather = Weather::default();
    }

    /// Makes everything due: more time has passed than was noticed.
    pub(super) fn hurry(&mut self, now: Duration) {
        for (rank, at, number) in std::mem::take(&mut self.due) {
            if let Some(entry) = self.entries.get_mut(&number) {
                let at = at.min(now);
                entry.turn = Turn::Due(rank, at);
                self.due.insert((rank, at, number));
            }
        }
    }

    /// The renewal that is to begin now, if there is one. In a storm, who has not failed yet is asked first.
    pub(super) fn begin(&mut self, now: Duration, under_way: usize) -> Option<Renewal> {
        if !self.weather.allows(now, under_way) {
            return None;
        }
        let &(.., first) = self.due.first().filter(|(_, at, _)| *at <= now)?;
        let has_failed = |number: &u64| self.entries.get(number).is_some_and(|entry| entry.failures > 0);
        let number = if self.weather.storms() && has_failed(&first) {
            let mut due = self.due.iter().filter(|(_, at, _)| *at <= now).map(|(.., number)| *number);
            due.find(|number| !has_failed(number)).unwrap_or(first)
        } else {
            first
        };
        self.take_turn(number, Turn::Busy);
        let holding = self.entries.get(&number)?.holding.clone();
        Some(Renewal { number, holding, began: now })
    }

    /// When the next renewal can begin, as far as is known.
    pub(super) fn next(&self) -> Option<Duration> {
        self.due.first().map(|(_, at, _)| (*at).max(self.weather.until))
    }

    /// Takes note of how a renewal ended. `chance` is at least 0 and less than 1.
    pub(super) fn end(&mut self, renewal: &Renewal, outcome: Result<()>, now: Now, policy: &RetryPolicy, chance: f64) {
        let number = renewal.number;
        let asked = outcome.as_ref().err().and_then(Error::retry_after).map(|asked| asked.min(LONGEST_WAIT));
        let wait = |failures, asked| policy.wait(failures, asked, chance).max(SHORTEST_WAIT);
        match &outcome {
            Ok(()) => self.weather.clears(),
            Err(error) if error.may_pass() => {
                let is_first = self.entries.get(&number).is_none_or(|entry| entry.failures == 0);
                if is_first || self.weather.storms() {
                    self.weather.fails(now.elapsed, |pauses| wait(pauses, None));
                }
                // It is the application that is throttled, and not the person.
                if let Some(asked) = asked.filter(|_| error.is_throttled()) {
                    self.weather.pause(now.elapsed.saturating_add(wait(1, Some(asked))));
                }
            }
            Err(_) => {}
        }
        let Some(entry) = self.entries.get_mut(&number) else {
            self.let_through(&renewal.holding.person(), now.elapsed);
            return;
        };
        // Another state came up meanwhile: it has not been tried.
        let is_stale = entry.holding.state != renewal.holding.state;
        let (status, due) = match outcome {
            Ok(()) => {
                entry.failures = 0;
                entry.since = None;
                let held = HoldStatus::Held { state: renewal.holding.state, at: now.instant };
                let due = renewal.began.saturating_add(RENEWAL + SPREAD.mul_f64(chance));
                (if is_stale { HoldStatus::Setting } else { held }, due)
            }
            Err(error) if error.may_pass() || is_stale => {
                entry.failures = entry.failures.saturating_add(1);
                let since = *entry.since.get_or_insert(now.instant);
                let due = now.elapsed.saturating_add(wait(entry.failures, asked));
                (HoldStatus::Retrying { since, error: Arc::new(error) }, due)
            }
            Err(error) => {
                entry.status.send_replace(HoldStatus::Lost { at: now.instant, error: Arc::new(error) });
                if let Turn::Last(_) = entry.turn {
                    self.over(number);
                } else {
                    self.take_turn(number, Turn::Lost);
                    self.held.remove(&renewal.holding.person());
                }
                return;
            }
        };
        let failure = match &status {
            HoldStatus::Retrying { error, .. } => Some(error.clone()),
            _ => None,
        };
        entry.status.send_replace(status);
        let next = if is_stale { Turn::Due(Rank::Change, now.elapsed) } else { Turn::Due(Rank::Renewal, due) };
        if let Turn::Last(_) = entry.turn {
            self.over(number);
        } else {
            self.take_turn(number, next);
        }
        if let Some(error) = failure.filter(|_| self.weather.storms()) {
            self.tell_overdue(&error, now);
        }
    }

    /// In a storm most are not tried at all: what keeps the others from being renewed keeps them too.
    fn tell_overdue(&mut self, error: &Arc<Error>, now: Now) {
        for (_, at, number) in &self.due {
            let Some(entry) = self.entries.get_mut(number) else { continue };
            if *at <= now.elapsed && entry.since.is_none() {
                entry.since = Some(now.instant);
                entry.status.send_replace(HoldStatus::Retrying { since: now.instant, error: error.clone() });
            }
        }
    }

    /// The last renewal of an earlier hold has ended: the next hold of the person may begin.
    fn let_through(&mut self, person: &Option<UserId>, now: Duration) {
        self.leaving.remove(person);
        let Some(next) = self.held.get(person).copied() else { return };
        match self.entries.get(&next).map(|entry| &entry.turn) {
            Some(Turn::Behind) => {
                self.take_turn(next, Turn::Due(Rank::Start, now));
            }
            Some(Turn::Last(_)) => self.over(next),
            _ => {}
        }
    }

    /// Nothing more follows; who waited for that is told.
    fn over(&mut self, number: u64) {
        if let Some(Turn::Last(ended)) = self.take_turn(number, Turn::Over) {
            // Who waited for it may have gone.
            let _ = ended.send(());
        }
    }

    /// The one place where turns change; gives back the turn before.
    fn take_turn(&mut self, number: u64, turn: Turn) -> Option<Turn> {
        let entry = self.entries.get_mut(&number)?;
        let before = std::mem::replace(&mut entry.turn, turn);
        if let Turn::Due(rank, at) = before {
            self.due.remove(&(rank, at, number));
        }
        if let Turn::Due(rank, at) = entry.turn {
            self.due.insert((rank, at, number));
        }
        self.working += usize::from(entry.turn.needs_work());
        self.working -= usize::from(before.needs_work());
        Some(before)
    }
}

/// How the service fares, by all attempts together.
#[derive(Debug, Default)]
struct Weather {
    /// Of different people, in a row.
    failures: u32,
    /// In a row.
    pauses: u32,
    /// Nothing is sent before.
    until: Duration,
}

impl Weather {
    fn storms(&self) -> bool {
        self.failures >= STORM
    }

    fn allows(&self, now: Duration, under_way: usize) -> bool {
        now >= self.until && (!self.storms() || under_way < PROBES)
    }

    fn clears(&mut self) {
        self.failures = 0;
        self.pauses = 0;
    }

    /// What was under way when a pause began does not make it longer.
    fn fails(&mut self, now: Duration, wait: impl Fn(u32) -> Duration) {
        self.failures = self.failures.saturating_add(1);
        if self.storms() && now >= self.until {
            self.pauses = self.pauses.saturating_add(1);
            self.until = now.saturating_add(wait(self.pauses));
        }
    }

    fn pause(&mut self, until: Duration) {
        self.until = self.until.max(until);
    }
}
