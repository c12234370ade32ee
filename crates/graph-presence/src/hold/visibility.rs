//! Whether what is held is what others see.

use crate::presence::Presence;
use crate::session::SessionState;
use crate::state::{Activity, Availability};

/// Whether others see the state that an application holds.
///
/// The service shows the person's own choice before any session, and of the sessions the one that says most:
/// DoNotDisturb, then Busy, then Available, then Away. It does not say whose state it shows, so this is what follows from
/// that order: a choice that looks like a session that ranks higher cannot be told from it.
///
/// ```
/// use graph_presence::hold::Visibility;
/// # use graph_presence::{AccessToken, Client, SessionId, SessionState, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
/// # let token = AccessToken::new(emulator.token(Caller::user(ada)));
/// # let session = SessionId::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?;
/// # let client = Client::builder(token).base_url(emulator.url()).session_id(session).build()?;
/// // Ada's Teams client is in a meeting, in which she presents.
/// emulator.sign_in(ada, "DoNotDisturb", "Presenting");
///
/// let held = client.me().hold(SessionState::InACall).start()?;
/// held.until_held().await?;
/// assert_eq!(held.read_back().await?.visibility, Visibility::OutrankedBySession);
/// held.release().await?;
/// # Ok(())
/// # }
/// ```
///
/// Source: documentation page "Manage presence state".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Visibility {
    /// Others see it.
    Shown,
    /// Others see what the person chose.
    OutrankedByChoice,
    /// Others see another session, such as the person's Teams client.
    OutrankedBySession,
    /// Others see Available or Away, which says less: the person chose it, or the service has not shown what is held yet.
    ChosenOrNotYetShown,
    /// Others see neither it nor anything that outranks it: the service has not shown it yet, or the session is over.
    NotShown,
}

impl Visibility {
    /// What `seen` says about the visibility of `held`.
    #[must_use]
    pub fn of(held: SessionState, seen: &Presence) -> Self {
        let (availability, activity) = (&seen.availability, &seen.activity);
        if *availability == held.availability() && *activity == held.activity() {
            return Self::Shown;
        }
        let (Some(rank), Some(own)) = (rank(availability), rank(&held.availability())) else {
            // Of what has no rank, a person can choose one only.
            return match (availability, activity) {
                (Availability::Offline, Activity::OffWork) => Self::OutrankedByChoice,
                _ => Self::NotShown,
            };
        };
        match (availability, activity) {
            // What is held, as it fades.
            (Availability::Available, Activity::AvailableInactive) if held == SessionState::Available => Self::NotShown,
            // Pairs that a person can choose and no application can set.
            (Availability::Busy, Activity::Busy)
            | (Availability::DoNotDisturb, Activity::DoNotDisturb)
            | (Availability::BeRightBack, Activity::BeRightBack) => Self::OutrankedByChoice,
            _ if rank >= own => Self::OutrankedBySession,
            (Availability::Available, Activity::Available) | (Availability::Away, Activity::Away) => {
                Self::ChosenOrNotYetShown
            }
            _ => Self::NotShown,
        }
    }
}

/// The place in the service's order, where it has one; BeRightBack is taken to rank with Away, and the idle kinds with
/// what they are a kind of.
fn rank(availability: &Availability) -> Option<u8> {
    match availability {
        Availability::Away | Availability::BeRightBack => Some(1),
        Availability::Available | Availability::AvailableIdle => Some(2),
        Availability::Busy | Availability::BusyIdle | Availability::InACall | Availability::InAMeeting => Some(3),
        Availability::DoNotDisturb | Availability::Presenting | Availability::Focusing => Some(4),
        _ => None,
    }
}
