//! Who renews everything that a client holds: one task with one timer.

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

use super::HoldStatus;
use super::schedule::{Holding, Now, Quiet, Renewal, Schedule};
use crate::error::{Error, Result};
use crate::operation::SET_SESSION;
use crate::retry::part;
use crate::session::SessionState;
use crate::transport::Transport;

/// So many renewals at once: with answers that take a second and a half, still all that the quota lets through.
const AT_ONCE: usize = 64;
/// So often is looked whether more time has passed than the timer noticed, as when the machine slept.
const LOOK: Duration = Duration::from_secs(30);
/// How much more is a sleep, and no correction of the clock.
const SLEEP: SignedDuration = SignedDuration::from_secs(20);

/// Renews what a client and its clones hold. Its task runs while there is something to hold.
pub(crate) struct Keeper {
    transport: Transport,
    kept: Mutex<Kept>,
    woken: Notify,
}

#[derive(Default)]
struct Kept {
    schedule: Schedule,
    has_task: bool,
}

impl Keeper {
    pub(crate) fn new(transport: &Transport) -> Self {
        Self { transport: transport.trying_once(), kept: Mutex::default(), woken: Notify::new() }
    }

    /// Begins to hold a state. The number names it from now on.
    pub(super) fn start(self: &Arc<Self>, holding: Holding) -> Result<(u64, watch::Receiver<HoldStatus>)> {
        let runtime = Handle::try_current().map_err(|_| {
            Error::invalid_unprinted("runtime", "none", "a hold is started on a tokio runtime, which renews it")
        })?;
        let now = self.now();
        let (started, had_task) = {
            let mut kept = self.kept();
            let started = kept.schedule.add(holding, now.elapsed)?;
            (started, std::mem::replace(&mut kept.has_task, true))
        };
        // Not under the lock: a runtime that is being shut down drops the task here.
        if !had_task {
            runtime.spawn(Task { keeper: Arc::clone(self), is_done: false, last: now }.run());
        }
        self.woken.notify_one();
        Ok(started)
    }

    pub(super) fn change(&self, number: u64, state: SessionState) {
        let now = self.now().elapsed;
        self.kept().schedule.change(number, state, now);
        self.woken.notify_one();
    }

    /// Renews no more, and returns when no renewal is under way: whether the session is still this hold's to end.
    pub(super) async fn quiet(&self, number: u64) -> bool {
        let quiet = self.kept().schedule.quiet(number);
        match quiet {
            Quiet::Now => true,
            Quiet::After(end) => {
                // That the sender is gone says the same.
                let _ = end.await;
                true
            }
            Quiet::Never => false,
        }
    }

    pub(super) fn forget(&self, number: u64) {
        self.kept().schedule.forget(number);
        self.woken.notify_one();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Now {
        let clock = &self.transport.shared().clock;
        Now { elapsed: clock.elapsed(), instant: clock.now() }
    }

    async fn renew(&self, renewal: Renewal) -> (Renewal, Result<()>) {
        let Holding { path, session, state, expiration } = &renewal.holding;
        let set = self.transport.set_session(path, session, *state, Some(*expiration));
        // What was handed in, such as a source of tokens, may panic: that must not end what is held of others.
        let outcome = AssertUnwindSafe(set).catch_unwind().await.unwrap_or_else(|_| {
            let panicked = Error::connection("a panic in something that was handed to the client".into());
            Err(panicked.during(&SET_SESSION))
        });
        (renewal, outcome)
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keeper").finish_non_exhaustive()
    }
}

/// What renews. Its runtime may be shut down in the middle: then all that is held is lost.
struct Task {
    keeper: Arc<Keeper>,
    is_done: bool,
    /// When it was last looked at the clock.
    last: Now,
}

impl Task {
    async fn run(mut self) {
        let keeper = Arc::clone(&self.keeper);
        let shared = keeper.transport.shared();
        let mut under_way = FuturesUnordered::new();
        loop {
            let now = keeper.now();
            let noticed = now.elapsed.saturating_sub(self.last.elapsed);
            let passed = now.instant.duration_since(self.last.instant);
            let slept = passed > SLEEP.saturating_add(SignedDuration::try_from(noticed).unwrap_or(SignedDuration::MAX));
            self.last = now;
            let next = {
                let mut kept = keeper.kept();
                if slept {
                    kept.schedule.hurry(now.elapsed);
                }
                while under_way.len() < AT_ONCE
                    && let Some(renewal) = kept.schedule.begin(now.elapsed, under_way.len())
                {
                    under_way.push(keeper.renew(renewal));
                }
                if kept.schedule.rests() {
                    kept.has_task = false;
                    self.is_done = true;
                    return;
                }
                kept.schedule.next()
            };
            // What is due and was not begun waits for something that is under way.
            let wait = next.and_then(|next| next.checked_sub(now.elapsed)).filter(|wait| !wait.is_zero());
            let timer = shared.clock.sleep(wait.map_or(LOOK, |wait| wait.min(LOOK)));
            let ended = async {
                match under_way.next().await {
                    Some(ended) => ended,
                    None => pending().await,
                }
            };
            let woken = pin!(keeper.woken.notified());
            if let Either::Left(((renewal, outcome), _)) = select(pin!(ended), select(woken, timer)).await {
                let (now, chance) = (keeper.now(), part((shared.chance)()));
                keeper.kept().schedule.end(&renewal, outcome, now, keeper.transport.retry(), chance);
            }
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let mut kept = self.keeper.kept();
        kept.has_task = false;
        kept.schedule.lose(self.last.instant);
    }
}
