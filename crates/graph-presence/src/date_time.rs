//! A time of day on a date, in a zone that has a Windows or an IANA name.

use std::fmt;

use icu_time::zone::WindowsParser;
use icu_time::zone::iana::IanaParserExtended;
use jiff::civil::DateTimeRound;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{RoundMode, Timestamp, TimestampRound, Unit, Zoned, civil};

use crate::error::{Error, Result};

/// What the service counts in, in nanoseconds.
const TICK: i64 = 100;

/// When something ends, as Graph writes it: a date and time without an offset, and the name of a zone.
///
/// It keeps the zone that it was given in, and the seven fractional digits that the service knows. A [`Timestamp`] or a
/// [`Zoned`] converts into it.
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
    /// Takes a date and time in a zone by its Windows name (`Pacific Standard Time`) or its IANA name
    /// (`America/Los_Angeles`).
    ///
    /// # Errors
    ///
    /// When no zone has the name.
    pub fn new(date_time: civil::DateTime, time_zone: &str) -> Result<Self> {
        if zone(time_zone).is_none() {
            let expected = "the Windows or IANA name of a time zone, such as Pacific Standard Time";
            return Err(Error::invalid("time zone", time_zone, expected));
        }
        Ok(Self::of(date_time, time_zone))
    }

    /// What the service says, whatever it is: an unknown zone is kept.
    pub(crate) fn from_response(date_time: String, time_zone: Option<String>) -> Self {
        Self { date_time: date_time.into(), time_zone: time_zone.unwrap_or_default().into() }
    }

    /// The service knows seven fractional digits: what is finer is cut off.
    fn of(date_time: civil::DateTime, time_zone: &str) -> Self {
        let ticks = DateTimeRound::new().smallest(Unit::Nanosecond).increment(TICK).mode(RoundMode::Trunc);
        let date_time = date_time.round(ticks).unwrap_or(date_time);
        Self { date_time: date_time.to_string().into(), time_zone: time_zone.into() }
    }

    /// The date and time without an offset, ISO 8601.
    #[must_use]
    pub fn date_time(&self) -> &str {
        &self.date_time
    }

    /// The zone's name, as it was given or as the service sent it.
    #[must_use]
    pub fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// The instant that this is. `None` when the service sent an unknown zone, or not a date and time.
    ///
    /// A time that a clock change skips is taken as if the clock had not changed; one that it repeats is the first.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        let date_time: civil::DateTime = self.date_time.parse().ok()?;
        zone(&self.time_zone)?.to_timestamp(date_time).ok()
    }
}

impl From<Timestamp> for DateTimeTimeZone {
    fn from(instant: Timestamp) -> Self {
        Self::of(TimeZone::UTC.to_datetime(instant), "UTC")
    }
}

impl From<&Zoned> for DateTimeTimeZone {
    /// Keeps the zone if it has a name; a bare offset becomes UTC.
    fn from(zoned: &Zoned) -> Self {
        match zoned.time_zone().iana_name() {
            Some(name) => Self::of(zoned.datetime(), name),
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

/// The instant in the seven fractional digits that the service knows: what is finer is cut off.
pub(crate) fn in_ticks(instant: Timestamp) -> Timestamp {
    let ticks = TimestampRound::new().smallest(Unit::Nanosecond).increment(TICK).mode(RoundMode::Trunc);
    instant.round(ticks).unwrap_or(instant)
}

/// The zone of an IANA name or a Windows name.
fn zone(name: &str) -> Option<TimeZone> {
    // The zones that come along, not the machine's: its names are not the service's, and differ.
    let zones = TimeZoneDatabase::bundled();
    let by_windows_name = || {
        let windows = WindowsParser::new().parse(name, None)?;
        let iana = IanaParserExtended::new().iter().find(|known| known.time_zone == windows)?;
        zones.get(iana.canonical).ok()
    };
    zones.get(name).ok().or_else(by_windows_name).filter(|zone| !zone.is_unknown())
}
