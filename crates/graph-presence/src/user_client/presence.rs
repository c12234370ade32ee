//! Requests for a user's presence and the application's presence session.

use crate::core::UserTarget;
use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::presence::Presence;
use crate::request::into_future;
use crate::session::{Expiration, SessionState};

/// A request to get a user's presence: see [`UserClient::get_presence`](crate::UserClient::get_presence).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct GetPresence {
    target: UserTarget,
}

impl GetPresence {
    pub(super) fn new(target: UserTarget) -> Self {
        Self { target }
    }

    /// Sends the request and returns the presence.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<Presence> {
        self.target.transport().get_presence(&self.target.binding).await
    }
}

into_future!(GetPresence => Result<Presence>);

/// A request to set the application's session: see [`UserClient::set_presence`](crate::UserClient::set_presence).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct SetPresence {
    target: UserTarget,
    state: SessionState,
    expiration: Option<Result<Expiration>>,
}

impl SetPresence {
    pub(super) fn new(target: UserTarget, state: SessionState) -> Self {
        Self { target, state, expiration: None }
    }

    /// Sets the time until the session expires if it is not set again: an [`Expiration`], or a [`Duration`] of 5
    /// minutes to 4 hours. A duration out of range is an error of [`send`](Self::send). Defaults, in the service, to 5
    /// minutes.
    ///
    /// ```
    /// use std::time::Duration;
    /// use graph_presence::SessionState;
    /// # use graph_presence::{AccessToken, Client, SessionId, UserId};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
    /// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
    /// # let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(application)?).build()?;
    /// # let user = client.user(UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// user.set_presence(SessionState::InACall).expires_after(Duration::from_secs(3600)).await?;
    ///
    /// let request = user.set_presence(SessionState::InACall).expires_after(Duration::from_secs(299));
    /// let error = request.await.unwrap_err();
    /// assert_eq!(error.to_string(), "set presence: expiration out of range: PT4M59S (allowed: PT5M to PT4H)");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`Duration`]: std::time::Duration
    pub fn expires_after(mut self, expiration: impl TryInto<Expiration, Error: Into<Error>>) -> Self {
        self.expiration = Some(expiration.try_into().map_err(Into::into));
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the client was built without a session id, if the expiration is out of range, and under the
    /// conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        let validated = || Ok((self.target.session_id()?, self.expiration.clone().transpose()?));
        let (session_id, expiration) = validated()
            .map_err(|error: Error| error.with_operation(Operation::set_presence(self.target.binding.kind())))?;
        self.target.transport().set_presence(&self.target.binding, session_id, self.state, expiration).await
    }
}

into_future!(SetPresence => Result<()>);

/// A request to clear the application's session: see [`UserClient::clear_presence`](crate::UserClient::clear_presence).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct ClearPresence {
    target: UserTarget,
}

impl ClearPresence {
    pub(super) fn new(target: UserTarget) -> Self {
        Self { target }
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the client was built without a session id, if the session does not exist
    /// ([`Error::is_not_found`]), and under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        let session_id = self
            .target
            .session_id()
            .map_err(|error| error.with_operation(Operation::clear_presence(self.target.binding.kind())))?;
        self.target.transport().clear_presence(&self.target.binding, session_id).await
    }
}

into_future!(ClearPresence => Result<()>);
