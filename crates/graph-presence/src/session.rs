//! What an application can say about a person, and for how long.

use std::fmt;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::iso8601;
use crate::state::{Activity, Availability};

/// The states that an application's session can have: the pairs of availability and activity that setPresence accepts.
///
/// Out of office and "in a meeting" cannot be set: they come from the calendar.
///
/// ```
/// use graph_presence::{Activity, Availability, SessionState};
///
/// let pair = (Availability::Busy, Activity::InACall);
/// assert_eq!(SessionState::try_from(pair)?, SessionState::InACall);
///
/// let refused = SessionState::try_from((Availability::Busy, Activity::Busy)).unwrap_err();
/// assert!(refused.to_string().contains("\"Busy/Busy\""));
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence-setpresence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionState {
    /// `Available/Available`. Fades to `AvailableInactive` after 5 minutes and to `Away` after 5 more, unless it is set
    /// again, whatever its expiration.
    Available,
    /// `Busy/InACall`.
    InACall,
    /// `Busy/InAConferenceCall`.
    InAConferenceCall,
    /// `Away/Away`. Others see it only while no session says more than that.
    Away,
    /// `DoNotDisturb/Presenting`.
    Presenting,
}

impl SessionState {
    /// Every state, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Available, Self::InACall, Self::InAConferenceCall, Self::Away, Self::Presenting];

    /// The availability that is sent.
    #[must_use]
    pub fn availability(self) -> Availability {
        match self {
            Self::Available => Availability::Available,
            Self::InACall | Self::InAConferenceCall => Availability::Busy,
            Self::Away => Availability::Away,
            Self::Presenting => Availability::DoNotDisturb,
        }
    }

    /// The activity that is sent.
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

    /// The state that is this pair.
    ///
    /// # Errors
    ///
    /// When setPresence does not support the pair; the message lists the pairs that it supports.
    fn try_from((availability, activity): (Availability, Activity)) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.availability() == availability && state.activity() == activity)
            .ok_or_else(|| Error::unsupported_pair("setPresence", &availability, &activity, &Self::ALL))
    }
}

/// How long an application's session lasts unless it is set again: 5 minutes to 4 hours.
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
    /// The shortest: 5 minutes. The service takes it when none is sent.
    pub const MIN: Self = Self(Duration::from_mins(5));
    pub(crate) const TEN_MINUTES: Self = Self(Duration::from_mins(10));
    /// The longest: 4 hours.
    pub const MAX: Self = Self(Duration::from_hours(4));

    /// Takes any duration within the bounds, in whole seconds: a rest is cut off.
    ///
    /// # Errors
    ///
    /// When it is shorter than 5 minutes or longer than 4 hours.
    pub fn new(duration: Duration) -> Result<Self> {
        Self::within_bounds(duration).ok_or_else(|| Self::refused(&Self(duration).to_string()))
    }

    /// Takes whole minutes, 5 to 240.
    ///
    /// # Errors
    ///
    /// As [`Expiration::new`].
    pub fn minutes(minutes: u64) -> Result<Self> {
        Self::new(Duration::from_secs(minutes.saturating_mul(60)))
    }

    /// Takes whole hours, 1 to 4.
    ///
    /// # Errors
    ///
    /// As [`Expiration::new`].
    pub fn hours(hours: u64) -> Result<Self> {
        Self::minutes(hours.saturating_mul(60))
    }

    /// Reads an ISO 8601 duration such as `PT1H30M`, `PT5400S` or `P0DT90M`.
    ///
    /// # Errors
    ///
    /// When it is no ISO 8601 duration, has years, months or weeks, or is out of bounds.
    pub fn parse(text: &str) -> Result<Self> {
        let duration = iso8601::read(text).ok_or_else(|| {
            let rule = "an ISO 8601 duration of days to seconds, such as PT1H30M";
            Error::invalid("expiration", text, rule)
        })?;
        Self::within_bounds(duration).ok_or_else(|| Self::refused(text))
    }

    /// The length of time.
    #[must_use]
    pub fn duration(self) -> Duration {
        self.0
    }

    /// What is left over after whole seconds is cut off.
    fn within_bounds(duration: Duration) -> Option<Self> {
        let within = (Self::MIN.0..=Self::MAX.0).contains(&duration);
        within.then(|| Self(Duration::from_secs(duration.as_secs())))
    }

    fn refused(value: &str) -> Error {
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
    /// ISO 8601 as it is sent: `PT1H30M`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&iso8601::write(self.0))
    }
}
