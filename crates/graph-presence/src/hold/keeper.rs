//! Who renews everything that a client holds: one task with one timer.

use std::fmt;
use std::future::pending;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::SignedDuration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};

use super::HoldStatus;
use super::schedule::{Holding, Now, Renewal, Schedule};
use crate::error::{Error, Result};
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
        let mut kept = self.kept();
        let started = kept.schedule.add(holding)?;
        if !kept.has_task {
            kept.has_task = true;
            runtime.spawn(Task { keeper: Arc::clone(self), is_done: false }.run());
        }
        drop(kept);
        self.woken.notify_one();
        Ok(started)
    }

    pub(super) fn change(&self, number: u64, state: SessionState) {
        self.kept().schedule.change(number, state);
        self.woken.notify_one();
    }

    /// Renews no more, and returns when no renewal is under way.
    pub(super) async fn quiet(&self, number: u64) {
        let under_way = self.kept().schedule.quiet(number);
        if let Some(end) = under_way {
            // That the sender is gone says the same.
            let _ = end.await;
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
        let outcome = self.transport.set_session(path, session, *state, Some(*expiration)).await;
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
}

impl Task {
    async fn run(mut self) {
        let keeper = Arc::clone(&self.keeper);
        let shared = keeper.transport.shared();
        let mut under_way = FuturesUnordered::new();
        let mut last = keeper.now();
        loop {
            let now = keeper.now();
            let slept = now.instant.duration_since(last.instant)
                > SLEEP.saturating_add(SignedDuration::try_from(now.elapsed - last.elapsed).unwrap_or_default());
            last = now;
            let next = {
                let mut kept = keeper.kept();
                if slept {
                    kept.schedule.hurry();
                }
                while under_way.len() < AT_ONCE
                    && let Some(renewal) = kept.schedule.begin(now.elapsed)
                {
                    under_way.push(keeper.renew(renewal));
                }
                if kept.schedule.is_empty() {
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
                let (now, chance) = (keeper.now(), (shared.chance)());
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
        let now = self.keeper.now().instant;
        let mut kept = self.keeper.kept();
        kept.has_task = false;
        kept.schedule.lose(now);
    }
}
