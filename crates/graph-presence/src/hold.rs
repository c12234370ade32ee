//! A state that is kept until it is released.

mod keeper;
mod schedule;
mod visibility;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::operation::SET_SESSION;
use crate::person::Person;
use crate::presence::Presence;
use crate::session::{Expiration, SessionState};

pub(crate) use self::keeper::Keeper;
use self::schedule::Holding;
pub use self::visibility::Visibility;

/// A state that is about to be held: see [`Person::hold`]. Nothing happens until it is started.
#[derive(Clone, Debug)]
#[must_use = "nothing is held until it is started"]
pub struct Hold {
    person: Person,
    state: SessionState,
    expiration: Expiration,
}

impl Hold {
    /// How long the session lasts after its last renewal unless said otherwise: 10 minutes.
    pub const EXPIRATION: Expiration = Expiration::TEN_MINUTES;

    pub(crate) fn new(person: Person, state: SessionState) -> Self {
        Self { person, state, expiration: Self::EXPIRATION }
    }

    /// How long the session lasts after its last renewal, so that it ends by itself when the program does. A longer one
    /// outlasts longer outages of the service. Renewals come every 4 minutes or so all the same.
    pub fn expires_after(mut self, expiration: Expiration) -> Self {
        self.expiration = expiration;
        self
    }

    /// Starts to hold the state. Whether the service takes it is told by [`Held::status`] and [`Held::until_held`].
    ///
    /// All that a client holds is renewed on the tokio runtime on which the first of it was started, and lost with it.
    ///
    /// # Errors
    ///
    /// When the client was built without a session id, when it holds a state of the same person already, or when there
    /// is no tokio runtime here.
    pub fn start(self) -> Result<Held> {
        let Self { person, state, expiration } = self;
        let start = || {
            let session = *person.session()?;
            person.client().keeper.start(Holding { path: person.path().clone(), session, state, expiration })
        };
        let (number, status) = start().map_err(|error| error.during(&SET_SESSION))?;
        Ok(Held { person, number, state: Mutex::new(state), status })
    }
}

/// A state that is being held. It is renewed until it is released, through throttling, outages and refused tokens.
///
/// ```
/// # use graph_presence::{AccessToken, Client, SessionId, SessionState, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
/// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
/// # let client = Client::builder(token).base_url(emulator.url()).session(SessionId::parse(application)?).build()?;
/// # let ada = UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
/// let call = client.user(ada).hold(SessionState::InACall).start()?;
/// call.until_held().await?;
/// call.change(SessionState::Presenting);
/// call.release().await?;
/// # Ok(())
/// # }
/// ```
///
/// Dropped without [`release`](Self::release), it is not renewed any more, and the service ends the session when it
/// expires: 10 minutes after the last renewal, or what [`Hold::expires_after`] said.
#[must_use = "dropped, it is not held any more"]
pub struct Held {
    person: Person,
    number: u64,
    state: Mutex<SessionState>,
    status: watch::Receiver<HoldStatus>,
}

/// How it stands with what is held.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum HoldStatus {
    /// The state was not sent yet, or is on its way.
    Setting,
    /// The service took the state. Whether others see it is another thing: [`Held::read_back`].
    Held {
        /// What the service took.
        state: SessionState,
        /// When it last did.
        at: Timestamp,
    },
    /// The last attempt failed, or it is overdue while others' attempts fail; another follows.
    Retrying {
        /// When the first attempt failed after which none succeeded.
        since: Timestamp,
        /// Why the last one failed.
        error: Arc<Error>,
    },
    /// The service refuses in a way that does not pass: nothing is held any more.
    Lost {
        /// When.
        at: Timestamp,
        /// Why.
        error: Arc<Error>,
    },
}

/// What [`Held::read_back`] saw.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReadBack {
    /// The person's presence.
    pub presence: Presence,
    /// How it relates to the state that is held.
    pub visibility: Visibility,
}

impl Held {
    /// How it stands.
    #[must_use]
    pub fn status(&self) -> HoldStatus {
        self.status.borrow().clone()
    }

    /// How it stands as it changes, for whoever wants to follow it.
    #[must_use]
    pub fn statuses(&self) -> HoldStatuses {
        HoldStatuses { status: self.status.clone() }
    }

    /// Waits until the service has taken the state that is to be held.
    ///
    /// # Errors
    ///
    /// When the hold is lost.
    pub async fn until_held(&self) -> std::result::Result<(), Arc<Error>> {
        let mut statuses = self.statuses();
        let mut status = Some(self.status());
        loop {
            match status {
                Some(HoldStatus::Held { .. }) | None => return Ok(()),
                Some(HoldStatus::Lost { error, .. }) => return Err(error),
                Some(HoldStatus::Setting | HoldStatus::Retrying { .. }) => status = statuses.changed().await,
            }
        }
    }

    /// Holds another state from now on.
    pub fn change(&self, state: SessionState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.person.client().keeper.change(self.number, state);
    }

    /// Reads the presence, and says whether it is what is held. Needs the permission to read.
    ///
    /// It takes the service up to some minutes to show what it took. The answer says which state is seen, and not whose:
    /// [`Visibility`] says what follows from the order in which the service ranks them.
    ///
    /// # Errors
    ///
    /// As [`GetPresence::send`](crate::GetPresence::send).
    pub async fn read_back(&self) -> Result<ReadBack> {
        let presence = self.person.get().send().await?;
        let held = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let visibility = Visibility::of(held, &presence);
        Ok(ReadBack { presence, visibility })
    }

    /// Stops renewing and ends the session. That there is none any more is success.
    ///
    /// A renewal that is under way is waited for: else it could arrive later than the end. What was lost, and is held anew
    /// since, is left alone.
    ///
    /// # Errors
    ///
    /// When the session could not be ended; then it expires by itself.
    pub async fn release(self) -> Result<()> {
        // Until this is done, nobody else can hold a state of the person.
        let Self { person, number, .. } = &self;
        if !person.client().keeper.quiet(*number).await {
            return Ok(());
        }
        match person.clear().send().await {
            Err(error) if error.is_not_found() => Ok(()),
            outcome => outcome,
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.person.client().keeper.forget(self.number);
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Held")
            .field("state", &self.state)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

/// How it stands with what is held, as it changes: see [`Held::statuses`].
///
/// ```
/// use graph_presence::HoldStatus;
/// # use graph_presence::{AccessToken, Client, SessionId, SessionState, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let application = "22553876-f5ab-4529-bffb-cfe50aa89f87";
/// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(application)?)));
/// # let client = Client::builder(token).base_url(emulator.url()).session(SessionId::parse(application)?).build()?;
/// # let ada = UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
///
/// let call = client.user(ada).hold(SessionState::InACall).start()?;
/// let mut statuses = call.statuses();
/// while let Some(status) = statuses.changed().await {
///     match status {
///         HoldStatus::Held { state, at } => println!("{at} {state}"),
///         HoldStatus::Retrying { since, error } => println!("not renewed since {since}: {error}"),
///         HoldStatus::Lost { error, .. } => println!("given up: {error}"),
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
    /// How it stands.
    #[must_use]
    pub fn current(&self) -> HoldStatus {
        self.status.borrow().clone()
    }

    /// Waits until it stands otherwise than was last told here, or at the start; what came in between is left out. Ends
    /// when the state is not held any more.
    pub async fn changed(&mut self) -> Option<HoldStatus> {
        let is_lost = matches!(*self.status.borrow(), HoldStatus::Lost { .. });
        if is_lost && matches!(self.status.has_changed(), Ok(false)) {
            return None;
        }
        self.status.changed().await.ok()?;
        Some(self.status.borrow_and_update().clone())
    }
}
