//! One person, by each of the paths that lead to their presence.

use crate::client::Client;
use crate::error::{Error, Result};
use crate::id::{SessionId, UserId};
use crate::operation::{GET, GET_OWN, SET_SESSION, SET_STATUS_MESSAGE};
use crate::presence::Presence;
use crate::session::{Expiration, SessionState};
use crate::status_message::StatusMessage;

/// The person that the token is for, by `/me`.
#[derive(Clone, Debug)]
pub struct Me {
    client: Client,
}

/// A person, by `/users/{id}`.
#[derive(Clone, Debug)]
pub struct User {
    client: Client,
    id: UserId,
}

/// A person, by `/communications/presences/{id}`.
#[derive(Clone, Debug)]
pub struct Communications {
    client: Client,
    id: UserId,
}

impl Me {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Reads one's own presence, with the status message's expiry and publication time.
    pub fn get(&self) -> GetPresence {
        GetPresence { client: self.client.clone(), path: Path::Me }
    }
}

impl User {
    pub(crate) fn new(client: Client, id: UserId) -> Self {
        Self { client, id }
    }

    /// Reads the person's presence. Somebody else's status message comes without its expiry and publication time.
    pub fn get(&self) -> GetPresence {
        GetPresence { client: self.client.clone(), path: Path::User(self.id.clone()) }
    }

    /// Sets the state of the application's session, and starts its expiration anew.
    ///
    /// Success does not mean that others see the state: they see the person's own choice if there is one, else the
    /// session that says most (DoNotDisturb, then Busy, then Available, then Away).
    pub fn set(&self, state: SessionState) -> SetPresence {
        SetPresence {
            session: self.client.session.clone(),
            client: self.client.clone(),
            id: self.id.clone(),
            state,
            expiration: None,
        }
    }

    /// Replaces the person's status message.
    pub fn status_message(&self, message: StatusMessage) -> SetStatusMessage {
        SetStatusMessage { client: self.client.clone(), id: self.id.clone(), message }
    }
}

impl Communications {
    pub(crate) fn new(client: Client, id: UserId) -> Self {
        Self { client, id }
    }

    /// Reads the person's presence, whether the service answers with it or with a collection of one.
    pub fn get(&self) -> GetPresence {
        GetPresence { client: self.client.clone(), path: Path::Communications(self.id.clone()) }
    }
}

/// A request for one person's presence. Nothing happens until it is sent.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the request is sent"]
pub struct GetPresence {
    client: Client,
    path: Path,
}

#[derive(Clone, Debug)]
enum Path {
    Me,
    User(UserId),
    Communications(UserId),
}

impl GetPresence {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// When no token is to be had, no answer comes, Graph refuses, or the answer is not to be read.
    pub async fn send(self) -> Result<Presence> {
        let transport = &self.client.transport;
        match &self.path {
            Path::Me => transport.get_own(&GET_OWN).await,
            Path::User(id) => transport.get_user(&GET, id).await,
            Path::Communications(id) => transport.get_communications(&GET, id).await,
        }
    }
}

/// A request to set an application's session. Nothing happens until it is sent.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the request is sent"]
pub struct SetPresence {
    client: Client,
    id: UserId,
    session: Option<SessionId>,
    state: SessionState,
    expiration: Option<Expiration>,
}

impl SetPresence {
    /// How long the session lasts unless it is set again; 5 minutes, by the service, when not said.
    pub fn expires_after(mut self, expiration: Expiration) -> Self {
        self.expiration = Some(expiration);
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// When the client was built without a session id, no token is to be had, no answer comes, or Graph refuses.
    pub async fn send(self) -> Result<()> {
        let Some(session) = &self.session else {
            let rule = "the application's id, set once by `ClientBuilder::session`";
            return Err(Error::invalid_unprinted("session id", "none", rule).during(&SET_SESSION));
        };
        self.client.transport.set_session(&SET_SESSION, &self.id, session, self.state, self.expiration).await
    }
}

/// A request to set a status message. Nothing happens until it is sent.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the request is sent"]
pub struct SetStatusMessage {
    client: Client,
    id: UserId,
    message: StatusMessage,
}

impl SetStatusMessage {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// When no token is to be had, no answer comes, or Graph refuses: a person can set only their own.
    pub async fn send(self) -> Result<()> {
        self.client.transport.set_status_message(&SET_STATUS_MESSAGE, &self.id, &self.message).await
    }
}
