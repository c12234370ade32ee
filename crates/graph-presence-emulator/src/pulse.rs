//! Tells whoever watches the service that something may have changed. What has is for them to look up.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

/// Keeps nothing for those who are slow: however often it beats, they look once.
pub(crate) struct Pulse(watch::Sender<bool>);

impl Default for Pulse {
    fn default() -> Self {
        Self(watch::Sender::new(true))
    }
}

impl Pulse {
    /// Beats once what is held has been changed and given back.
    pub(crate) fn hold<'a, T>(&'a self, what: &'a Mutex<T>) -> Held<'a, T> {
        let guard = what.lock().unwrap_or_else(PoisonError::into_inner);
        Held { guard, pulse: self, is_changed: false, call: None }
    }

    /// Whoever watches is told, and that it is for the last time.
    pub(crate) fn close(&self) {
        self.0.send_replace(false);
    }

    pub(crate) fn watch(&self) -> Watcher {
        Watcher(self.0.subscribe())
    }
}

pub(crate) struct Watcher(watch::Receiver<bool>);

impl Watcher {
    /// Returns when something may have changed since the last time.
    pub(crate) async fn changed(&mut self) {
        // The sender outlives its watchers, or has nothing more to tell.
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        !*self.0.borrow()
    }
}

/// Something of the service, locked. To take it by `&mut` counts as a change.
pub(crate) struct Held<'a, T> {
    guard: MutexGuard<'a, T>,
    pulse: &'a Pulse,
    is_changed: bool,
    call: Option<Call<'a, T>>,
}

/// Who is woken, and whether there is a reason to.
type Call<'a, T> = (&'a Notify, fn(&T) -> bool);

impl<'a, T> Held<'a, T> {
    /// Wakes somebody if what was changed gives a reason to.
    pub(crate) fn calling(mut self, whom: &'a Notify, if_so: fn(&T) -> bool) -> Self {
        self.call = Some((whom, if_so));
        self
    }
}

impl<T> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.is_changed = true;
        &mut self.guard
    }
}

impl<T> Drop for Held<'_, T> {
    fn drop(&mut self) {
        if !self.is_changed {
            return;
        }
        if self.pulse.0.receiver_count() > 0 {
            self.pulse.0.send_modify(|_| ());
        }
        if let Some((whom, if_so)) = self.call
            && if_so(&self.guard)
        {
            whom.notify_one();
        }
    }
}
