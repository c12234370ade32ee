//! Delays requests to stay within the quota.

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

/// Limits the rate of requests to a quota, in first-in, first-out order.
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

    /// Creates a limiter for a share of the quota. It is acquired before this limiter.
    pub(crate) fn share(&self, share: f64) -> Arc<Self> {
        Self::new(self.quota.map(|quota| quota.share(share)), self.clock.clone())
    }

    /// Waits until a request may be sent. Dropping the future does not use any of the quota.
    pub(crate) async fn acquire(self: &Arc<Self>) {
        if self.try_acquire() {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return self.wait(None).await };
        // Polling the future once puts it into the queue, behind earlier callers.
        let mut lock = Box::pin(Arc::clone(&self.queue).lock_owned());
        let guard = (&mut lock).now_or_never();
        let limiter = Arc::clone(self);
        let waiting = async move {
            let guard = match guard {
                Some(guard) => guard,
                None => lock.await,
            };
            limiter.wait(Some(guard)).await;
        };
        // In a separate task, because a caller that is not polled must not block the head of the queue.
        let mut task = JoinSet::new();
        task.spawn_on(telemetry::in_current_span(waiting), &runtime);
        if let Some(Err(failed)) = task.join_next().await {
            match failed.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The runtime is being shut down, and the task has left the queue.
                Err(_) => self.wait(None).await,
            }
        }
    }

    /// Returns `true` if the queue is empty and a request may be sent now.
    fn try_acquire(&self) -> bool {
        let Some(limiter) = &self.limiter else { return true };
        self.queue.try_lock().is_ok_and(|_guard| limiter.check().is_ok())
    }

    /// Waits until a request may be sent. `guard` is the lock of the queue, if the caller has it already.
    async fn wait(&self, guard: Option<OwnedMutexGuard<()>>) {
        let Some(limiter) = &self.limiter else { return };
        let _guard = match guard {
            Some(guard) => guard,
            None => Arc::clone(&self.queue).lock_owned().await,
        };
        while let Err(not_until) = limiter.check() {
            let wait = not_until.wait_time_from(Nanos::from(self.clock.elapsed()));
            telemetry::log_wait("quota", wait);
            self.clock.sleep(wait).await;
        }
    }
}

/// Adapts the client's clock to the limiter.
#[derive(Clone, Debug)]
struct LimiterClock(Arc<dyn Clock>);

impl GovernorClock for LimiterClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}
