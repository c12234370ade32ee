//! A date and time in a time zone, as Microsoft Graph represents it.

use std::fmt;

use icu_time::zone::WindowsParser;
use icu_time::zone::iana::IanaParserExtended;
use jiff::civil::DateTimeRound;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{RoundMode, Timestamp, TimestampRound, Unit, Zoned, civil};

use crate::error::{Error, Result};

/// The precision of the service, in nanoseconds.
const TICK: i64 = 100;

/// A date and time without an offset, and the Windows or IANA name of its time zone.
///
/// The given time zone is preserved. Times are truncated to the service's precision of seven fractional digits. Can be
/// created from a [`Timestamp`] or a [`Zoned`].
///
/// ```
/// use graph_presence::DateTimeTimeZone;
/// use graph_presence::jiff::civil::date;
///
/// let at = date(2022, 10, 18).at(17, 5, 33, 207_978_100);
/// let end = DateTimeTimeZone::new(at, "Pacific Standard Time")?;
/// assert_eq!(end.date_time(), "2022-10-18T17:05:33.2079781");
/// assert_eq!(end.time_zone(), "Pacific Standard Time");
/// assert_eq!(end.timestamp(), Some("2022-10-19T00:05:33.2079781Z".parse().unwrap()));
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `datetimetimezone` (resource).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateTimeTimeZone {
    date_time: Box<str>,
    time_zone: Box<str>,
}

impl DateTimeTimeZone {
    /// Creates a date and time in the time zone with this Windows name (`Pacific Standard Time`) or IANA name
    /// (`America/Los_Angeles`).
    ///
    /// # Errors
    ///
    /// Returns an error if the time zone is unknown.
    pub fn new(date_time: civil::DateTime, time_zone: &str) -> Result<Self> {
        if find_time_zone(time_zone).is_none() {
            let expected = "the Windows or IANA name of a time zone, such as Pacific Standard Time";
            return Err(Error::invalid("time zone", time_zone, expected));
        }
        Ok(Self::truncated(date_time, time_zone))
    }

    /// Creates the value of a response. It is not validated, so that an unknown time zone is preserved.
    pub(crate) fn from_response(date_time: String, time_zone: Option<String>) -> Self {
        Self { date_time: date_time.into(), time_zone: time_zone.unwrap_or_default().into() }
    }

    /// Creates a value that is truncated to the precision of the service.
    fn truncated(date_time: civil::DateTime, time_zone: &str) -> Self {
        let ticks = DateTimeRound::new().smallest(Unit::Nanosecond).increment(TICK).mode(RoundMode::Trunc);
        let date_time = date_time.round(ticks).unwrap_or(date_time);
        Self { date_time: date_time.to_string().into(), time_zone: time_zone.into() }
    }

    /// Returns the date and time in ISO 8601, without an offset.
    #[must_use]
    pub fn date_time(&self) -> &str {
        &self.date_time
    }

    /// Returns the name of the time zone, as it was given or as the service returned it.
    #[must_use]
    pub fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// Returns the instant. `None` if the service returned an unknown time zone, or a text that is not a date and time.
    ///
    /// A time that is skipped by a daylight-saving transition is read with the offset before the transition. A time
    /// that is repeated is the first of the two.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        let date_time: civil::DateTime = self.date_time.parse().ok()?;
        find_time_zone(&self.time_zone)?.to_timestamp(date_time).ok()
    }
}

impl From<Timestamp> for DateTimeTimeZone {
    fn from(instant: Timestamp) -> Self {
        Self::truncated(TimeZone::UTC.to_datetime(instant), "UTC")
    }
}

impl From<&Zoned> for DateTimeTimeZone {
    /// Preserves the time zone if it has an IANA name. Otherwise, converts to UTC.
    fn from(zoned: &Zoned) -> Self {
        match zoned.time_zone().iana_name() {
            Some(name) => Self::truncated(zoned.datetime(), name),
            None => zoned.timestamp().into(),
        }
    }
}

impl From<Zoned> for DateTimeTimeZone {
    fn from(zoned: Zoned) -> Self {
        Self::from(&zoned)
    }
}

impl fmt::Display for DateTimeTimeZone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.date_time, self.time_zone)
    }
}

/// Truncates an instant to the precision of the service, seven fractional digits.
pub(crate) fn truncate_to_ticks(instant: Timestamp) -> Timestamp {
    let ticks = TimestampRound::new().smallest(Unit::Nanosecond).increment(TICK).mode(RoundMode::Trunc);
    instant.round(ticks).unwrap_or(instant)
}

/// Returns the time zone with an IANA or Windows name.
fn find_time_zone(name: &str) -> Option<TimeZone> {
    // The bundled database, because the names in the machine's database vary.
    let zones = TimeZoneDatabase::bundled();
    let by_windows_name = || {
        let windows = WindowsParser::new().parse(name, None)?;
        let iana = IanaParserExtended::new().iter().find(|known| known.time_zone == windows)?;
        zones.get(iana.canonical).ok()
    };
    zones.get(name).ok().or_else(by_windows_name).filter(|zone| !zone.is_unknown())
}
