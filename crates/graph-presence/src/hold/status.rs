//! The status of a hold and its changes.

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
    /// The service has accepted the state. It may still not be visible: see
    /// [`HoldHandle::read_back`](crate::hold::HoldHandle::read_back).
    Held {
        /// The accepted state.
        state: SessionState,
        /// The time at which the service last accepted it.
        at: Timestamp,
    },
    /// The last attempt failed with a transient error, or the renewal is overdue because the renewals of other users
    /// fail. Another attempt follows.
    Retrying {
        /// The time of the first of the consecutive failures.
        since: Timestamp,
        /// The error of the last attempt, of this or another user.
        error: Error,
    },
    /// The hold has ended because of a permanent error, or because its tokio runtime was shut down.
    Lost {
        /// The time at which the hold was lost.
        at: Timestamp,
        /// The error that ended the hold.
        error: Error,
    },
}

/// A receiver of the changes of a hold's status: see [`HoldHandle::statuses`](crate::hold::HoldHandle::statuses).
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

    /// Waits for the next change, and returns the status. If the status has changed several times since the last call,
    /// only the latest one is returned. Returns `None` after the hold has ended.
    pub async fn changed(&mut self) -> Option<HoldStatus> {
        let is_lost = matches!(*self.status.borrow(), HoldStatus::Lost { .. });
        if is_lost && matches!(self.status.has_changed(), Ok(false)) {
            return None;
        }
        self.status.changed().await.ok()?;
        Some(self.status.borrow_and_update().clone())
    }
}
