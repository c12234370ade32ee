//! Waiting for the quota before a request is sent.

use std::panic::resume_unwind;
use std::sync::Arc;

use futures_util::FutureExt;
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota as Rate, RateLimiter as Governor};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::quota::Quota;
use crate::telemetry;

type Limiter = Governor<NotKeyed, InMemoryState, LimiterClock, NoOpMiddleware<Nanos>>;

/// Limits requests to the rate of a quota, first come first served.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    /// `None` if requests are not limited.
    quota: Option<Quota>,
    limiter: Option<Limiter>,
    queue: Arc<Mutex<()>>,
    clock: Arc<dyn Clock>,
}

impl RateLimiter {
    pub(crate) fn new(quota: Option<Quota>, clock: Arc<dyn Clock>) -> Arc<Self> {
        let limiter = quota.and_then(|quota| {
            let (burst, interval) = quota.rate();
            let rate = Rate::with_period(interval)?.allow_burst(burst);
            Some(Governor::direct_with_clock(rate, LimiterClock(clock.clone())))
        });
        Arc::new(Self { quota, limiter, queue: Arc::default(), clock })
    }

    /// Creates a limiter to be acquired before this one, for callers that get only a part of the quota.
    pub(crate) fn share(&self, share: f64) -> Arc<Self> {
        Self::new(self.quota.map(|quota| quota.share(share)), self.clock.clone())
    }

    /// Waits until a request may be sent. A caller that drops the future takes nothing of the quota.
    pub(crate) async fn acquire(self: &Arc<Self>) {
        if self.try_acquire() {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return self.wait(None).await };
        // Polled once, it has its place in the queue behind earlier callers.
        let mut place = Box::pin(Arc::clone(&self.queue).lock_owned());
        let turn = (&mut place).now_or_never();
        let limiter = Arc::clone(self);
        let waiting = async move {
            let turn = match turn {
                Some(turn) => turn,
                None => place.await,
            };
            limiter.wait(Some(turn)).await;
        };
        // In a task of its own: a caller that is not polled must not block the head of the queue.
        let mut task = JoinSet::new();
        task.spawn_on(telemetry::in_current_span(waiting), &runtime);
        if let Some(Err(failed)) = task.join_next().await {
            match failed.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The runtime is being shut down, and the place in the queue is gone with the task.
                Err(_) => self.wait(None).await,
            }
        }
    }

    /// Returns `true` if the queue is empty and a request may be sent now.
    fn try_acquire(&self) -> bool {
        let Some(limiter) = &self.limiter else { return true };
        self.queue.try_lock().is_ok_and(|_turn| limiter.check().is_ok())
    }

    async fn wait(&self, turn: Option<OwnedMutexGuard<()>>) {
        let Some(limiter) = &self.limiter else { return };
        let _turn = match turn {
            Some(turn) => turn,
            None => Arc::clone(&self.queue).lock_owned().await,
        };
        while let Err(early) = limiter.check() {
            let wait = early.wait_time_from(Nanos::from(self.clock.elapsed()));
            telemetry::log_wait("quota", wait);
            self.clock.sleep(wait).await;
        }
    }
}

/// The client's clock as the limiter reads it.
#[derive(Clone, Debug)]
struct LimiterClock(Arc<dyn Clock>);

impl GovernorClock for LimiterClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}
