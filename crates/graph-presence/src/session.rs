//! The states of an application's presence session, and its expiration.

use std::fmt;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::iso8601;
use crate::state::{Activity, Availability};

/// A state of an application's presence session: a pair of availability and activity that `setPresence` supports.
///
/// `Busy`, `DoNotDisturb`, `BeRightBack` and appearing offline are not states of a session but of the user's preferred
/// presence: see [`PreferredState`](crate::PreferredState), which takes precedence over every session. `OutOfOffice`
/// and `InAMeeting` cannot be set: the service derives them from the calendar.
///
/// ```
/// use graph_presence::{Activity, Availability, SessionState};
///
/// let pair = (Availability::Busy, Activity::InACall);
/// assert_eq!(SessionState::try_from(pair)?, SessionState::InACall);
///
/// let error = SessionState::try_from((Availability::Busy, Activity::Busy)).unwrap_err();
/// assert!(error.to_string().contains("Busy/Busy"));
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence-setpresence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[doc(alias = "PreferredState")]
#[doc(alias = "setPresence")]
pub enum SessionState {
    /// `Available/Available`. If it is not set again, it becomes `AvailableInactive` after 5 minutes and `Away` after 5
    /// more, regardless of the expiration.
    Available,
    /// `Busy/InACall`.
    InACall,
    /// `Busy/InAConferenceCall`.
    InAConferenceCall,
    /// `Away/Away`. Visible only while no session has a higher rank.
    Away,
    /// `DoNotDisturb/Presenting`.
    Presenting,
}

impl SessionState {
    /// All states, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Available, Self::InACall, Self::InAConferenceCall, Self::Away, Self::Presenting];

    /// Returns the availability that is sent.
    #[must_use]
    pub fn availability(self) -> Availability {
        match self {
            Self::Available => Availability::Available,
            Self::InACall | Self::InAConferenceCall => Availability::Busy,
            Self::Away => Availability::Away,
            Self::Presenting => Availability::DoNotDisturb,
        }
    }

    /// Returns the activity that is sent.
    #[must_use]
    pub fn activity(self) -> Activity {
        match self {
            Self::Available => Activity::Available,
            Self::InACall => Activity::InACall,
            Self::InAConferenceCall => Activity::InAConferenceCall,
            Self::Away => Activity::Away,
            Self::Presenting => Activity::Presenting,
        }
    }
}

impl fmt::Display for SessionState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.availability(), self.activity())
    }
}

impl TryFrom<(Availability, Activity)> for SessionState {
    type Error = Error;

    /// Converts a pair of availability and activity.
    ///
    /// # Errors
    ///
    /// Returns an error if `setPresence` does not support the pair. The error message lists the supported pairs.
    fn try_from((availability, activity): (Availability, Activity)) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.availability() == availability && state.activity() == activity)
            .ok_or_else(|| Error::unsupported_pair("setPresence", &availability, &activity, &Self::ALL))
    }
}

/// The time after which an application's session expires if it is not set again: 5 minutes to 4 hours.
///
/// ```
/// use graph_presence::Expiration;
///
/// assert_eq!(Expiration::hours(1)?.to_string(), "PT1H");
/// assert_eq!(Expiration::minutes(90)?.to_string(), "PT1H30M");
/// assert_eq!(Expiration::parse("PT5400S")?, Expiration::minutes(90)?);
/// assert!(Expiration::minutes(4).is_err());
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence-setpresence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expiration(Duration);

impl Expiration {
    /// The minimum, which is also the service's default: 5 minutes.
    pub const MIN: Self = Self(Duration::from_mins(5));
    pub(crate) const TEN_MINUTES: Self = Self(Duration::from_mins(10));
    /// The maximum: 4 hours.
    pub const MAX: Self = Self(Duration::from_hours(4));

    /// Creates an expiration from a duration. Fractions of a second are truncated.
    ///
    /// # Errors
    ///
    /// Returns an error if the duration is shorter than 5 minutes or longer than 4 hours.
    pub fn new(duration: Duration) -> Result<Self> {
        Self::in_range(duration).ok_or_else(|| Self::out_of_range(&Self(duration).to_string()))
    }

    /// Creates an expiration of 5 to 240 minutes.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [`Expiration::new`].
    pub fn minutes(minutes: u64) -> Result<Self> {
        Self::new(Duration::from_secs(minutes.saturating_mul(60)))
    }

    /// Creates an expiration of 1 to 4 hours.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [`Expiration::new`].
    pub fn hours(hours: u64) -> Result<Self> {
        Self::minutes(hours.saturating_mul(60))
    }

    /// Parses an ISO 8601 duration such as `PT1H30M`, `PT5400S` or `P0DT90M`.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not an ISO 8601 duration, contains years, months or weeks, or is out of range.
    pub fn parse(text: &str) -> Result<Self> {
        let duration = iso8601::parse(text).ok_or_else(|| {
            Error::invalid("expiration", text, "an ISO 8601 duration of days to seconds, such as PT1H30M")
        })?;
        Self::in_range(duration).ok_or_else(|| Self::out_of_range(text))
    }

    /// Returns the duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        self.0
    }

    /// Returns the expiration of a duration in the range, with fractions of a second truncated.
    fn in_range(duration: Duration) -> Option<Self> {
        let is_in_range = (Self::MIN.0..=Self::MAX.0).contains(&duration);
        is_in_range.then(|| Self(Duration::from_secs(duration.as_secs())))
    }

    fn out_of_range(value: &str) -> Error {
        Error::out_of_range("expiration", value, format_args!("{} to {}", Self::MIN, Self::MAX))
    }
}

impl TryFrom<Duration> for Expiration {
    type Error = Error;

    fn try_from(duration: Duration) -> Result<Self> {
        Self::new(duration)
    }
}

impl fmt::Display for Expiration {
    /// Writes the ISO 8601 duration that is sent, such as `PT1H30M`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&iso8601::format(self.0))
    }
}
