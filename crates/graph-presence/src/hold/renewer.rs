//! The task that renews all held sessions of a client, with one timer.

use std::fmt;
use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::SignedDuration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};

use crate::error::{Error, Result};
use crate::hold::schedule::{Delays, HeldSession, Now, Renewal, Schedule, Stopped};
use crate::hold::status::HoldStatus;
use crate::operation::Operation;
use crate::session::SessionState;
use crate::transport::Transport;

/// The maximum number of concurrent renewals. It uses the full quota even if responses take 1.5 seconds.
const CONCURRENCY: usize = 64;
/// The interval of the checks whether the machine was suspended: the wall clock has then advanced more than the timer.
const CHECK_INTERVAL: Duration = Duration::from_secs(30);
/// The minimum difference between wall clock and timer. A smaller difference is an adjustment of the clock.
const MIN_SUSPENSION: SignedDuration = SignedDuration::from_secs(20);

/// Renews the sessions that a client and its clones hold. Its task runs while there are sessions to renew.
pub(crate) struct SessionRenewer {
    transport: Transport,
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Default)]
struct State {
    schedule: Schedule,
    has_task: bool,
}

impl SessionRenewer {
    pub(crate) fn new(transport: &Transport) -> Self {
        Self { transport: transport.without_retries(), state: Mutex::default(), wake: Notify::new() }
    }

    /// Starts to hold a session. Returns the number of the hold and the receiver of its status.
    pub(super) fn start(self: &Arc<Self>, session: HeldSession) -> Result<(u64, watch::Receiver<HoldStatus>)> {
        let runtime = Handle::try_current().map_err(|_| Error::no_runtime())?;
        let now = self.now();
        let (started, had_task) = {
            let mut state = self.state();
            let started = state.schedule.add(session, now.elapsed)?;
            (started, std::mem::replace(&mut state.has_task, true))
        };
        // Not under the lock: if the runtime is being shut down, the task is dropped here, and its `drop` takes the
        // lock.
        if !had_task {
            runtime.spawn(Task { renewer: Arc::clone(self), is_done: false, last: now }.run());
        }
        self.wake.notify_one();
        Ok(started)
    }

    pub(super) fn change(&self, number: u64, state: SessionState) {
        let now = self.now().elapsed;
        self.state().schedule.change(number, state, now);
        self.wake.notify_one();
    }

    /// Stops the renewals of a hold and waits for the one in flight. Returns `true` if the session still belongs to
    /// this hold.
    pub(super) async fn stop(&self, number: u64) -> bool {
        let stopped = self.state().schedule.stop(number);
        match stopped {
            Stopped::Now => true,
            Stopped::After(end) => {
                // The sender is dropped if the task has ended, and then no renewal is in flight either.
                let _ = end.await;
                true
            }
            Stopped::Never => false,
        }
    }

    pub(super) fn remove(&self, number: u64) {
        self.state().schedule.remove(number);
        self.wake.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Now {
        let clock = &self.transport.shared().clock;
        Now { elapsed: clock.elapsed(), instant: clock.now() }
    }

    async fn renew(&self, renewal: Renewal) -> (Renewal, Result<()>) {
        let HeldSession { binding, session_id, state, expiration } = &renewal.session;
        let set = self.transport.set_presence(binding, session_id, *state, Some(*expiration));
        // A token source or other code of the caller may panic, which must not end the holds of other users.
        let outcome = AssertUnwindSafe(set).catch_unwind().await.unwrap_or_else(|_| {
            let reason = "a custom token source, clock or HTTP client panicked";
            Err(Error::connection(reason.into()).with_operation(Operation::set_presence(binding.kind())))
        });
        (renewal, outcome)
    }
}

impl fmt::Debug for SessionRenewer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SessionRenewer").finish_non_exhaustive()
    }
}

/// The task that renews sessions. If its runtime is shut down, all holds are lost.
struct Task {
    renewer: Arc<SessionRenewer>,
    is_done: bool,
    /// The time at which the clock was last read.
    last: Now,
}

impl Task {
    async fn run(mut self) {
        let renewer = Arc::clone(&self.renewer);
        let shared = renewer.transport.shared();
        let mut in_flight = FuturesUnordered::new();
        loop {
            let now = renewer.now();
            let was_suspended = self.was_suspended(now);
            let next = {
                let mut state = renewer.state();
                if was_suspended {
                    state.schedule.reschedule_all(now.elapsed);
                }
                while in_flight.len() < CONCURRENCY
                    && let Some(renewal) = state.schedule.start_next(now.elapsed, in_flight.len())
                {
                    in_flight.push(renewer.renew(renewal));
                }
                if state.schedule.is_idle() {
                    state.has_task = false;
                    self.is_done = true;
                    return;
                }
                state.schedule.next_due()
            };
            // A renewal that is due and did not start waits until another one has ended.
            let wait = next.and_then(|next| next.checked_sub(now.elapsed)).filter(|wait| !wait.is_zero());
            let timer = shared.clock.sleep(wait.map_or(CHECK_INTERVAL, |wait| wait.min(CHECK_INTERVAL)));
            let ended = async {
                match in_flight.next().await {
                    Some(ended) => ended,
                    None => pending().await,
                }
            };
            let wake = pin!(renewer.wake.notified());
            if let Either::Left(((renewal, outcome), _)) = select(pin!(ended), select(wake, timer)).await {
                let delays = Delays { policy: renewer.transport.retry(), jitter: (shared.jitter)() };
                let now = renewer.now();
                renewer.state().schedule.record(&renewal, outcome, now, delays);
            }
        }
    }

    /// Returns `true` if the machine was suspended since the clock was last read.
    fn was_suspended(&mut self, now: Now) -> bool {
        let elapsed = SignedDuration::try_from(now.elapsed.saturating_sub(self.last.elapsed));
        let wall_time = now.instant.duration_since(self.last.instant);
        self.last = now;
        wall_time > MIN_SUSPENSION.saturating_add(elapsed.unwrap_or(SignedDuration::MAX))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let mut state = self.renewer.state();
        state.has_task = false;
        state.schedule.mark_lost(self.last.instant);
    }
}
