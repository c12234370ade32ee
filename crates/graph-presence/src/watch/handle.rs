//! The handle to a running watch.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::id::UserId;
use crate::watch::shared::Shared;
use crate::watch::tracker::Tracker;

/// A handle to a running watch: adds and removes users, and returns the age of their presences. Cheap to clone.
///
/// After the [`ChangeStream`](crate::watch::ChangeStream) is dropped, all users are removed, and added users are
/// ignored.
///
/// ```
/// # use graph_presence::{AccessToken, Client, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let ada = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
/// # emulator.sign_in(Guid::parse(ada)?, "Busy", "InACall");
/// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(ada)?)));
/// # let client = Client::builder(token).base_url(emulator.url()).build()?;
/// let ada = UserId::parse(ada)?;
/// let mut changes = client.watch([] as [UserId; 0]).start()?;
/// let handle = changes.handle();
/// handle.add([ada]);
/// assert_eq!(handle.age(ada), None); // not polled yet
/// changes.next().await;
/// assert!(handle.age(ada).is_some());
/// handle.remove([ada]);
/// assert!(handle.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WatchHandle {
    shared: Arc<Shared>,
}

impl WatchHandle {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Adds users. Users who are not watched yet are polled immediately, before all others.
    pub fn add(&self, ids: impl IntoIterator<Item: Into<UserId>>) {
        let ids: Vec<_> = ids.into_iter().map(Into::into).collect();
        self.shared.update(|tracker| ids.into_iter().for_each(|id| tracker.add(id)));
        self.shared.added.notify_one();
    }

    /// Removes users and their pending changes.
    pub fn remove(&self, ids: impl IntoIterator<Item: Into<UserId>>) {
        let ids: Vec<_> = ids.into_iter().map(Into::into).collect();
        self.shared.update(|tracker| ids.into_iter().for_each(|id| tracker.remove(id)));
    }

    /// Returns the number of watched users.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.read(Tracker::len)
    }

    /// Returns `true` if no users are watched.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the time at which the last response with the user's presence arrived, even if the presence was
    /// unchanged. Returns `None` if the user is not watched, or was not read yet.
    #[must_use]
    pub fn last_seen(&self, id: impl Into<UserId>) -> Option<Timestamp> {
        let id = id.into();
        self.shared.read(|tracker| tracker.last_seen(id))
    }

    /// Returns the age of the user's presence: the time since [`last_seen`](Self::last_seen), by the client's clock.
    #[must_use]
    pub fn age(&self, id: impl Into<UserId>) -> Option<Duration> {
        let age = self.shared.clock.now().duration_since(self.last_seen(id)?);
        // Negative if the clock was set back.
        Some(Duration::try_from(age).unwrap_or_default())
    }
}

impl fmt::Debug for WatchHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WatchHandle").field("users", &self.len()).finish_non_exhaustive()
    }
}
