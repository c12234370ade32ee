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
/// A slow consumer receives fewer events: of each user at most one change is pending, from the presence of the last
/// delivered change to the latest one, and none if the two are equal. Changes are delivered in the order in which they
/// became pending. Failures are merged into one event with their number. So memory holds at most two presences of each
/// user.
///
/// Dropping it ends the watch: calls in flight are cancelled, and no task keeps running.
#[must_use = "the watch ends when this is dropped"]
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
    /// The stream does not end when calls fail. It returns `None` only when the runtime on which it was started is shut
    /// down, or when what the client was given (such as its [`HttpClient`](crate::HttpClient)) panicked.
    pub async fn next(&mut self) -> Option<Event> {
        std::future::poll_fn(|context| self.shared.poll(context)).await
    }

    /// Returns a handle that adds and removes users.
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
