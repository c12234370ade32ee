//! The task that polls all users.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, pending, select};
use futures_util::stream::FuturesUnordered;

use crate::error::Result;
use crate::presence::Presence;
use crate::presences::GetPresences;
use crate::rate_limiter::RateLimiter;
use crate::retry::RetryPolicy;
use crate::transport::Transport;
use crate::watch::schedule::PollSchedule;
use crate::watch::shared::Shared;
use crate::watch::tracker::Call;

pub(super) struct Poller {
    shared: Arc<Shared>,
    /// Does not retry, because this task repeats failed calls.
    transport: Arc<Transport>,
    retry: RetryPolicy,
    /// Limits the watch to its share of the quota. Acquired before the client's rate limiter, which all calls share.
    rate_limiter: Arc<RateLimiter>,
    schedule: PollSchedule,
}

/// The event that the task waits for, in addition to the results of the calls in flight.
#[derive(Default)]
enum Next {
    /// The rate limiter permits another call.
    Acquire,
    /// The duration has passed.
    Sleep(Duration),
    /// Only the results of the calls in flight.
    #[default]
    Nothing,
}

/// The event that occurred.
enum Woken {
    Acquired,
    Finished(Call, Result<Vec<Presence>>),
    /// The duration has passed, or users were added.
    Other,
}

impl Poller {
    pub(super) fn new(shared: Arc<Shared>, transport: &Transport, quota_share: f64, interval: Duration) -> Self {
        Self {
            shared,
            transport: Arc::new(transport.without_retries()),
            retry: *transport.retry(),
            rate_limiter: transport.shared().rate_limiter.share(quota_share),
            schedule: PollSchedule::new(interval),
        }
    }

    /// Polls until the future is dropped.
    pub(super) async fn run(mut self) {
        let mut calls = FuturesUnordered::new();
        loop {
            let next = self.next(calls.len());
            let woken = {
                let finished = pin!(async {
                    match calls.next().await {
                        Some((call, result)) => Woken::Finished(call, result),
                        None => pending().await,
                    }
                });
                let due = pin!(async {
                    match next {
                        Next::Acquire => {
                            self.rate_limiter.acquire().await;
                            Woken::Acquired
                        }
                        Next::Sleep(duration) => {
                            self.shared.clock.sleep(duration).await;
                            Woken::Other
                        }
                        Next::Nothing => pending().await,
                    }
                });
                let added = pin!(self.shared.added.notified());
                match select(finished, select(due, added)).await {
                    Either::Left((woken, _)) | Either::Right((Either::Left((woken, _)), _)) => woken,
                    Either::Right((Either::Right(_), _)) => Woken::Other,
                }
            };
            match woken {
                Woken::Acquired => {
                    if let Some(call) = self.shared.update(|tracker| tracker.next_call(GetPresences::MAX_IDS)) {
                        let transport = self.transport.clone();
                        calls.push(async move {
                            let result = transport.get_presences(&call.ids).await;
                            (call, result)
                        });
                    }
                }
                Woken::Finished(call, result) => self.record(call, result),
                Woken::Other => {}
            }
        }
    }

    /// Returns the event to wait for.
    fn next(&mut self, in_flight: usize) -> Next {
        let Self { shared, schedule, .. } = self;
        if schedule.is_full(in_flight) {
            return Next::Nothing;
        }
        let now = shared.clock.elapsed();
        if let Some(pause) = schedule.pause(now) {
            return Next::Sleep(pause);
        }
        shared.update(|tracker| {
            if schedule.until_next_poll(now).is_none() && !tracker.is_polling() {
                tracker.begin_poll();
                schedule.begin_poll(now);
            }
            if tracker.is_polling() || tracker.has_failed() {
                Next::Acquire
            } else {
                schedule.until_next_poll(now).map_or(Next::Nothing, Next::Sleep)
            }
        })
    }

    /// Records the result of a call.
    fn record(&mut self, call: Call, result: Result<Vec<Presence>>) {
        let Self { shared, transport, retry, schedule, .. } = self;
        let now = shared.clock.now();
        match result {
            Ok(presences) => {
                schedule.succeeded();
                shared.update(|tracker| tracker.succeeded(&call, presences, now));
            }
            Err(error) => {
                let backoff = |failures| {
                    let jitter = (transport.shared().jitter)();
                    retry.backoff(failures, error.retry_after(), jitter)
                };
                schedule.failed(shared.clock.elapsed(), backoff);
                shared.update(|tracker| tracker.failed(call, error, now));
            }
        }
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        self.shared.close();
    }
}
