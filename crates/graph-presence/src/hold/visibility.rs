//! Whether a held state is visible.

use crate::presence::Presence;
use crate::session::SessionState;
use crate::state::{Activity, Availability};

/// Whether a held state is the visible one.
///
/// The service shows the user's preferred presence before any session, and of the sessions the highest-ranked one:
/// DoNotDisturb, then Busy, then Available, then Away. It does not tell to which session the visible state belongs, so this is
/// what follows from that order: a preferred presence that looks like a higher-ranked session cannot be distinguished from it.
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
    /// The held state is visible.
    Shown,
    /// The user's preferred presence is visible.
    OutrankedByPreferred,
    /// Another session is visible, such as the user's Teams client.
    OutrankedBySession,
    /// Available or Away is visible, which ranks lower: the user prefers it, or the service does not show the held state yet.
    PreferredOrPending,
    /// Neither it nor anything that ranks higher is visible: the service does not show it yet, or the session has ended.
    NotShown,
}

impl Visibility {
    /// Returns the visibility of `held` that follows from the presence `seen`.
    #[must_use]
    pub fn of(held: SessionState, seen: &Presence) -> Self {
        let (availability, activity) = (&seen.availability, &seen.activity);
        if *availability == held.availability() && *activity == held.activity() {
            return Self::Shown;
        }
        let (Some(rank), Some(held_rank)) = (rank(availability), rank(&held.availability())) else {
            // Of the pairs without a rank, a user can prefer only this one.
            return match (availability, activity) {
                (Availability::Offline, Activity::OffWork) => Self::OutrankedByPreferred,
                _ => Self::NotShown,
            };
        };
        match (availability, activity) {
            // The held state, as it fades.
            (Availability::Available, Activity::AvailableInactive) if held == SessionState::Available => Self::NotShown,
            // Pairs that a user can prefer and an application cannot set.
            (Availability::Busy, Activity::Busy)
            | (Availability::DoNotDisturb, Activity::DoNotDisturb)
            | (Availability::BeRightBack, Activity::BeRightBack) => Self::OutrankedByPreferred,
            _ if rank >= held_rank => Self::OutrankedBySession,
            (Availability::Available, Activity::Available) | (Availability::Away, Activity::Away) => {
                Self::PreferredOrPending
            }
            _ => Self::NotShown,
        }
    }
}

/// Returns the rank in the service's order, if there is one. BeRightBack is taken to rank with Away, and the idle kinds with
/// the availability that they are a kind of.
fn rank(availability: &Availability) -> Option<u8> {
    match availability {
        Availability::Away | Availability::BeRightBack => Some(1),
        Availability::Available | Availability::AvailableIdle => Some(2),
        Availability::Busy | Availability::BusyIdle | Availability::InACall | Availability::InAMeeting => Some(3),
        Availability::DoNotDisturb | Availability::Presenting | Availability::Focusing => Some(4),
        _ => None,
    }
}
