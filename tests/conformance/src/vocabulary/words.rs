//! The documentation's own words.

use serde::Deserialize;

/// The longest run of letters that is taken apart.
const LONGEST_RUN: usize = 600;

/// The values of availability and activity.
pub(super) const VALUES: [&str; 19] = [
    "Available",
    "AvailableIdle",
    "AvailableInactive",
    "Away",
    "BeRightBack",
    "Busy",
    "BusyIdle",
    "DoNotDisturb",
    "Focusing",
    "InACall",
    "InAConferenceCall",
    "InAMeeting",
    "Inactive",
    "OffWork",
    "Offline",
    "OutOfOffice",
    "PresenceUnknown",
    "Presenting",
    "UrgentInterruptionsOnly",
];

/// The names of parameters, of the properties they hold, and of those of a presence.
pub(super) const NAMES: [&str; 21] = [
    "activity",
    "availability",
    "content",
    "contentType",
    "dateTime",
    "expirationDuration",
    "expiryDateTime",
    "id",
    "ids",
    "isOutOfOffice",
    "message",
    "outOfOfficeSettings",
    "placeId",
    "publishedDateTime",
    "sequenceNumber",
    "sessionId",
    "source",
    "statusMessage",
    "timeZone",
    "workLocation",
    "workLocationType",
];

/// The kinds of places to work, and who says where somebody works.
const LOCATION_TYPES: [&str; 5] = ["office", "remote", "timeOff", "unknownFutureValue", "unspecified"];
const LOCATION_SOURCES: [&str; 5] = ["automatic", "manual", "none", "scheduled", "unknownFutureValue"];

/// The values of a property whose values are named.
pub(crate) fn values_of(property: &str) -> Option<&'static [&'static str]> {
    match property {
        "availability" | "activity" => Some(&VALUES),
        "workLocationType" => Some(&LOCATION_TYPES),
        "source" => Some(&LOCATION_SOURCES),
        _ => None,
    }
}

/// The values that a run of letters is made of: lists lose what stood between their values.
pub(crate) fn segmented(run: &str, values: &'static [&'static str]) -> Option<Vec<&'static str>> {
    if run.len() > LONGEST_RUN || !run.is_ascii() {
        return None;
    }
    // For each place that values reach: the last of them, the longest first.
    let mut reached: Vec<Option<&'static str>> = vec![None; run.len() + 1];
    for end in 1..=run.len() {
        let fits = |value: &&&'static str| {
            end.checked_sub(value.len()).is_some_and(|start| {
                (start == 0 || reached.get(start).is_some_and(Option::is_some))
                    && run.get(start..end).is_some_and(|part| part.eq_ignore_ascii_case(value))
            })
        };
        let longest = values.iter().filter(fits).max_by_key(|value| value.len()).copied();
        if let Some(place) = reached.get_mut(end) {
            *place = longest;
        }
    }
    let mut found = Vec::new();
    let mut end = run.len();
    while end > 0 {
        let value = reached.get(end).copied().flatten()?;
        found.push(value);
        end -= value.len();
    }
    found.reverse();
    Some(found)
}

/// The headers that a page's table of request headers names.
pub(super) const HEADERS: [&str; 2] = ["Authorization", "Content-Type"];

/// A word in the place of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Absence {
    NotSupported,
    NotAvailable,
}

/// A cloud of the cloud table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cloud {
    Global,
    L4,
    L5,
    China,
}

/// The heading of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Heading {
    Parameter,
    Property,
    Method,
    Type,
    Description,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Type {
    String,
    StringCollection,
    Duration,
    Boolean,
}

impl Type {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::StringCollection => "string collection",
            Self::Duration => "duration",
            Self::Boolean => "boolean",
        }
    }
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unit {
    Requests,
    People,
    Seconds,
    Minutes,
    Hours,
    Days,
}

/// A piece of a scope's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Piece {
    Presence,
    Read,
    ReadWrite,
    All,
}

impl Piece {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Presence => "Presence",
            Self::Read => "Read",
            Self::ReadWrite => "ReadWrite",
            Self::All => "All",
        }
    }
}

/// A part of a page, by its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Section {
    Permissions,
    HttpRequest,
    RequestHeaders,
    RequestBody,
    Request,
    Response,
    Examples,
    Properties,
    Relationships,
    Methods,
    JsonRepresentation,
    Note,
}
