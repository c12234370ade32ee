//! What the sweeps, the one who takes the changes and the handles have in common.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::watch::event::Event;
use crate::watch::roster::Roster;

pub(super) struct Board {
    state: Mutex<State>,
    /// Somebody is to be asked for at once.
    pub(super) added: Notify,
    pub(super) clock: Arc<dyn Clock>,
}

struct State {
    roster: Roster,
    consumer: Option<Waker>,
    ended: bool,
}

impl Board {
    pub(super) fn new(roster: Roster, clock: Arc<dyn Clock>) -> Self {
        let state = State { roster, consumer: None, ended: false };
        Self { state: Mutex::new(state), added: Notify::new(), clock }
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&Roster) -> T) -> T {
        look(&self.lock().roster)
    }

    /// Changes the roster, and wakes the consumer if there is something to tell. After the end nothing changes.
    pub(super) fn update<T: Default>(&self, change: impl FnOnce(&mut Roster) -> T) -> T {
        let (outcome, consumer) = {
            let mut state = self.lock();
            if state.ended {
                return T::default();
            }
            let outcome = change(&mut state.roster);
            let consumer = if state.roster.has_event() { state.consumer.take() } else { None };
            (outcome, consumer)
        };
        wake(consumer);
        outcome
    }

    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Option<Event>> {
        let mut state = self.lock();
        if let Some(event) = state.roster.next_event() {
            return Poll::Ready(Some(event));
        }
        if state.ended {
            return Poll::Ready(None);
        }
        state.consumer = Some(context.waker().clone());
        Poll::Pending
    }

    /// No more is found out. What has not been told can still be taken.
    pub(super) fn end(&self) {
        let consumer = {
            let mut state = self.lock();
            state.ended = true;
            state.consumer.take()
        };
        wake(consumer);
    }

    /// Nobody takes anything any more.
    pub(super) fn forget(&self) {
        let forgotten = {
            let mut state = self.lock();
            state.ended = true;
            (std::mem::take(&mut state.roster), state.consumer.take())
        };
        drop(forgotten);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Not under the lock: a waker may do anything.
fn wake(consumer: Option<Waker>) {
    if let Some(consumer) = consumer {
        consumer.wake();
    }
}

impl fmt::Debug for Board {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Board").field("people", &self.read(Roster::len)).finish_non_exhaustive()
    }
}
