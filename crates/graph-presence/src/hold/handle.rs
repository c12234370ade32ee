//! The handle to a hold.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::core::UserTarget;
use crate::error::Result;
use crate::hold::status::{HoldStatus, HoldStatuses};
use crate::hold::visibility::Visibility;
use crate::operation::Operation;
use crate::presence::Presence;
use crate::session::SessionState;

/// A handle to a held presence session. The session is renewed until it is released. Throttling, outages and rejected
/// tokens do not end the hold.
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
/// If the handle is dropped without [`release`](Self::release), renewals stop, and the session expires 10 minutes after
/// the last renewal, or after the time set by [`HoldBuilder::expires_after`](crate::hold::HoldBuilder::expires_after).
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
    /// Whether the held state is visible.
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

    /// Returns a receiver of later changes of the status.
    #[must_use]
    pub fn statuses(&self) -> HoldStatuses {
        HoldStatuses::new(self.status.clone())
    }

    /// Waits until the service has accepted the state.
    ///
    /// # Errors
    ///
    /// Returns the error of [`HoldStatus::Lost`] if the hold is lost.
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

    /// Changes the held state. The new state is sent immediately.
    pub fn change(&self, state: SessionState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.target.renewer().change(self.number, state);
    }

    /// Gets the presence, and compares it with the held state. Requires the permission to read.
    ///
    /// The service may take a few minutes to show a state. Its response does not contain the session to which the
    /// visible state belongs: [`Visibility`] is derived from the order in which the service ranks sessions.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn read_back(&self) -> Result<ReadBack> {
        let presence = self.target.transport().get_presence(&self.target.binding).await?;
        let held = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let visibility = Visibility::of(held, &presence);
        Ok(ReadBack { presence, visibility })
    }

    /// Stops the renewals and clears the session. Succeeds if the session no longer exists.
    ///
    /// Waits for a renewal in flight, which could otherwise arrive after the session was cleared. If this hold is lost
    /// and another hold has the session, the session is not cleared.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests), except that the
    /// session was not found. The session then expires.
    pub async fn release(self) -> Result<()> {
        // The handle is dropped at the end, so that the user cannot be held again before the session is cleared.
        if !self.target.renewer().stop(self.number).await {
            return Ok(());
        }
        let session_id = self
            .target
            .session_id()
            .map_err(|error| error.with_operation(Operation::clear_presence(self.target.binding.kind())))?;
        match self.target.transport().clear_presence(&self.target.binding, session_id).await {
            Err(error) if error.is_not_found() => Ok(()),
            outcome => outcome,
        }
    }
}

impl Drop for HoldHandle {
    fn drop(&mut self) {
        self.target.renewer().remove(self.number);
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
