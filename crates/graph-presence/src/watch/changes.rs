//! Where the changes come out, and the handle to who is watched.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::error::Result;
use crate::id::UserId;
use crate::operation::Operation;
use crate::watch::board::Board;
use crate::watch::event::Event;
use crate::watch::roster::Roster;
use crate::watch::sweeper::Sweeper;

/// What happens to the people of a [`Watch`](crate::Watch), as it comes to light.
///
/// Who takes it slowly, or stops for an hour, is told less: of each person there is at most one change that waits, from
/// what was last told of them to what is known when it is taken, and none if that is the same again. Changes come in the
/// order in which they began to wait. Failures are told in one, with their number. So no more is held in memory than two
/// presences a person, whatever happens.
///
/// Dropping it ends everything: calls that are under way are given up, and nothing is left running.
#[must_use = "watching ends when this is dropped"]
pub struct Changes {
    board: Arc<Board>,
    sweeper: AbortHandle,
}

impl Changes {
    pub(super) fn start(runtime: &Handle, board: Arc<Board>, sweeper: Sweeper) -> Self {
        Self { board, sweeper: runtime.spawn(sweeper.run()).abort_handle() }
    }

    /// Waits for what is to be told next. Nothing is lost if the wait is given up.
    ///
    /// It does not end by itself, whatever fails: `None` comes only when the runtime that it was started in is gone, or
    /// when what the client was given (such as its [`HttpClient`](crate::HttpClient)) panicked.
    pub async fn next(&mut self) -> Option<Event> {
        std::future::poll_fn(|context| self.board.poll(context)).await
    }

    /// A handle to who is watched.
    #[must_use]
    pub fn people(&self) -> Watched {
        Watched { board: self.board.clone() }
    }
}

impl Stream for Changes {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.board.poll(context)
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        self.sweeper.abort();
        self.board.forget();
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Changes").field("people", &self.board.read(Roster::len)).finish_non_exhaustive()
    }
}

/// Who is watched, to be changed while it goes on, and how fresh what is known of them is. Cheap to clone.
///
/// When its [`Changes`] are dropped nobody is watched any more, and nobody can be added.
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
/// let mut changes = client.watch([]).start()?;
/// let people = changes.people();
/// people.add([ada.clone()])?;
/// assert_eq!(people.age(&ada), None); // nobody has looked yet
/// changes.next().await;
/// assert!(people.age(&ada).is_some());
/// people.remove([&ada]);
/// assert!(people.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Watched {
    board: Arc<Board>,
}

impl Watched {
    /// Watches more people. Who was not watched before is looked at with the next call, ahead of everybody else.
    ///
    /// # Errors
    ///
    /// When one of the ids is no GUID; then nobody is added.
    pub fn add(&self, ids: impl IntoIterator<Item = UserId>) -> Result<()> {
        let ids = object_ids(ids.into_iter().collect())?;
        self.board.update(|roster| ids.into_iter().for_each(|id| roster.add(id)));
        self.board.added.notify_one();
        Ok(())
    }

    /// Stops watching people. Nothing more is told of them, not even what waits to be told.
    pub fn remove<'a>(&self, ids: impl IntoIterator<Item = &'a UserId>) {
        let ids: Vec<_> = ids.into_iter().collect();
        self.board.update(|roster| ids.into_iter().for_each(|id| roster.remove(id)));
    }

    /// How many people are watched.
    #[must_use]
    pub fn len(&self) -> usize {
        self.board.read(Roster::len)
    }

    /// Whether nobody is watched.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When the last answer came that told a person's presence, be it the same as before; `None` if none has come yet or
    /// the person is not watched.
    #[must_use]
    pub fn last_seen(&self, id: &UserId) -> Option<Timestamp> {
        self.board.read(|roster| roster.last_seen(id))
    }

    /// How long that is ago, by the client's clock: how old what is known of the person is.
    #[must_use]
    pub fn age(&self, id: &UserId) -> Option<Duration> {
        let age = self.board.clock.now().duration_since(self.last_seen(id)?);
        // A clock that was set back has seen nobody in the future.
        Some(Duration::try_from(age).unwrap_or_default())
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watched").field("people", &self.len()).finish_non_exhaustive()
    }
}

/// The call for many people is documented for object ids only: these, or the error that names the rule.
pub(super) fn object_ids(ids: Vec<UserId>) -> Result<Vec<UserId>> {
    match ids.iter().find_map(|id| UserId::parse(id.as_str()).err()) {
        None => Ok(ids),
        Some(refused) => Err(refused.during(Operation::GetPresencesByUserId)),
    }
}
