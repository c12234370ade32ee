//! The stream of the changes of watched users.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::watch::event::Event;
use crate::watch::handle::WatchHandle;
use crate::watch::poller::Poller;
use crate::watch::shared::Shared;
use crate::watch::tracker::Tracker;

/// A stream of [`Event`]s of the users of a [`Watch`](crate::watch::Watch).
///
/// Events are coalesced for a slow consumer. Each user has at most one pending change, from the last delivered presence
/// to the latest one; if the two are equal, the user does not have a pending change. Changes are delivered in the order
/// in which they became pending. Failures are merged into one event, which contains their number. The memory of a watch
/// is therefore bounded by two presences per user.
///
/// Dropping the stream ends the watch: its task stops, and calls in flight are cancelled.
#[must_use = "the watch ends when the stream is dropped"]
pub struct ChangeStream {
    shared: Arc<Shared>,
    poller: AbortHandle,
}

impl ChangeStream {
    pub(super) fn start(runtime: &Handle, shared: Arc<Shared>, poller: Poller) -> Self {
        Self { shared, poller: runtime.spawn(poller.run()).abort_handle() }
    }

    /// Waits for the next event. Cancel safe: no event is lost if the future is dropped.
    ///
    /// Failed calls do not end the stream. It returns `None` only after the runtime on which it was started is shut
    /// down, or after code supplied to the client, such as its [`HttpClient`](crate::HttpClient), has panicked.
    pub async fn next(&mut self) -> Option<Event> {
        std::future::poll_fn(|context| self.shared.poll(context)).await
    }

    /// Returns a handle to add and remove users.
    #[must_use]
    pub fn handle(&self) -> WatchHandle {
        WatchHandle::new(self.shared.clone())
    }
}

impl Stream for ChangeStream {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.shared.poll(context)
    }
}

impl Drop for ChangeStream {
    fn drop(&mut self) {
        self.poller.abort();
        self.shared.close_and_clear();
    }
}

impl fmt::Debug for ChangeStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ChangeStream").field("users", &self.shared.read(Tracker::len)).finish_non_exhaustive()
    }
}
