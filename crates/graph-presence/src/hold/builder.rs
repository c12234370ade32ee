//! The builder of a hold.

use crate::core::UserTarget;
use crate::error::{Error, Result};
use crate::hold::handle::HoldHandle;
use crate::hold::schedule::HeldSession;
use crate::operation::Operation;
use crate::session::{Expiration, SessionState};

/// A builder for a held presence session: see [`UserClient::hold`](crate::UserClient::hold). Does nothing until
/// [`start`](Self::start) is called.
#[derive(Clone, Debug)]
#[must_use = "a hold does nothing until it is started"]
pub struct HoldBuilder {
    target: UserTarget,
    state: SessionState,
    expiration: Result<Expiration>,
}

impl HoldBuilder {
    /// The default time after the last renewal until the session expires: 10 minutes.
    pub const EXPIRATION: Expiration = Expiration::TEN_MINUTES;

    pub(crate) fn new(target: UserTarget, state: SessionState) -> Self {
        Self { target, state, expiration: Ok(Self::EXPIRATION) }
    }

    /// Sets the time from the last renewal until the session expires, for example after the program has ended: an
    /// [`Expiration`], or a [`Duration`](std::time::Duration) of 5 minutes to 4 hours. A duration out of range is an
    /// error of [`start`](Self::start). Defaults to 10 minutes. The session is renewed about every 4 minutes,
    /// regardless of the expiration.
    pub fn expires_after(mut self, expiration: impl TryInto<Expiration, Error: Into<Error>>) -> Self {
        self.expiration = expiration.try_into().map_err(Into::into);
        self
    }

    /// Starts to hold the state. [`HoldHandle::status`] returns whether the service has accepted it, and
    /// [`HoldHandle::until_held`] waits until it has.
    ///
    /// All holds of a client are renewed on the tokio runtime on which the first of them was started. They are lost
    /// when that runtime is shut down.
    ///
    /// # Errors
    ///
    /// Returns an error if the client was built without a session id, if the expiration is out of range, if the client
    /// already holds a session of the user, or if the current thread is not in a tokio runtime.
    pub fn start(self) -> Result<HoldHandle> {
        let Self { target, state, expiration } = self;
        let start = || {
            let session_id = *target.session_id()?;
            target.renewer().start(HeldSession {
                binding: target.binding.clone(),
                session_id,
                state,
                expiration: expiration?,
            })
        };
        let operation = Operation::set_presence(target.binding.kind());
        let (number, status) = start().map_err(|error| error.with_operation(operation))?;
        Ok(HoldHandle::new(target, number, state, status))
    }
}
