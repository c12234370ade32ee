//! One person: what can be asked and said about them.

use std::time::Duration;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::hold::Hold;
use crate::id::{SessionId, UserId};
use crate::operation::{CLEAR_SESSION, PREFER, SET_SESSION, SET_STATUS_MESSAGE};
use crate::preferred::PreferredState;
use crate::presence::Presence;
use crate::session::{Expiration, SessionState};
use crate::status_message::StatusMessage;
use crate::workplace::Workplace;

/// A person, by one of the paths that lead to their presence: see [`Client::me`], [`Client::user`] and
/// [`Client::communications`]. Nothing is sent by naming one.
#[derive(Clone, Debug)]
pub struct Person {
    client: Client,
    path: Path,
}

/// How a URL names a person.
#[derive(Clone, Debug)]
pub(crate) enum Path {
    Me,
    User(UserId),
    Communications(UserId),
}

impl Path {
    /// Who it is, unless the token says it.
    pub(crate) fn person(&self) -> Option<&UserId> {
        match self {
            Self::Me => None,
            Self::User(id) | Self::Communications(id) => Some(id),
        }
    }

    /// The path without the person.
    pub(crate) fn template(&self) -> &'static str {
        match self {
            Self::Me => "/me/presence",
            Self::User(_) => "/users/{id}/presence",
            Self::Communications(_) => "/communications/presences/{id}",
        }
    }
}

impl Person {
    pub(crate) fn new(client: Client, path: Path) -> Self {
        Self { client, path }
    }

    /// Reads the presence. Somebody else's status message comes without its expiry and publication time.
    ///
    /// Source: documentation page `presence-get`.
    pub fn get(&self) -> GetPresence {
        GetPresence { person: self.clone() }
    }

    /// Sets the state of the application's session, and starts its expiration anew.
    ///
    /// Success does not mean that others see the state: they see the person's own choice if there is one, else the
    /// session that says most (DoNotDisturb, then Busy, then Available, then Away), and Teams shows it only after a while.
    ///
    /// Source: documentation page `presence-setpresence`.
    pub fn set(&self, state: SessionState) -> SetPresence {
        SetPresence { person: self.clone(), state, expiration: None }
    }

    /// Holds the state from [`Hold::start`] until [`Held::release`](crate::Held::release): sets the session, and renews it
    /// before it fades or expires, through throttling, outages and refused tokens.
    ///
    /// What is said of [`set`](Self::set) is true here too. A client holds one state of a person at a time.
    pub fn hold(&self, state: SessionState) -> Hold {
        Hold::new(self.clone(), state)
    }

    /// Ends the application's session.
    ///
    /// The service answers 404 when there is no such session: [`Error::is_not_found`].
    ///
    /// Source: documentation page `presence-clearpresence`.
    pub fn clear(&self) -> Action {
        self.action(What::ClearSession)
    }

    /// Sets what the person prefers to show. It outranks every session, and shows only while there is one.
    ///
    /// Source: documentation page `presence-setuserpreferredpresence`.
    pub fn prefer(&self, state: PreferredState) -> SetPreferred {
        SetPreferred { person: self.clone(), state, expires_after: None }
    }

    /// Takes the person's preference back: their sessions show again.
    ///
    /// Source: documentation page `presence-clearuserpreferredpresence`.
    pub fn clear_preferred(&self) -> Action {
        self.action(What::ClearPreferred)
    }

    /// Replaces the status message. On behalf of a person, it can be their own only.
    ///
    /// Source: documentation page `presence-setstatusmessage`.
    pub fn status_message(&self, message: StatusMessage) -> Action {
        self.action(What::SetStatusMessage(message))
    }

    /// Takes the status message away, by an empty one: no page says how it is done.
    pub fn clear_status_message(&self) -> Action {
        self.action(What::SetStatusMessage(StatusMessage::none()))
    }

    /// Says where the person works, as they would themselves. Outranks what devices and the schedule say. Needs a token
    /// on behalf of the person.
    ///
    /// Source: documentation page `presence-setmanuallocation`.
    pub fn manual_location(&self, workplace: Workplace) -> Action {
        self.action(What::SetManualLocation(workplace))
    }

    /// Says where the person works, as a device that noticed it. Outranks the schedule. Needs a token on behalf of the
    /// person.
    ///
    /// Source: documentation page `presence-setautomaticlocation`.
    pub fn automatic_location(&self, workplace: Workplace) -> Action {
        self.action(What::SetAutomaticLocation(workplace))
    }

    /// Takes back where a device noticed the person; what they said themselves stays.
    ///
    /// Source: documentation page `presence-clearautomaticlocation`.
    pub fn clear_automatic_location(&self) -> Action {
        self.action(What::ClearAutomaticLocation)
    }

    /// Takes back, for today, what the person said and what devices noticed: the schedule counts again.
    ///
    /// Source: documentation page `presence-clearlocation`.
    pub fn clear_location(&self) -> Action {
        self.action(What::ClearLocation)
    }

    fn action(&self, what: What) -> Action {
        Action { person: self.clone(), what }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The session that the client was built with.
    pub(crate) fn session(&self) -> Result<&SessionId> {
        self.client.session.as_ref().ok_or_else(|| {
            let rule = "the application's id, set once by `ClientBuilder::session`";
            Error::invalid_unprinted("session id", "none", rule)
        })
    }
}

/// A request for one person's presence. Nothing happens until it is sent.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the request is sent"]
pub struct GetPresence {
    person: Person,
}

impl GetPresence {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// When no token is to be had, no answer comes, Graph refuses, or the answer is not to be read.
    pub async fn send(self) -> Result<Presence> {
        self.person.client.transport.get(&self.person.path).await
    }
}

/// A request to set an application's session. Nothing happens until it is sent.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the request is sent"]
pub struct SetPresence {
    person: Person,
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
        let Person { client, path } = &self.person;
        let session = self.person.session().map_err(|error| error.during(&SET_SESSION))?;
        client.transport.set_session(path, session, self.state, self.expiration).await
    }
}

/// A request to set what a person prefers to show. Nothing happens until it is sent.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the request is sent"]
pub struct SetPreferred {
    person: Person,
    state: PreferredState,
    expires_after: Option<Duration>,
}

impl SetPreferred {
    /// How long the preference lasts; by the service, 1 day for Busy and DoNotDisturb and 7 days for the others, when
    /// not said. No bounds are documented.
    pub fn expires_after(mut self, duration: Duration) -> Self {
        self.expires_after = Some(duration);
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// When the preference is to last no time at all, no token is to be had, no answer comes, or Graph refuses.
    pub async fn send(self) -> Result<()> {
        let Person { client, path } = &self.person;
        if self.expires_after == Some(Duration::ZERO) {
            return Err(Error::invalid("expiration", "PT0S", "a time longer than none").during(&PREFER));
        }
        client.transport.prefer(path, self.state, self.expires_after).await
    }
}

/// A request that says something about a person, or takes it back. Nothing happens until it is sent.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the request is sent"]
pub struct Action {
    person: Person,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    ClearSession,
    ClearPreferred,
    SetStatusMessage(StatusMessage),
    SetManualLocation(Workplace),
    SetAutomaticLocation(Workplace),
    ClearAutomaticLocation,
    ClearLocation,
}

impl Action {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// When it needs a session id that the client was built without, no token is to be had, no answer comes, or Graph
    /// refuses.
    pub async fn send(self) -> Result<()> {
        let Person { client, path } = &self.person;
        let transport = &client.transport;
        match &self.what {
            What::ClearSession => {
                let session = self.person.session().map_err(|error| error.during(&CLEAR_SESSION))?;
                transport.clear_session(path, session).await
            }
            What::ClearPreferred => transport.clear_preferred(path).await,
            What::SetStatusMessage(message) => {
                message.sendable().map_err(|error| error.during(&SET_STATUS_MESSAGE))?;
                transport.set_status_message(path, message).await
            }
            What::SetManualLocation(workplace) => transport.set_manual_location(path, workplace).await,
            What::SetAutomaticLocation(workplace) => transport.set_automatic_location(path, workplace).await,
            What::ClearAutomaticLocation => transport.clear_automatic_location(path).await,
            What::ClearLocation => transport.clear_location(path).await,
        }
    }
}
