//! Watching people: asking for all of them again and again, and telling what has changed.

mod board;
mod changes;
mod event;
mod pace;
mod roster;
mod sweeper;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::error::{Error, Result};
use crate::id::UserId;
use crate::operation::Operation;
use crate::transport::Transport;

use self::board::Board;
use self::changes::object_ids;
pub use self::changes::{Changes, Watched};
pub use self::event::{Change, Event, Failed};
use self::roster::Roster;
use self::sweeper::Sweeper;

/// A wish to be told of people's presences. Nothing happens until it is started.
///
/// Everybody is asked for again and again, in calls for 650 people: see [the guide](crate#watching).
///
/// ```
/// use graph_presence::{Event, UserId};
/// # use graph_presence::{AccessToken, Client};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let (ada, bob) = ("fa8bf3dc-eca7-46b7-bad1-db199b62afc3", "66825e03-7ef5-42da-9069-724602c31f6b");
/// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(ada)?)));
/// # let client = Client::builder(token).base_url(emulator.url()).build()?;
/// # emulator.sign_in(Guid::parse(ada)?, "Busy", "InACall");
/// # emulator.sign_in(Guid::parse(bob)?, "Away", "Away");
///
/// let mut changes = client.watch([UserId::parse(ada)?, UserId::parse(bob)?]).start()?;
/// for _ in 0..2 {
///     match changes.next().await {
///         Some(Event::Change(change)) => println!("{}: {}", change.user.as_str(), change.after.availability),
///         Some(Event::Failed(failed)) => eprintln!("{} (for {} people)", failed.error, failed.people),
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// Source: documentation page `cloudcommunications-getpresencesbyuserid`.
#[derive(Clone)]
#[must_use = "nothing happens until it is started"]
pub struct Watch {
    transport: Arc<Transport>,
    ids: Vec<UserId>,
    every: Duration,
    quota_share: f64,
}

impl Watch {
    /// The shortest time between the starts of two sweeps.
    pub const SHORTEST: Duration = Duration::from_secs(1);

    pub(crate) fn new(transport: Arc<Transport>, ids: Vec<UserId>) -> Self {
        Self { transport, ids, every: Duration::from_secs(30), quota_share: 0.5 }
    }

    /// How long after the start of one sweep over all people the next one starts; 30 seconds unless said otherwise. One
    /// that takes longer is followed by the next at once.
    pub fn every(mut self, every: Duration) -> Self {
        self.every = every;
        self
    }

    /// The part of the client's [`Quota`](crate::Quota) that watching may use, at most 1: half of it unless said
    /// otherwise. The rest is left to other calls, which need not wait for a sweep.
    pub fn quota_share(mut self, share: f64) -> Self {
        self.quota_share = share;
        self
    }

    /// Starts to ask, in a task of its own in the present runtime.
    ///
    /// # Errors
    ///
    /// When there is no tokio runtime, one of the ids is no GUID, sweeps are to follow each other faster than
    /// [`Watch::SHORTEST`], or the share of the quota is not more than 0 and at most 1.
    pub fn start(self) -> Result<Changes> {
        let Self { transport, ids, every, quota_share } = self;
        let refused = |error: Error| error.during(Operation::GetPresencesByUserId);
        let runtime = Handle::try_current().map_err(|_| refused(Error::no_runtime()))?;
        if every < Self::SHORTEST {
            return Err(refused(Error::invalid("time between sweeps", &format!("{every:?}"), "1 s at least")));
        }
        if !(quota_share > 0.0 && quota_share <= 1.0) {
            let rule = "a number that is more than 0, and 1 at most";
            return Err(refused(Error::invalid("share of the quota", &quota_share.to_string(), rule)));
        }
        let ids = object_ids(ids)?;
        let board = Arc::new(Board::new(Roster::new(ids), transport.shared().clock.clone()));
        let sweeper = Sweeper::new(board.clone(), &transport, quota_share, every);
        Ok(Changes::start(&runtime, board, sweeper))
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Watch")
            .field("people", &self.ids.len())
            .field("every", &self.every)
            .field("quota_share", &self.quota_share)
            .finish_non_exhaustive()
    }
}
