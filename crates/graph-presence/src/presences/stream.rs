//! The stream of the results of the calls.

use std::collections::HashSet;
use std::fmt;
use std::iter::Fuse;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use foldhash::fast::RandomState;
use futures_core::Stream;
use futures_util::StreamExt;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::error::{Error, Result};
use crate::id::UserId;
use crate::operation::Operation;
use crate::presence::Presence;
use crate::transport::Transport;

/// The maximum number of ids in one call.
pub(super) const MAX_IDS: usize = 650;

/// The ids of one call, and its result.
#[derive(Debug)]
#[non_exhaustive]
pub struct PresenceChunk {
    /// The requested users, without duplicates.
    pub ids: Vec<UserId>,
    /// The presences in the order of the response, or the error of the call.
    pub result: Result<Vec<Presence>>,
    /// The position of the chunk in the order of the ids. Chunks arrive in the order of their responses.
    pub(super) number: u64,
    /// Whether the response contains exactly the requested users, in their order.
    pub(super) is_in_order: bool,
}

impl PresenceChunk {
    fn new(number: u64, ids: Vec<UserId>, result: Result<Vec<Presence>>) -> Self {
        let is_in_order = result
            .as_ref()
            .is_ok_and(|presences| presences.iter().map(|presence| presence.id).eq(ids.iter().copied().map(Some)));
        Self { ids, result, number, is_in_order }
    }

    /// Returns the users who are missing from a successful response.
    #[must_use]
    pub fn missing(&self) -> Vec<UserId> {
        let Ok(presences) = &self.result else { return Vec::new() };
        let found: HashSet<_> = presences.iter().filter_map(|presence| presence.id).collect();
        self.ids.iter().copied().filter(|id| !found.contains(id)).collect()
    }
}

/// The progress of a [`PresenceStream`], as numbers of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The total number of users requested by all calls that were started, including calls that have ended.
    pub requested: usize,
    /// The total number of users requested by calls that have succeeded.
    pub completed: usize,
    /// The total number of users requested by calls that have failed.
    pub failed: usize,
}

/// A stream of the presences of many users: see [`GetPresences::stream`](crate::presences::GetPresences::stream).
///
/// Dropping it cancels the calls in flight.
///
/// ```
/// # use graph_presence::{AccessToken, Client, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let application = Guid::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?;
/// # let token = AccessToken::new(emulator.token(Caller::application(application)));
/// # let client = Client::builder(token).base_url(emulator.url()).build()?;
/// # let users: Vec<UserId> = vec![UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?];
/// let mut stream = client.presences(&users).stream();
/// while let Some(chunk) = stream.next().await {
///     match &chunk.result {
///         Ok(presences) => println!("{} of {} users", presences.len(), chunk.ids.len()),
///         Err(error) => eprintln!("{} users: {error}", chunk.ids.len()),
///     }
///     eprintln!("{} so far", stream.progress().completed);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct PresenceStream<I> {
    transport: Arc<Transport>,
    ids: Fuse<I>,
    seen: HashSet<u128, RandomState>,
    /// Tasks, because a call that is not polled would block the head of the rate limiter's queue.
    calls: JoinSet<PresenceChunk>,
    concurrency: usize,
    next_number: u64,
    is_terminated: bool,
    progress: Progress,
}

impl<I: Iterator<Item: Into<UserId>>> PresenceStream<I> {
    pub(super) fn new(transport: Arc<Transport>, ids: I, concurrency: usize) -> Self {
        let mut stream = Self {
            transport,
            ids: ids.fuse(),
            seen: HashSet::default(),
            calls: JoinSet::new(),
            concurrency,
            next_number: 0,
            is_terminated: false,
            progress: Progress::default(),
        };
        stream.seen.reserve(stream.lower_bound());
        stream
    }

    /// Returns the number of users to reserve memory for. It is bounded, because the iterator's size hint may be wrong.
    pub(super) fn lower_bound(&self) -> usize {
        self.ids.size_hint().0.min(1 << 20)
    }

    /// Waits for the result of the next call. Returns `None` after the last one.
    pub async fn next(&mut self) -> Option<PresenceChunk> {
        StreamExt::next(self).await
    }

    /// Returns the current progress.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Ends the stream, and returns its last chunk, which contains the error.
    fn terminate(&mut self, error: Error) -> PresenceChunk {
        self.is_terminated = true;
        self.calls.abort_all();
        PresenceChunk::new(self.take_number(), Vec::new(), Err(error.with_operation(Operation::GetPresencesByUserId)))
    }

    /// Starts the next call. Returns `false` if all ids were requested.
    fn start_call(&mut self, runtime: &Handle) -> bool {
        let mut ids = Vec::new();
        while ids.len() < MAX_IDS
            && let Some(id) = self.ids.next()
        {
            let id = id.into();
            if self.seen.insert(id.as_u128()) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            return false;
        }
        self.progress.requested += ids.len();
        let (number, transport) = (self.take_number(), Arc::clone(&self.transport));
        let call = async move {
            let result = transport.get_presences(&ids).await;
            PresenceChunk::new(number, ids, result)
        };
        self.calls.spawn_on(call, runtime);
        true
    }

    fn take_number(&mut self) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        number
    }
}

// No field is pinned structurally.
impl<I> Unpin for PresenceStream<I> {}

impl<I: Iterator<Item: Into<UserId>>> Stream for PresenceStream<I> {
    type Item = PresenceChunk;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<PresenceChunk>> {
        let this = self.get_mut();
        if this.is_terminated {
            return Poll::Ready(None);
        }
        if this.concurrency == 0 {
            return Poll::Ready(Some(this.terminate(Error::out_of_range("concurrency", 0, "at least 1"))));
        }
        let Ok(runtime) = Handle::try_current() else {
            return Poll::Ready(Some(this.terminate(Error::no_runtime())));
        };
        while this.calls.len() < this.concurrency && this.start_call(&runtime) {}
        let next = match ready!(this.calls.poll_join_next(context)) {
            Some(Ok(chunk)) => Poll::Ready(Some(chunk)),
            Some(Err(failed)) => match failed.try_into_panic() {
                // Code supplied to the client, such as its HTTP client, has panicked.
                Ok(panic) => resume_unwind(panic),
                Err(_) => {
                    let error = Error::connection("tokio runtime shut down".into());
                    Poll::Ready(Some(this.terminate(error)))
                }
            },
            None => Poll::Ready(None),
        };
        if let Poll::Ready(Some(chunk)) = &next {
            match chunk.result {
                Ok(_) => this.progress.completed += chunk.ids.len(),
                Err(_) => this.progress.failed += chunk.ids.len(),
            }
        }
        next
    }
}

impl<I> fmt::Debug for PresenceStream<I> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PresenceStream").field("progress", &self.progress).finish_non_exhaustive()
    }
}
