//! The status of a hold, and its changes.

use jiff::Timestamp;
use tokio::sync::watch;

use crate::error::Error;
use crate::session::SessionState;

/// The status of a hold.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum HoldStatus {
    /// The state is about to be sent, or is being sent.
    Pending,
    /// The service has accepted the state. Whether it is visible is another matter:
    /// [`HoldHandle::read_back`](crate::hold::HoldHandle::read_back).
    Held {
        /// The accepted state.
        state: SessionState,
        /// When the service last accepted it.
        at: Timestamp,
    },
    /// The last attempt failed with a transient error, or the renewal is overdue because those of other users fail. Another
    /// attempt follows.
    Retrying {
        /// When the first of the failures in a row happened.
        since: Timestamp,
        /// The error of the last attempt.
        error: Error,
    },
    /// An attempt failed with a permanent error: the state is not held any more.
    Lost {
        /// When the attempt failed.
        at: Timestamp,
        /// The error of the attempt.
        error: Error,
    },
}

/// The changes of a hold's status: see [`HoldHandle::statuses`](crate::hold::HoldHandle::statuses).
///
/// ```
/// use graph_presence::hold::HoldStatus;
/// # use graph_presence::{AccessToken, Client, SessionId, SessionState, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
/// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
/// # let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(application)?).build()?;
/// # let ada = UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
///
/// let call = client.user(ada).hold(SessionState::InACall).start()?;
/// let mut statuses = call.statuses();
/// while let Some(status) = statuses.changed().await {
///     match status {
///         HoldStatus::Held { state, at } => println!("{at} {state}"),
///         HoldStatus::Retrying { since, error } => println!("not renewed since {since}: {error}"),
///         HoldStatus::Lost { error, .. } => println!("lost: {error}"),
///         _ => {}
///     }
///     # break;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct HoldStatuses {
    status: watch::Receiver<HoldStatus>,
}

impl HoldStatuses {
    pub(super) fn new(status: watch::Receiver<HoldStatus>) -> Self {
        Self { status }
    }

    /// Returns the current status.
    #[must_use]
    pub fn current(&self) -> HoldStatus {
        self.status.borrow().clone()
    }

    /// Waits until the status differs from the one that was last returned here, or from the one at the start, and returns it;
    /// statuses in between are left out. Returns `None` when the state is not held any more.
    pub async fn changed(&mut self) -> Option<HoldStatus> {
        let is_lost = matches!(*self.status.borrow(), HoldStatus::Lost { .. });
        if is_lost && matches!(self.status.has_changed(), Ok(false)) {
            return None;
        }
        self.status.changed().await.ok()?;
        Some(self.status.borrow_and_update().clone())
    }
}
