//! Requests for one user: [`UserClient`] and the requests that its methods return.

mod location;
mod preferred;
mod presence;
mod status_message;

use crate::core::UserTarget;
use crate::hold::HoldBuilder;
use crate::preferred::PreferredState;
use crate::session::SessionState;
use crate::status_message::StatusMessage;
use crate::workplace::Workplace;

pub use self::location::{ClearAutomaticLocation, ClearLocation, SetAutomaticLocation, SetManualLocation};
pub use self::preferred::{ClearPreferredPresence, SetPreferredPresence};
pub use self::presence::{ClearPresence, GetPresence, SetPresence};
pub use self::status_message::{ClearStatusMessage, SetStatusMessage};

/// A client for one user: see [`Client::me`], [`Client::user`] and [`Client::communications`].
///
/// Each method except [`hold`](Self::hold) returns a request, which does nothing until it is awaited or its `send` is
/// called.
///
/// [`Client::me`]: crate::Client::me
/// [`Client::user`]: crate::Client::user
/// [`Client::communications`]: crate::Client::communications
#[derive(Clone, Debug)]
pub struct UserClient {
    target: UserTarget,
}

impl UserClient {
    pub(crate) fn new(target: UserTarget) -> Self {
        Self { target }
    }

    /// Gets the presence. For users other than the signed-in user, the status message does not contain its expiry and
    /// its publication time.
    ///
    /// ```
    /// use graph_presence::Availability;
    /// # use graph_presence::{AccessToken, Client, SessionId, UserId};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
    /// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
    /// # let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(application)?).build()?;
    /// # let user = client.user(UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// # emulator.sign_in(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?, "Busy", "InACall");
    /// let presence = user.get_presence().await?;
    /// assert_eq!(presence.availability, Availability::Busy);
    /// assert!(presence.is_in_a_call());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-get`.
    pub fn get_presence(&self) -> GetPresence {
        GetPresence::new(self.target.clone())
    }

    /// Sets the state of the application's session and restarts its expiration.
    ///
    /// A successful response does not mean that the state is visible: the user's preferred presence takes precedence,
    /// followed by the highest-ranked session (DoNotDisturb, then Busy, then Available, then Away), and Teams updates
    /// only every few minutes.
    ///
    /// ```
    /// use graph_presence::{Expiration, SessionState};
    /// # use graph_presence::{AccessToken, Client, SessionId, UserId};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
    /// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
    /// # let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(application)?).build()?;
    /// # let user = client.user(UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// user.set_presence(SessionState::InACall).expires_after(Expiration::hours(1)?).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-setpresence`.
    pub fn set_presence(&self, state: SessionState) -> SetPresence {
        SetPresence::new(self.target.clone(), state)
    }

    /// Clears the application's session.
    ///
    /// The service responds with 404 if the session does not exist:
    /// [`Error::is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
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
    /// user.set_presence(SessionState::Available).await?;
    /// user.clear_presence().await?;
    ///
    /// let error = user.clear_presence().await.unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-clearpresence`.
    pub fn clear_presence(&self) -> ClearPresence {
        ClearPresence::new(self.target.clone())
    }

    /// Sets the user's preferred presence. It takes precedence over every session, and is visible only while the user
    /// has a session.
    ///
    /// ```
    /// use graph_presence::PreferredState;
    /// # use graph_presence::{AccessToken, Client, SessionId, UserId};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
    /// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
    /// # let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(application)?).build()?;
    /// # let user = client.user(UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// # emulator.sign_in(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?, "Available", "Available");
    /// let hour = std::time::Duration::from_secs(3600);
    /// user.set_preferred_presence(PreferredState::DoNotDisturb).expires_after(hour).await?;
    /// assert!(user.get_presence().await?.is_do_not_disturb());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-setuserpreferredpresence`.
    pub fn set_preferred_presence(&self, state: PreferredState) -> SetPreferredPresence {
        SetPreferredPresence::new(self.target.clone(), state)
    }

    /// Clears the user's preferred presence, so that the sessions are visible again.
    ///
    /// ```
    /// use graph_presence::PreferredState;
    /// # use graph_presence::{AccessToken, Client, SessionId, UserId};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
    /// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
    /// # let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(application)?).build()?;
    /// # let user = client.user(UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// # emulator.sign_in(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?, "Available", "Available");
    /// user.set_preferred_presence(PreferredState::BeRightBack).await?;
    /// user.clear_preferred_presence().await?;
    /// assert!(user.get_presence().await?.is_available());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-clearuserpreferredpresence`.
    pub fn clear_preferred_presence(&self) -> ClearPreferredPresence {
        ClearPreferredPresence::new(self.target.clone())
    }

    /// Sets the user's status message, which replaces the previous one. A delegated token can set only the signed-in
    /// user's message.
    ///
    /// ```
    /// use graph_presence::StatusMessage;
    /// # use graph_presence::{AccessToken, Client, SessionId, UserId};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
    /// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
    /// # let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(application)?).build()?;
    /// # let user = client.user(UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// user.set_status_message(StatusMessage::text("Back at five")?).await?;
    ///
    /// let message = user.get_presence().await?.status_message;
    /// assert_eq!(message.as_ref().map(StatusMessage::content), Some("Back at five"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-setstatusmessage`.
    pub fn set_status_message(&self, message: StatusMessage) -> SetStatusMessage {
        SetStatusMessage::new(self.target.clone(), message)
    }

    /// Clears the user's status message by setting an empty one. The documentation does not describe an action for
    /// this.
    ///
    /// ```
    /// use graph_presence::StatusMessage;
    /// # use graph_presence::{AccessToken, Client, SessionId, UserId};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
    /// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
    /// # let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(application)?).build()?;
    /// # let user = client.user(UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// user.set_status_message(StatusMessage::text("Back at five")?).await?;
    /// user.clear_status_message().await?;
    ///
    /// let message = user.get_presence().await?.status_message;
    /// assert!(message.is_none_or(|message| message.content().is_empty()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_status_message(&self) -> ClearStatusMessage {
        ClearStatusMessage::new(self.target.clone())
    }

    /// Sets the user's manual work location, which takes precedence over the automatic location and the schedule.
    /// Requires a delegated token.
    ///
    /// ```
    /// use graph_presence::{WorkLocationType, Workplace};
    /// # use graph_presence::{AccessToken, Client};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// # let token = AccessToken::new(emulator.token(Caller::user(ada)));
    /// # let client = Client::builder(token).base_url(emulator.url()).build()?;
    /// # let user = client.me();
    /// user.set_manual_location(Workplace::REMOTE).await?;
    ///
    /// let location = user.get_presence().await?.work_location.ok_or("not supported")?;
    /// assert_eq!(location.location_type, WorkLocationType::Remote);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-setmanuallocation`.
    pub fn set_manual_location(&self, workplace: Workplace) -> SetManualLocation {
        SetManualLocation::new(self.target.clone(), workplace)
    }

    /// Sets the user's automatic work location, as detected by a device. It takes precedence over the schedule.
    /// Requires a delegated token.
    ///
    /// ```
    /// use graph_presence::{WorkLocationSource, Workplace};
    /// # use graph_presence::{AccessToken, Client};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// # let token = AccessToken::new(emulator.token(Caller::user(ada)));
    /// # let client = Client::builder(token).base_url(emulator.url()).build()?;
    /// # let user = client.me();
    /// user.set_automatic_location(Workplace::OFFICE.at("eb706f15-137e-4722-b4d1-b601481d9251")).await?;
    ///
    /// let location = user.get_presence().await?.work_location.ok_or("not supported")?;
    /// assert_eq!(location.source, WorkLocationSource::Automatic);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-setautomaticlocation`.
    pub fn set_automatic_location(&self, workplace: Workplace) -> SetAutomaticLocation {
        SetAutomaticLocation::new(self.target.clone(), workplace)
    }

    /// Clears the user's automatic work location. The manual location remains.
    ///
    /// ```
    /// use graph_presence::{WorkLocationSource, Workplace};
    /// # use graph_presence::{AccessToken, Client};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// # let token = AccessToken::new(emulator.token(Caller::user(ada)));
    /// # let client = Client::builder(token).base_url(emulator.url()).build()?;
    /// # let user = client.me();
    /// user.set_automatic_location(Workplace::OFFICE).await?;
    /// user.clear_automatic_location().await?;
    ///
    /// let location = user.get_presence().await?.work_location.ok_or("not supported")?;
    /// assert_eq!(location.source, WorkLocationSource::None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-clearautomaticlocation`.
    pub fn clear_automatic_location(&self) -> ClearAutomaticLocation {
        ClearAutomaticLocation::new(self.target.clone())
    }

    /// Clears the user's manual and automatic work location for today, so that the schedule applies again.
    ///
    /// ```
    /// use graph_presence::{WorkLocationType, Workplace};
    /// # use graph_presence::{AccessToken, Client};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// # let token = AccessToken::new(emulator.token(Caller::user(ada)));
    /// # let client = Client::builder(token).base_url(emulator.url()).build()?;
    /// # let user = client.me();
    /// user.set_manual_location(Workplace::TIME_OFF).await?;
    /// user.clear_location().await?;
    ///
    /// let location = user.get_presence().await?.work_location.ok_or("not supported")?;
    /// assert_eq!(location.location_type, WorkLocationType::Unspecified);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: documentation page `presence-clearlocation`.
    pub fn clear_location(&self) -> ClearLocation {
        ClearLocation::new(self.target.clone())
    }

    /// Creates a builder to hold a state from [`HoldBuilder::start`] until [`HoldHandle::release`]: the client sets the
    /// session and renews it before it fades or expires. Throttling, outages and rejected tokens do not end the hold.
    ///
    /// As with [`set_presence`](Self::set_presence), a held state is not always visible. A client holds one state of a
    /// user at a time.
    ///
    /// ```
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
    /// let call = user.hold(SessionState::InACall).start()?;
    /// call.until_held().await?;
    /// assert!(user.get_presence().await?.is_in_a_call());
    /// call.release().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`HoldHandle::release`]: crate::hold::HoldHandle::release
    pub fn hold(&self, state: SessionState) -> HoldBuilder {
        HoldBuilder::new(self.target.clone(), state)
    }
}
