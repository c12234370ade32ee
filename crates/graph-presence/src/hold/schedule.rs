//! The held sessions, and when their renewals are due. Pure: does not wait and does not send anything.

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

/// A renewal is due this long after the last one, and up to [`RENEWAL_SPREAD`] later. The service changes Available to
/// AvailableInactive after 5 minutes: the rest of that time is for the rate limiter and for retries.
const RENEWAL_INTERVAL: Duration = Duration::from_mins(4);
/// The maximum jitter of a renewal, so that holds that were started together are not renewed together.
const RENEWAL_SPREAD: Duration = Duration::from_secs(20);
/// The minimum backoff, regardless of the jitter.
const MIN_BACKOFF: Duration = Duration::from_millis(100);
/// The maximum `Retry-After` that is respected: a held session must not expire because of it.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(5);

/// A held session.
#[derive(Clone, Debug)]
pub(super) struct HeldSession {
    pub(super) binding: UserBinding,
    pub(super) session_id: SessionId,
    pub(super) state: SessionState,
    pub(super) expiration: Expiration,
}

impl HeldSession {
    /// Returns the user of the session; `None` for the signed-in user.
    fn user(&self) -> Option<UserId> {
        self.binding.user_id().copied()
    }
}

/// A renewal to send.
#[derive(Debug)]
pub(super) struct Renewal {
    pub(super) number: u64,
    pub(super) session: HeldSession,
    started: Duration,
}

/// The current time, monotonic and as a timestamp.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) elapsed: Duration,
    pub(super) instant: Timestamp,
}

/// Computes the delays before renewals. `jitter` is at least 0 and less than 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delays<'a> {
    pub(super) policy: &'a RetryPolicy,
    pub(super) jitter: f64,
}

impl Delays<'_> {
    /// Returns the time from one renewal to the next.
    fn renewal(self) -> Duration {
        RENEWAL_INTERVAL + RENEWAL_SPREAD.mul_f64(self.jitter)
    }

    /// Returns the delay after a number of consecutive failures.
    fn backoff(self, failures: u32, retry_after: Option<Duration>) -> Duration {
        let retry_after = retry_after.map(|wait| wait.min(MAX_RETRY_AFTER));
        self.policy.backoff(failures, retry_after, self.jitter).max(MIN_BACKOFF)
    }
}

/// The time at which the session of a stopped hold can be cleared.
pub(super) enum Stopped {
    Now,
    /// After the renewal in flight has ended.
    After(oneshot::Receiver<()>),
    /// Never: the session now belongs to another hold.
    Never,
}

#[derive(Debug)]
struct Entry {
    session: HeldSession,
    status: watch::Sender<HoldStatus>,
    phase: Phase,
    /// The number of consecutive failures.
    failures: u32,
    /// The time since which the renewal fails or is overdue.
    failing_since: Option<Timestamp>,
}

/// The state of an entry between two renewals.
#[derive(Debug)]
enum Phase {
    /// A renewal is due at this time.
    Due(Priority, Duration),
    /// A renewal of an earlier hold of the user is in flight. It must not arrive after the first one of this hold.
    Blocked,
    /// A renewal is in flight.
    Renewing,
    /// A renewal is in flight or blocked, and is the last one. The sender reports its end.
    Stopping(oneshot::Sender<()>),
    /// Renewals have ended because the hold is being released. Another hold of the user is rejected.
    Stopped,
    /// No further renewal follows. Another hold of the user is accepted.
    Lost,
}

impl Phase {
    fn is_active(&self) -> bool {
        !matches!(self, Self::Stopped | Self::Lost)
    }
}

/// The order of renewals that are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    Change,
    Start,
    Renewal,
}

/// All holds of a client.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    entries: BTreeMap<u64, Entry>,
    /// An index of the entries in [`Phase::Due`]. Changes and starts are due immediately.
    due: BTreeSet<(Priority, Duration, u64)>,
    /// The number of the hold of each user.
    hold_by_user: BTreeMap<Option<UserId>, u64>,
    /// The users with a renewal in flight whose hold was removed.
    draining: BTreeSet<Option<UserId>>,
    last_number: u64,
    active: usize,
    breaker: CircuitBreaker,
}

impl Schedule {
    /// Adds a session. Its first renewal is due immediately.
    pub(super) fn add(&mut self, session: HeldSession, now: Duration) -> Result<(u64, watch::Receiver<HoldStatus>)> {
        let user = session.user();
        if self.hold_by_user.contains_key(&user) {
            let message = "session already held for this user: call HoldHandle::change or HoldHandle::release first";
            return Err(Error::invalid_input(message));
        }
        self.last_number += 1;
        let number = self.last_number;
        let (status, receiver) = watch::channel(HoldStatus::Pending);
        self.entries.insert(number, Entry { session, status, phase: Phase::Stopped, failures: 0, failing_since: None });
        let is_blocked = self.draining.contains(&user);
        self.set_phase(number, if is_blocked { Phase::Blocked } else { Phase::Due(Priority::Start, now) });
        self.hold_by_user.insert(user, number);
        Ok((number, receiver))
    }

    /// Returns `true` if the client does not have active holds, so that the task can end. Renewals in flight are
    /// then cancelled.
    pub(super) fn is_idle(&mut self) -> bool {
        if self.active == 0 {
            self.draining.clear();
        }
        self.active == 0
    }

    /// Changes the state of a hold. The change is due immediately, ahead of all other renewals.
    pub(super) fn change(&mut self, number: u64, state: SessionState, now: Duration) {
        let Some(entry) = self.entries.get_mut(&number) else { return };
        if entry.session.state == state {
            return;
        }
        entry.session.state = state;
        if entry.failing_since.is_none() && entry.phase.is_active() {
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
                if self.hold_by_user.contains_key(&user) {
                    return Stopped::Never;
                }
                self.hold_by_user.insert(user, number);
                self.set_phase(number, Phase::Stopped);
                Stopped::Now
            }
        }
    }

    /// Removes a hold.
    pub(super) fn remove(&mut self, number: u64) {
        let phase = self.set_phase(number, Phase::Stopped);
        let Some(entry) = self.entries.remove(&number) else { return };
        let user = entry.session.user();
        if self.hold_by_user.get(&user) == Some(&number) {
            self.hold_by_user.remove(&user);
        }
        if let Some(Phase::Renewing | Phase::Stopping(_)) = phase {
            self.draining.insert(user);
        }
    }

    /// Marks all holds as lost, when the task that renews them has ended.
    pub(super) fn mark_lost(&mut self, at: Timestamp) {
        let reason = "tokio runtime shut down";
        for entry in self.entries.values_mut().filter(|entry| entry.phase.is_active()) {
            // Dropping the sender completes a release that waits for a renewal in flight. The user stays held until
            // then.
            let is_released = matches!(entry.phase, Phase::Stopping(_));
            entry.phase = if is_released { Phase::Stopped } else { Phase::Lost };
            let operation = Operation::set_presence(entry.session.binding.kind());
            let error = Error::connection(reason.into()).with_operation(operation);
            entry.status.send_replace(HoldStatus::Lost { at, error });
        }
        self.due.clear();
        let entries = &self.entries;
        let is_released = |number: &u64| entries.get(number).is_some_and(|entry| matches!(entry.phase, Phase::Stopped));
        self.hold_by_user.retain(|_, number| is_released(number));
        self.draining.clear();
        self.active = 0;
        self.breaker = CircuitBreaker::default();
    }

    /// Makes all renewals due now, after the machine was suspended.
    pub(super) fn reschedule_all(&mut self, now: Duration) {
        for (priority, at, number) in std::mem::take(&mut self.due) {
            if let Some(entry) = self.entries.get_mut(&number) {
                let at = at.min(now);
                entry.phase = Phase::Due(priority, at);
                self.due.insert((priority, at, number));
            }
        }
    }

    /// Starts the next renewal that is due, if there is one. After the circuit breaker has tripped, holds that have not
    /// failed take precedence.
    pub(super) fn start_next(&mut self, now: Duration, in_flight: usize) -> Option<Renewal> {
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
        Some(Renewal { number, session, started: now })
    }

    /// Returns the time at which the next renewal can start, or `None` if no renewal is scheduled.
    pub(super) fn next_due(&self) -> Option<Duration> {
        self.due.first().map(|(_, at, _)| (*at).max(self.breaker.open_until()))
    }

    /// Records the result of a renewal.
    pub(super) fn record(&mut self, renewal: &Renewal, outcome: Result<()>, now: Now, delays: Delays<'_>) {
        self.update_breaker(renewal.number, &outcome, now, delays);
        let Some(entry) = self.entries.get(&renewal.number) else {
            return self.unblock(&renewal.session.user(), now);
        };
        let was_changed = entry.session.state != renewal.session.state;
        match outcome {
            Ok(()) => self.record_success(renewal, now, delays),
            // The changed state was not sent yet.
            Err(error) if error.is_transient() || was_changed => self.record_retry(renewal, &error, now, delays),
            Err(error) => self.record_loss(renewal, error, now),
        }
    }

    /// Records the result in the circuit breaker. Until the breaker trips, only the first of a hold's consecutive
    /// failures counts.
    fn update_breaker(&mut self, number: u64, outcome: &Result<()>, now: Now, delays: Delays<'_>) {
        let Err(error) = outcome else { return self.breaker.record_success() };
        if !error.is_transient() {
            return;
        }
        let is_first = self.entries.get(&number).is_none_or(|entry| entry.failures == 0);
        if is_first || self.breaker.has_tripped() {
            self.breaker.record_failure(now.elapsed, |openings| delays.backoff(openings, None));
        }
        // The service throttles the application, not the user.
        if let Some(retry_after) = error.retry_after().filter(|_| error.is_throttled()) {
            self.breaker.open_at_least_until(now.elapsed.saturating_add(delays.backoff(1, Some(retry_after))));
        }
    }

    fn record_success(&mut self, renewal: &Renewal, now: Now, delays: Delays<'_>) {
        let Some(entry) = self.entries.get_mut(&renewal.number) else { return };
        entry.failures = 0;
        entry.failing_since = None;
        let state = renewal.session.state;
        let status = if entry.session.state == state {
            HoldStatus::Held { state, at: now.instant }
        } else {
            HoldStatus::Pending
        };
        entry.status.send_replace(status);
        self.set_next(renewal, now, renewal.started.saturating_add(delays.renewal()));
    }

    fn record_retry(&mut self, renewal: &Renewal, error: &Error, now: Now, delays: Delays<'_>) {
        let Some(entry) = self.entries.get_mut(&renewal.number) else { return };
        entry.failures = entry.failures.saturating_add(1);
        let since = *entry.failing_since.get_or_insert(now.instant);
        entry.status.send_replace(HoldStatus::Retrying { since, error: error.clone() });
        let backoff = delays.backoff(entry.failures, error.retry_after());
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
            self.hold_by_user.remove(&renewal.session.user());
        }
    }

    /// Sets the phase after a renewal: the changed state is due immediately, otherwise the next renewal at `due`. A
    /// hold that is stopping is stopped.
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

    /// Reports an error of another hold to the holds whose renewal is overdue because the circuit breaker is open.
    fn report_overdue(&mut self, error: &Error, now: Now) {
        for (_, at, number) in &self.due {
            let Some(entry) = self.entries.get_mut(number) else { continue };
            if *at <= now.elapsed && entry.failing_since.is_none() {
                entry.failing_since = Some(now.instant);
                entry.status.send_replace(HoldStatus::Retrying { since: now.instant, error: error.clone() });
            }
        }
    }

    /// Unblocks the next hold of a user, after the last renewal of an earlier hold has ended.
    fn unblock(&mut self, user: &Option<UserId>, now: Now) {
        self.draining.remove(user);
        let Some(next) = self.hold_by_user.get(user).copied() else { return };
        match self.entries.get(&next).map(|entry| &entry.phase) {
            Some(Phase::Blocked) => {
                self.set_phase(next, Phase::Due(Priority::Start, now.elapsed));
            }
            Some(Phase::Stopping(_)) => self.finish(next),
            _ => {}
        }
    }

    /// Completes the stop of a hold, and wakes the caller that waits for it.
    fn finish(&mut self, number: u64) {
        if let Some(Phase::Stopping(ended)) = self.set_phase(number, Phase::Stopped) {
            // The caller may have stopped waiting.
            let _ = ended.send(());
        }
    }

    /// Sets the phase of an entry, and updates `due` and `active`. Returns the previous phase.
    fn set_phase(&mut self, number: u64, phase: Phase) -> Option<Phase> {
        let entry = self.entries.get_mut(&number)?;
        let previous = std::mem::replace(&mut entry.phase, phase);
        if let Phase::Due(priority, at) = previous {
            self.due.remove(&(priority, at, number));
        }
        if let Phase::Due(priority, at) = entry.phase {
            self.due.insert((priority, at, number));
        }
        self.active += usize::from(entry.phase.is_active());
        self.active -= usize::from(previous.is_active());
        Some(previous)
    }
}
