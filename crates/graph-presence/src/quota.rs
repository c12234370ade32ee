//! How many requests may go out in a stretch of time.

use std::num::NonZeroU32;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota as Rate, RateLimiter};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::telemetry;

/// How many requests an application may send to a tenant in a stretch of time.
///
/// The service allows 1,500 in 30 seconds; whether a request for 650 people counts once is not documented, and here it
/// does. No more are sent in any stretch of that length: a fifteenth may go out at once, the rest follow evenly, and a
/// fifteenth is kept back because requests take different times to arrive. Clones of a client share it; who waits first
/// goes first.
///
/// ```
/// use std::time::Duration;
/// use graph_presence::Quota;
///
/// let half = Quota::new(750, Duration::from_secs(30));
/// assert_ne!(half, Quota::default());
/// ```
///
/// Source: documentation pages `presence-get` and "Microsoft Graph throttling limits".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    requests: u32,
    period: Duration,
}

impl Default for Quota {
    /// 1,500 requests in 30 seconds.
    fn default() -> Self {
        Self::new(1500, Duration::from_secs(30))
    }
}

impl Quota {
    /// Takes `requests` in each stretch of `period`; at least 2 requests, and a period of a millisecond to a year.
    #[must_use]
    pub fn new(requests: u32, period: Duration) -> Self {
        let period = period.clamp(Duration::from_millis(1), Duration::from_hours(365 * 24));
        Self { requests: requests.max(2), period }
    }

    /// The quota of one who may use only a part of it: more than none of it, and all of it at most.
    pub(crate) fn share(self, share: f64) -> Self {
        // A share of a `u32` fits into one, and what is no number becomes the least.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
        let requests = (f64::from(self.requests) * share.min(1.0)) as u32;
        Self::new(requests, self.period)
    }

    /// The burst, and the time after which one more may go: what any stretch of the period holds is the two together, and
    /// what went out before it and arrives late.
    fn rate(self) -> (NonZeroU32, Duration) {
        let burst = NonZeroU32::new(self.requests / 15).unwrap_or(NonZeroU32::MIN);
        let steady = self.requests.saturating_sub(burst.saturating_add(burst.get()).get());
        (burst, self.period / steady.max(1))
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, Measure, NoOpMiddleware<Nanos>>;

/// Lets requests through at the rate of a quota.
#[derive(Debug)]
pub(crate) struct Gate {
    /// `None` where there is no quota.
    quota: Option<Quota>,
    limiter: Option<Limiter>,
    turn: Arc<Mutex<()>>,
    clock: Arc<dyn Clock>,
}

impl Gate {
    pub(crate) fn new(quota: Option<Quota>, clock: Arc<dyn Clock>) -> Arc<Self> {
        let limiter = quota.and_then(|quota| {
            let (burst, interval) = quota.rate();
            let rate = Rate::with_period(interval)?.allow_burst(burst);
            Some(RateLimiter::direct_with_clock(rate, Measure(clock.clone())))
        });
        Arc::new(Self { quota, limiter, turn: Arc::default(), clock })
    }

    /// A gate ahead of this one, for who may take only a part of the quota.
    pub(crate) fn share(&self, share: f64) -> Arc<Self> {
        Self::new(self.quota.map(|quota| quota.share(share)), self.clock.clone())
    }

    /// Waits for a turn. A caller that stops waiting takes nothing.
    pub(crate) async fn pass(self: &Arc<Self>) {
        if self.lets_through() {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return self.wait(None).await };
        // Polled once, it has its place behind those who came before.
        let mut place = Box::pin(Arc::clone(&self.turn).lock_owned());
        let turn = (&mut place).now_or_never();
        let gate = Arc::clone(self);
        let waiting = async move {
            let turn = match turn {
                Some(turn) => turn,
                None => place.await,
            };
            gate.wait(Some(turn)).await;
        };
        // By itself: a caller that nobody polls must not stand at the head of the queue.
        let mut task = JoinSet::new();
        task.spawn_on(telemetry::as_here(waiting), &runtime);
        if let Some(Err(failed)) = task.join_next().await {
            match failed.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // Its runtime is being shut down: that is nobody's turn.
                Err(_) => self.wait(None).await,
            }
        }
    }

    /// Whether nobody is ahead, and nothing is to be waited for.
    fn lets_through(&self) -> bool {
        let Some(limiter) = &self.limiter else { return true };
        self.turn.try_lock().is_ok_and(|_turn| limiter.check().is_ok())
    }

    async fn wait(&self, turn: Option<OwnedMutexGuard<()>>) {
        let Some(limiter) = &self.limiter else { return };
        let _turn = match turn {
            Some(turn) => turn,
            None => Arc::clone(&self.turn).lock_owned().await,
        };
        while let Err(early) = limiter.check() {
            let wait = early.wait_time_from(Nanos::from(self.clock.elapsed()));
            telemetry::waits("quota", wait);
            self.clock.sleep(wait).await;
        }
    }
}

/// The client's clock as the limiter reads it.
#[derive(Clone, Debug)]
struct Measure(Arc<dyn Clock>);

impl GovernorClock for Measure {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}
