//! Time zones by their Windows or IANA names.

use icu_time::zone::WindowsParser;
use icu_time::zone::iana::IanaParserExtended;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Returns the time zone. Uses the bundled database, so that tests do not depend on that of the machine.
pub(super) fn find(name: &str) -> Option<TimeZone> {
    let zone = TimeZoneDatabase::bundled().get(iana_name(name).unwrap_or(name)).ok()?;
    (!zone.is_unknown()).then_some(zone)
}

fn iana_name(windows_name: &str) -> Option<&'static str> {
    let zone = WindowsParser::new().parse(windows_name, None)?;
    IanaParserExtended::new().iter().find(|known| known.time_zone == zone).map(|known| known.canonical)
}
