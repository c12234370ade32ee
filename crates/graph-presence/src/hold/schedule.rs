//! The held sessions and when their renewals are due: bookkeeping, without waiting and without requests.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{oneshot, watch};

use crate::binding::UserBinding;
use crate::error::{Error, Result};
use crate::hold::circuit_breaker::CircuitBreaker;
use crate::hold::status::HoldStatus;
use crate::id::{SessionId, UserId};
use crate::operation::Operation;
use crate::retry::RetryPolicy;
use crate::session::{Expiration, SessionState};

/// A renewal is due this long after the last one, and up to [`RENEWAL_SPREAD`] later. The service lets Available fade after 5
/// minutes: the rest is for waiting, for the quota and for failures.
const RENEWAL: Duration = Duration::from_mins(4);
/// Spreads the renewals of holds that were started together.
const RENEWAL_SPREAD: Duration = Duration::from_secs(20);
/// The shortest wait after a failure, whatever the jitter.
const MIN_BACKOFF: Duration = Duration::from_millis(100);
/// The longest wait that the service can ask for: a held session must not expire because of it.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(5);

/// A session that is held.
#[derive(Clone, Debug)]
pub(super) struct HeldSession {
    pub(super) binding: UserBinding,
    pub(super) session_id: SessionId,
    pub(super) state: SessionState,
    pub(super) expiration: Expiration,
}

impl HeldSession {
    /// Returns whose session it is; `None` for the signed-in user.
    fn user(&self) -> Option<UserId> {
        self.binding.user_id().copied()
    }
}

/// A request that is due.
#[derive(Debug)]
pub(super) struct Renewal {
    pub(super) number: u64,
    pub(super) session: HeldSession,
    began: Duration,
}

/// The current time of the clock's two kinds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) elapsed: Duration,
    pub(super) instant: Timestamp,
}

/// The waits before renewals. `jitter` is at least 0 and less than 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits<'a> {
    pub(super) policy: &'a RetryPolicy,
    pub(super) jitter: f64,
}

impl Waits<'_> {
    fn renewal(self) -> Duration {
        RENEWAL + RENEWAL_SPREAD.mul_f64(self.jitter)
    }

    /// Returns the wait after a number of failures in a row.
    fn backoff(self, failures: u32, retry_after: Option<Duration>) -> Duration {
        let retry_after = retry_after.map(|asked| asked.min(MAX_RETRY_AFTER));
        self.policy.backoff(failures, retry_after, self.jitter).max(MIN_BACKOFF)
    }
}

/// When the session of a stopped hold can be ended.
pub(super) enum Stopped {
    Now,
    /// When the renewal in flight has ended.
    After(oneshot::Receiver<()>),
    /// Never: the session belongs to another hold by now.
    Never,
}

#[derive(Debug)]
struct Entry {
    session: HeldSession,
    status: watch::Sender<HoldStatus>,
    phase: Phase,
    /// In a row.
    failures: u32,
    /// Since when it is not renewed as it should be.
    since: Option<Timestamp>,
}

/// Where an entry is between two renewals.
#[derive(Debug)]
enum Phase {
    Due(Priority, Duration),
    /// A renewal of an earlier hold of the user is in flight, and must not arrive later.
    Blocked,
    /// A renewal is in flight.
    Renewing,
    /// A renewal is in flight or blocked, and no other follows. The sender reports its end.
    Stopping(oneshot::Sender<()>),
    /// No renewal follows, and the user cannot be held by another hold yet.
    Stopped,
    /// No renewal follows, and the user can be held by another hold.
    Lost,
}

impl Phase {
    fn is_active(&self) -> bool {
        !matches!(self, Self::Stopped | Self::Lost)
    }
}

/// What goes first of what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    Change,
    Start,
    Renewal,
}

#[derive(Debug, Default)]
pub(super) struct Schedule {
    entries: BTreeMap<u64, Entry>,
    /// The same as in the entries. Changes and starts are due at once.
    due: BTreeSet<(Priority, Duration, u64)>,
    /// The hold of each user.
    holders: BTreeMap<Option<UserId>, u64>,
    /// The users with a renewal in flight whose hold is gone.
    draining: BTreeSet<Option<UserId>>,
    last_number: u64,
    active: usize,
    breaker: CircuitBreaker,
}

impl Schedule {
    /// Adds a session, whose state is due at once.
    pub(super) fn add(&mut self, session: HeldSession, now: Duration) -> Result<(u64, watch::Receiver<HoldStatus>)> {
        let user = session.user();
        if self.holders.contains_key(&user) {
            let message = "the client already holds a state of this user: change that hold, or release it first";
            return Err(Error::invalid_input(message));
        }
        self.last_number += 1;
        let number = self.last_number;
        let (status, receiver) = watch::channel(HoldStatus::Pending);
        self.entries.insert(number, Entry { session, status, phase: Phase::Stopped, failures: 0, since: None });
        let is_blocked = self.draining.contains(&user);
        self.set_phase(number, if is_blocked { Phase::Blocked } else { Phase::Due(Priority::Start, now) });
        self.holders.insert(user, number);
        Ok((number, receiver))
    }

    /// Returns `true` if there is nothing to do before the next call. Renewals in flight are given up then.
    pub(super) fn is_idle(&mut self) -> bool {
        if self.active == 0 {
            self.draining.clear();
        }
        self.active == 0
    }

    /// Changes the state of a hold. The change is due at once, ahead of all else.
    pub(super) fn change(&mut self, number: u64, state: SessionState, now: Duration) {
        let Some(entry) = self.entries.get_mut(&number) else { return };
        if entry.session.state == state {
            return;
        }
        entry.session.state = state;
        if entry.since.is_none() && entry.phase.is_active() {
            entry.status.send_replace(HoldStatus::Pending);
        }
        if let Phase::Due(..) = entry.phase {
            self.set_phase(number, Phase::Due(Priority::Change, now));
        }
    }

    /// Stops the renewals of a hold.
    pub(super) fn stop(&mut self, number: u64) -> Stopped {
        let Some(entry) = self.entries.get(&number) else { return Stopped::Never };
        match entry.phase {
            Phase::Due(..) => {
                self.set_phase(number, Phase::Stopped);
                Stopped::Now
            }
            Phase::Blocked | Phase::Renewing => {
                let (ended, end) = oneshot::channel();
                self.set_phase(number, Phase::Stopping(ended));
                Stopped::After(end)
            }
            Phase::Stopping(_) | Phase::Stopped => Stopped::Now,
            Phase::Lost => {
                let user = entry.session.user();
                if self.holders.contains_key(&user) {
                    return Stopped::Never;
                }
                self.holders.insert(user, number);
                self.set_phase(number, Phase::Stopped);
                Stopped::Now
            }
        }
    }

    /// Removes a hold.
    pub(super) fn forget(&mut self, number: u64) {
        let phase = self.set_phase(number, Phase::Stopped);
        let Some(entry) = self.entries.remove(&number) else { return };
        let user = entry.session.user();
        if self.holders.get(&user) == Some(&number) {
            self.holders.remove(&user);
        }
        if let Some(Phase::Renewing | Phase::Stopping(_)) = phase {
            self.draining.insert(user);
        }
    }

    /// Marks all holds as lost, when the task that renews them has ended.
    pub(super) fn mark_lost(&mut self, at: Timestamp) {
        let reason = "the task that renews sessions has ended, because its tokio runtime was shut down";
        for entry in self.entries.values_mut().filter(|entry| entry.phase.is_active()) {
            // A release that waits for the end of a renewal learns of it from the dropped sender, and keeps the user meanwhile.
            let is_released = matches!(entry.phase, Phase::Stopping(_));
            entry.phase = if is_released { Phase::Stopped } else { Phase::Lost };
            let operation = Operation::set_presence(entry.session.binding.kind());
            let error = Error::connection(reason.into()).during(operation);
            entry.status.send_replace(HoldStatus::Lost { at, error });
        }
        self.due.clear();
        let entries = &self.entries;
        let is_released = |number: &u64| entries.get(number).is_some_and(|entry| matches!(entry.phase, Phase::Stopped));
        self.holders.retain(|_, number| is_released(number));
        self.draining.clear();
        self.active = 0;
        self.breaker = CircuitBreaker::default();
    }

    /// Makes all renewals due now, when more time has passed than the timer noticed.
    pub(super) fn reschedule_all(&mut self, now: Duration) {
        for (priority, at, number) in std::mem::take(&mut self.due) {
            if let Some(entry) = self.entries.get_mut(&number) {
                let at = at.min(now);
                entry.phase = Phase::Due(priority, at);
                self.due.insert((priority, at, number));
            }
        }
    }

    /// Returns the renewal that is to begin now, if there is one. After the circuit breaker has tripped, holds that have not
    /// failed yet go first.
    pub(super) fn begin(&mut self, now: Duration, in_flight: usize) -> Option<Renewal> {
        if !self.breaker.allows(now, in_flight) {
            return None;
        }
        let &(.., first) = self.due.first().filter(|(_, at, _)| *at <= now)?;
        let has_failed = |number: &u64| self.entries.get(number).is_some_and(|entry| entry.failures > 0);
        let number = if self.breaker.has_tripped() && has_failed(&first) {
            let mut due = self.due.iter().filter(|(_, at, _)| *at <= now).map(|(.., number)| *number);
            due.find(|number| !has_failed(number)).unwrap_or(first)
        } else {
            first
        };
        self.set_phase(number, Phase::Renewing);
        let session = self.entries.get(&number)?.session.clone();
        Some(Renewal { number, session, began: now })
    }

    /// Returns when the next renewal can begin, as far as is known.
    pub(super) fn next_due(&self) -> Option<Duration> {
        self.due.first().map(|(_, at, _)| (*at).max(self.breaker.open_until()))
    }

    /// Records how a renewal ended.
    pub(super) fn end(&mut self, renewal: &Renewal, outcome: Result<()>, now: Now, waits: Waits<'_>) {
        self.update_breaker(renewal.number, &outcome, now, waits);
        let Some(entry) = self.entries.get(&renewal.number) else {
            return self.unblock(&renewal.session.user(), now);
        };
        let was_changed = entry.session.state != renewal.session.state;
        match outcome {
            Ok(()) => self.record_success(renewal, now, waits),
            // The changed state has not been tried yet.
            Err(error) if error.is_transient() || was_changed => self.record_retry(renewal, &error, now, waits),
            Err(error) => self.record_loss(renewal, error, now),
        }
    }

    /// Tells the circuit breaker how a renewal ended. Only a hold's first failure in a row counts, until the breaker trips.
    fn update_breaker(&mut self, number: u64, outcome: &Result<()>, now: Now, waits: Waits<'_>) {
        let Err(error) = outcome else { return self.breaker.record_success() };
        if !error.is_transient() {
            return;
        }
        let is_first = self.entries.get(&number).is_none_or(|entry| entry.failures == 0);
        if is_first || self.breaker.has_tripped() {
            self.breaker.record_failure(now.elapsed, |openings| waits.backoff(openings, None));
        }
        // The application is throttled, and not the user.
        if let Some(asked) = error.retry_after().filter(|_| error.is_throttled()) {
            self.breaker.open_at_least_until(now.elapsed.saturating_add(waits.backoff(1, Some(asked))));
        }
    }

    fn record_success(&mut self, renewal: &Renewal, now: Now, waits: Waits<'_>) {
        let Some(entry) = self.entries.get_mut(&renewal.number) else { return };
        entry.failures = 0;
        entry.since = None;
        let state = renewal.session.state;
        let status = if entry.session.state == state {
            HoldStatus::Held { state, at: now.instant }
        } else {
            HoldStatus::Pending
        };
        entry.status.send_replace(status);
        self.set_next(renewal, now, renewal.began.saturating_add(waits.renewal()));
    }

    fn record_retry(&mut self, renewal: &Renewal, error: &Error, now: Now, waits: Waits<'_>) {
        let Some(entry) = self.entries.get_mut(&renewal.number) else { return };
        entry.failures = entry.failures.saturating_add(1);
        let since = *entry.since.get_or_insert(now.instant);
        entry.status.send_replace(HoldStatus::Retrying { since, error: error.clone() });
        let backoff = waits.backoff(entry.failures, error.retry_after());
        self.set_next(renewal, now, now.elapsed.saturating_add(backoff));
        if self.breaker.has_tripped() {
            self.report_overdue(error, now);
        }
    }

    fn record_loss(&mut self, renewal: &Renewal, error: Error, now: Now) {
        let Some(entry) = self.entries.get_mut(&renewal.number) else { return };
        entry.status.send_replace(HoldStatus::Lost { at: now.instant, error });
        if let Phase::Stopping(_) = entry.phase {
            self.finish(renewal.number);
        } else {
            self.set_phase(renewal.number, Phase::Lost);
            self.holders.remove(&renewal.session.user());
        }
    }

    /// Sets what follows a renewal: the changed state at once, otherwise the next renewal at `due`, or nothing if the hold is
    /// stopping.
    fn set_next(&mut self, renewal: &Renewal, now: Now, due: Duration) {
        let Some(entry) = self.entries.get(&renewal.number) else { return };
        if let Phase::Stopping(_) = entry.phase {
            return self.finish(renewal.number);
        }
        let was_changed = entry.session.state != renewal.session.state;
        let next =
            if was_changed { Phase::Due(Priority::Change, now.elapsed) } else { Phase::Due(Priority::Renewal, due) };
        self.set_phase(renewal.number, next);
    }

    /// Reports an error to the holds that are overdue and not even tried: what fails for others fails for them too.
    fn report_overdue(&mut self, error: &Error, now: Now) {
        for (_, at, number) in &self.due {
            let Some(entry) = self.entries.get_mut(number) else { continue };
            if *at <= now.elapsed && entry.since.is_none() {
                entry.since = Some(now.instant);
                entry.status.send_replace(HoldStatus::Retrying { since: now.instant, error: error.clone() });
            }
        }
    }

    /// Lets the next hold of a user begin, when the last renewal of an earlier one has ended.
    fn unblock(&mut self, user: &Option<UserId>, now: Now) {
        self.draining.remove(user);
        let Some(next) = self.holders.get(user).copied() else { return };
        match self.entries.get(&next).map(|entry| &entry.phase) {
            Some(Phase::Blocked) => {
                self.set_phase(next, Phase::Due(Priority::Start, now.elapsed));
            }
            Some(Phase::Stopping(_)) => self.finish(next),
            _ => {}
        }
    }

    /// Completes the stop of a hold, and reports it to the caller that waits for it.
    fn finish(&mut self, number: u64) {
        if let Some(Phase::Stopping(ended)) = self.set_phase(number, Phase::Stopped) {
            // The caller may have stopped waiting.
            let _ = ended.send(());
        }
    }

    /// Changes the phase of an entry, and all that depends on it. Returns the phase before.
    fn set_phase(&mut self, number: u64, phase: Phase) -> Option<Phase> {
        let entry = self.entries.get_mut(&number)?;
        let before = std::mem::replace(&mut entry.phase, phase);
        if let Phase::Due(priority, at) = before {
            self.due.remove(&(priority, at, number));
        }
        if let Phase::Due(priority, at) = entry.phase {
            self.due.insert((priority, at, number));
        }
        self.active += usize::from(entry.phase.is_active());
        self.active -= usize::from(before.is_active());
        Some(before)
    }
}
