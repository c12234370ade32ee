//! The task that asks for everybody, again and again.

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
use crate::watch::board::Board;
use crate::watch::pace::Pace;
use crate::watch::roster::Call;

pub(super) struct Sweeper {
    board: Arc<Board>,
    /// Tries once: what fails is asked for again from here.
    transport: Arc<Transport>,
    retry: RetryPolicy,
    /// Ahead of the client's own, which others wait at too.
    rate_limiter: Arc<RateLimiter>,
    pace: Pace,
}

/// What is to be waited for, besides the answers to the calls under way.
#[derive(Default)]
enum Next {
    /// A turn, to make another call.
    Turn,
    Time(Duration),
    /// Only an answer helps.
    #[default]
    Nothing,
}

enum Happened {
    Turn,
    Answer(Call, Result<Vec<Presence>>),
    /// The time has come, or somebody was added.
    Other,
}

impl Sweeper {
    pub(super) fn new(board: Arc<Board>, transport: &Transport, quota_share: f64, every: Duration) -> Self {
        Self {
            board,
            transport: Arc::new(transport.trying_once()),
            retry: *transport.retry(),
            rate_limiter: transport.shared().rate_limiter.share(quota_share),
            pace: Pace::new(every),
        }
    }

    /// Goes on until it is dropped.
    pub(super) async fn run(mut self) {
        let mut calls = FuturesUnordered::new();
        loop {
            let next = self.next(calls.len());
            let happened = {
                let answer = pin!(async {
                    match calls.next().await {
                        Some((call, answer)) => Happened::Answer(call, answer),
                        None => pending().await,
                    }
                });
                let time = pin!(async {
                    match next {
                        Next::Turn => {
                            self.rate_limiter.acquire().await;
                            Happened::Turn
                        }
                        Next::Time(wait) => {
                            self.board.clock.sleep(wait).await;
                            Happened::Other
                        }
                        Next::Nothing => pending().await,
                    }
                });
                let added = pin!(self.board.added.notified());
                match select(answer, select(time, added)).await {
                    Either::Left((happened, _)) | Either::Right((Either::Left((happened, _)), _)) => happened,
                    Either::Right((Either::Right(_), _)) => Happened::Other,
                }
            };
            match happened {
                Happened::Turn => {
                    if let Some(mut call) = self.board.update(|roster| roster.next_call(GetPresences::MAX_IDS)) {
                        let transport = self.transport.clone();
                        calls.push(async move {
                            let answer = transport.get_many(&mut call.ids).await;
                            (call, answer)
                        });
                    }
                }
                Happened::Answer(call, answer) => self.take_in(call, answer),
                Happened::Other => {}
            }
        }
    }

    fn next(&mut self, under_way: usize) -> Next {
        let Self { board, pace, .. } = self;
        if pace.is_full(under_way) {
            return Next::Nothing;
        }
        let now = board.clock.elapsed();
        if let Some(pause) = pace.pause(now) {
            return Next::Time(pause);
        }
        board.update(|roster| {
            if pace.rest(now).is_none() && !roster.is_sweeping() {
                roster.begin_sweep();
                pace.begin_sweep(now);
            }
            if roster.is_sweeping() || roster.has_failed() {
                Next::Turn
            } else {
                pace.rest(now).map_or(Next::Nothing, Next::Time)
            }
        })
    }

    fn take_in(&mut self, call: Call, answer: Result<Vec<Presence>>) {
        let Self { board, transport, retry, pace, .. } = self;
        let now = board.clock.now();
        match answer {
            Ok(presences) => {
                pace.succeeded();
                board.update(|roster| roster.answered(&call, presences, now));
            }
            Err(error) => {
                let wait = |failures| {
                    let jitter = (transport.shared().jitter)();
                    retry.backoff(failures, error.retry_after(), jitter)
                };
                pace.failed(board.clock.elapsed(), wait);
                board.update(|roster| roster.failed(call, error, now));
            }
        }
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        self.board.end();
    }
}
