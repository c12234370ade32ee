//! A signal that the state of the service may have changed. Listeners read the state to find out what changed.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

/// The sender of the signal. Signals are not queued: a slow listener is woken once, however often the signal was
/// raised.
pub(crate) struct StateSignal(watch::Sender<bool>);

impl Default for StateSignal {
    fn default() -> Self {
        Self(watch::Sender::new(true))
    }
}

impl StateSignal {
    /// Locks a part of the service. The signal is raised when the guard is dropped after a change.
    pub(crate) fn lock<'a, T>(&'a self, part: &'a Mutex<T>) -> SignalGuard<'a, T> {
        let guard = part.lock().unwrap_or_else(PoisonError::into_inner);
        SignalGuard { guard, signal: self, is_changed: false, wake: None }
    }

    /// Notifies the listeners that the service is shutting down.
    pub(crate) fn close(&self) {
        self.0.send_replace(false);
    }

    /// Creates a listener for future changes.
    pub(crate) fn listen(&self) -> StateListener {
        StateListener(self.0.subscribe())
    }
}

/// A listener of the signal.
pub(crate) struct StateListener(watch::Receiver<bool>);

impl StateListener {
    /// Waits until the state may have changed since the last call.
    pub(crate) async fn changed(&mut self) {
        // The sender was dropped: further changes are not possible.
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        !*self.0.borrow()
    }
}

/// A locked part of the service. Mutable access counts as a change.
pub(crate) struct SignalGuard<'a, T> {
    guard: MutexGuard<'a, T>,
    signal: &'a StateSignal,
    is_changed: bool,
    wake: Option<Wake<'a, T>>,
}

/// A task to wake, and the condition for it.
type Wake<'a, T> = (&'a Notify, fn(&T) -> bool);

impl<'a, T> SignalGuard<'a, T> {
    /// Wakes `task`, too, when the guard is dropped, if the state has changed and the condition holds.
    pub(crate) fn waking(mut self, task: &'a Notify, condition: fn(&T) -> bool) -> Self {
        self.wake = Some((task, condition));
        self
    }
}

impl<T> Deref for SignalGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for SignalGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.is_changed = true;
        &mut self.guard
    }
}

impl<T> Drop for SignalGuard<'_, T> {
    fn drop(&mut self) {
        if !self.is_changed {
            return;
        }
        if self.signal.0.receiver_count() > 0 {
            self.signal.0.send_modify(|_| ());
        }
        if let Some((task, condition)) = self.wake
            && condition(&self.guard)
        {
            task.notify_one();
        }
    }
}
