//! Whether a held state is visible.

use crate::presence::Presence;
use crate::session::SessionState;
use crate::state::{Activity, Availability};

/// Whether a held state is the visible one.
///
/// In the service, the user's preferred presence takes precedence over all sessions, followed by the highest-ranked
/// session: DoNotDisturb, then Busy, then Available, then Away. The response does not contain the session to which the
/// visible state belongs, so the visibility is derived from this order. A preferred presence that equals the state of a
/// higher-ranked session cannot be distinguished from it.
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
    /// Available or Away is visible, which ranks lower: it is the preferred presence, or the service does not show the
    /// held state yet.
    PreferredOrPending,
    /// Neither the held state nor a higher-ranked one is visible: the service does not show it yet, or the session has
    /// ended.
    NotShown,
}

impl Visibility {
    /// Returns the visibility of the state `held`, given the visible presence `seen`.
    #[must_use]
    pub fn of(held: SessionState, seen: &Presence) -> Self {
        let (availability, activity) = (&seen.availability, &seen.activity);
        if *availability == held.availability() && *activity == held.activity() {
            return Self::Shown;
        }
        let (Some(rank), Some(held_rank)) = (rank(availability), rank(&held.availability())) else {
            // Of the pairs without a rank, only this one can be a preferred presence.
            return match (availability, activity) {
                (Availability::Offline, Activity::OffWork) => Self::OutrankedByPreferred,
                _ => Self::NotShown,
            };
        };
        match (availability, activity) {
            // The held state after 5 minutes without a renewal.
            (Availability::Available, Activity::AvailableInactive) if held == SessionState::Available => Self::NotShown,
            // Pairs of a preferred presence that a session cannot have.
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

/// Returns the rank in the service's order, or `None` if the order does not contain the availability. BeRightBack has
/// the rank of Away, and other availabilities have the rank of the one that they specialize.
fn rank(availability: &Availability) -> Option<u8> {
    match availability {
        Availability::Away | Availability::BeRightBack => Some(1),
        Availability::Available | Availability::AvailableIdle => Some(2),
        Availability::Busy | Availability::BusyIdle | Availability::InACall | Availability::InAMeeting => Some(3),
        Availability::DoNotDisturb | Availability::Presenting | Availability::Focusing => Some(4),
        _ => None,
    }
}
