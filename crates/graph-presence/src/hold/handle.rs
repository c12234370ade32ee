//! The handle to a hold.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::core::UserTarget;
use crate::error::Result;
use crate::hold::status::{HoldStatus, HoldStatuses};
use crate::hold::visibility::Visibility;
use crate::operation::CLEAR_SESSION;
use crate::presence::Presence;
use crate::session::SessionState;

/// A handle to a held presence session. The session is renewed until it is released, through throttling, outages and rejected
/// tokens.
///
/// ```
/// # use graph_presence::{AccessToken, Client, SessionId, SessionState, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
/// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
/// # let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(application)?).build()?;
/// # let ada = UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
/// let call = client.user(ada).hold(SessionState::InACall).start()?;
/// call.until_held().await?;
/// call.change(SessionState::Presenting);
/// call.release().await?;
/// # Ok(())
/// # }
/// ```
///
/// If the handle is dropped without [`release`](Self::release), renewals stop, and the service ends the session when it
/// expires: 10 minutes after the last renewal, or what
/// [`HoldBuilder::expires_after`](crate::hold::HoldBuilder::expires_after) has set.
#[must_use = "renewals stop when the handle is dropped"]
pub struct HoldHandle {
    target: UserTarget,
    number: u64,
    state: Mutex<SessionState>,
    status: watch::Receiver<HoldStatus>,
}

/// The result of [`HoldHandle::read_back`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReadBack {
    /// The user's presence.
    pub presence: Presence,
    /// How it relates to the held state.
    pub visibility: Visibility,
}

impl HoldHandle {
    pub(super) fn new(
        target: UserTarget,
        number: u64,
        state: SessionState,
        status: watch::Receiver<HoldStatus>,
    ) -> Self {
        Self { target, number, state: Mutex::new(state), status }
    }

    /// Returns the current status.
    #[must_use]
    pub fn status(&self) -> HoldStatus {
        self.status.borrow().clone()
    }

    /// Returns the changes of the status from now on.
    #[must_use]
    pub fn statuses(&self) -> HoldStatuses {
        HoldStatuses::new(self.status.clone())
    }

    /// Waits until the service has accepted the state.
    ///
    /// # Errors
    ///
    /// Returns the error with which the hold is lost.
    pub async fn until_held(&self) -> Result<()> {
        let mut statuses = self.statuses();
        let mut status = Some(self.status());
        loop {
            match status {
                Some(HoldStatus::Held { .. }) | None => return Ok(()),
                Some(HoldStatus::Lost { error, .. }) => return Err(error),
                Some(HoldStatus::Pending | HoldStatus::Retrying { .. }) => status = statuses.changed().await,
            }
        }
    }

    /// Holds another state from now on.
    pub fn change(&self, state: SessionState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.target.renewer().change(self.number, state);
    }

    /// Reads the presence, and compares it with the held state. Needs the permission to read.
    ///
    /// The service takes up to some minutes to show a state. Its response does not tell to which session the visible state
    /// belongs: [`Visibility`] is what follows from the order in which the service ranks sessions.
    ///
    /// # Errors
    ///
    /// Returns an error as [every request](crate::Error#errors-of-requests).
    pub async fn read_back(&self) -> Result<ReadBack> {
        let presence = self.target.transport().get(&self.target.binding).await?;
        let held = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let visibility = Visibility::of(held, &presence);
        Ok(ReadBack { presence, visibility })
    }

    /// Stops the renewals and ends the session. A session that does not exist any more is a success.
    ///
    /// Waits for a renewal that is in flight, which could otherwise arrive after the end. A session that was lost, and is held
    /// by another hold by now, is left alone.
    ///
    /// # Errors
    ///
    /// Returns an error if the session could not be ended; it expires by itself then.
    pub async fn release(self) -> Result<()> {
        // The handle lives until this is done, so that the user cannot be held again meanwhile.
        if !self.target.renewer().stop(self.number).await {
            return Ok(());
        }
        let session_id = self.target.session_id().map_err(|error| error.during(&CLEAR_SESSION))?;
        match self.target.transport().clear_session(&self.target.binding, session_id).await {
            Err(error) if error.is_not_found() => Ok(()),
            outcome => outcome,
        }
    }
}

impl Drop for HoldHandle {
    fn drop(&mut self) {
        self.target.renewer().forget(self.number);
    }
}

impl fmt::Debug for HoldHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HoldHandle")
            .field("state", &self.state)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
