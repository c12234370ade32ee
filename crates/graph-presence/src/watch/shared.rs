//! The state that the poller, the stream and the handles share.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::watch::event::Event;
use crate::watch::tracker::Tracker;

pub(super) struct Shared {
    state: Mutex<State>,
    /// Notified after users were added, because they are polled immediately.
    pub(super) added: Notify,
    pub(super) clock: Arc<dyn Clock>,
}

struct State {
    tracker: Tracker,
    consumer: Option<Waker>,
    is_closed: bool,
}

impl Shared {
    pub(super) fn new(tracker: Tracker, clock: Arc<dyn Clock>) -> Self {
        let state = State { tracker, consumer: None, is_closed: false };
        Self { state: Mutex::new(state), added: Notify::new(), clock }
    }

    pub(super) fn read<T>(&self, read: impl FnOnce(&Tracker) -> T) -> T {
        read(&self.lock().tracker)
    }

    /// Updates the tracker, and wakes the consumer if an event is pending. Does nothing after [`Shared::close`].
    pub(super) fn update<T: Default>(&self, change: impl FnOnce(&mut Tracker) -> T) -> T {
        let (outcome, consumer) = {
            let mut state = self.lock();
            if state.is_closed {
                return T::default();
            }
            let outcome = change(&mut state.tracker);
            let consumer = if state.tracker.has_event() { state.consumer.take() } else { None };
            (outcome, consumer)
        };
        wake(consumer);
        outcome
    }

    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Option<Event>> {
        let mut state = self.lock();
        if let Some(event) = state.tracker.next_event() {
            return Poll::Ready(Some(event));
        }
        if state.is_closed {
            return Poll::Ready(None);
        }
        state.consumer = Some(context.waker().clone());
        Poll::Pending
    }

    /// Ends the stream after the pending events.
    pub(super) fn close(&self) {
        let consumer = {
            let mut state = self.lock();
            state.is_closed = true;
            state.consumer.take()
        };
        wake(consumer);
    }

    /// Ends the stream and drops all users and pending events, after the stream was dropped.
    pub(super) fn close_and_clear(&self) {
        let dropped_outside_the_lock = {
            let mut state = self.lock();
            state.is_closed = true;
            (std::mem::take(&mut state.tracker), state.consumer.take())
        };
        drop(dropped_outside_the_lock);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes the consumer. Must be called without the lock, because a waker may run any code.
fn wake(consumer: Option<Waker>) {
    if let Some(consumer) = consumer {
        consumer.wake();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shared").field("users", &self.read(Tracker::len)).finish_non_exhaustive()
    }
}
