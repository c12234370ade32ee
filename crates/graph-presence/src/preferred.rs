//! The states of a user's preferred presence.

use std::fmt;

use crate::error::{Error, Result};
use crate::state::{Activity, Availability};

/// A state of a user's preferred presence: a pair of availability and activity that `setUserPreferredPresence`
/// supports.
///
/// A preferred presence takes precedence over every session, and is visible only while the user has a session: without
/// one, the user is `Offline`. `InACall` and `Presenting` are not preferred states but states of an application's
/// session: see [`SessionState`](crate::SessionState).
///
/// ```
/// use graph_presence::{Activity, Availability, PreferredState};
///
/// let pair = (Availability::Offline, Activity::OffWork);
/// assert_eq!(PreferredState::try_from(pair)?, PreferredState::OffWork);
/// assert!(PreferredState::try_from((Availability::Busy, Activity::InACall)).is_err());
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence-setuserpreferredpresence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[doc(alias = "SessionState")]
#[doc(alias = "setUserPreferredPresence")]
pub enum PreferredState {
    /// `Available/Available`.
    Available,
    /// `Busy/Busy`.
    Busy,
    /// `DoNotDisturb/DoNotDisturb`.
    DoNotDisturb,
    /// `BeRightBack/BeRightBack`.
    BeRightBack,
    /// `Away/Away`.
    Away,
    /// `Offline/OffWork`.
    OffWork,
}

impl PreferredState {
    /// All states, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Available, Self::Busy, Self::DoNotDisturb, Self::BeRightBack, Self::Away, Self::OffWork];

    /// Returns the availability that is sent.
    #[must_use]
    pub fn availability(self) -> Availability {
        match self {
            Self::Available => Availability::Available,
            Self::Busy => Availability::Busy,
            Self::DoNotDisturb => Availability::DoNotDisturb,
            Self::BeRightBack => Availability::BeRightBack,
            Self::Away => Availability::Away,
            Self::OffWork => Availability::Offline,
        }
    }

    /// Returns the activity that is sent.
    #[must_use]
    pub fn activity(self) -> Activity {
        match self {
            Self::Available => Activity::Available,
            Self::Busy => Activity::Busy,
            Self::DoNotDisturb => Activity::DoNotDisturb,
            Self::BeRightBack => Activity::BeRightBack,
            Self::Away => Activity::Away,
            Self::OffWork => Activity::OffWork,
        }
    }
}

impl fmt::Display for PreferredState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.availability(), self.activity())
    }
}

impl TryFrom<(Availability, Activity)> for PreferredState {
    type Error = Error;

    /// Converts a pair of availability and activity.
    ///
    /// # Errors
    ///
    /// Returns an error if `setUserPreferredPresence` does not support the pair. The error message lists the supported
    /// pairs.
    fn try_from((availability, activity): (Availability, Activity)) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.availability() == availability && state.activity() == activity)
            .ok_or_else(|| Error::unsupported_pair("setUserPreferredPresence", &availability, &activity, &Self::ALL))
    }
}
