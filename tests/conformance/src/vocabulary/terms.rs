//! The documentation's own terms.

use serde::Deserialize;

/// The maximum length of joined values.
const MAX_RUN_LENGTH: usize = 600;

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

/// The names of parameters, of their properties, and of the properties of a presence.
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

/// The values of `workLocationType` and of `source`.
const LOCATION_TYPES: [&str; 5] = ["office", "remote", "timeOff", "unknownFutureValue", "unspecified"];
const LOCATION_SOURCES: [&str; 5] = ["automatic", "manual", "none", "scheduled", "unknownFutureValue"];

/// Returns the values of a property, if its values are names.
pub(crate) fn values_of(property: &str) -> Option<&'static [&'static str]> {
    match property {
        "availability" | "activity" => Some(&VALUES),
        "workLocationType" => Some(&LOCATION_TYPES),
        "source" => Some(&LOCATION_SOURCES),
        _ => None,
    }
}

/// Splits joined values, because lists lose the characters between their values.
pub(crate) fn split_values(run: &str, values: &'static [&'static str]) -> Option<Vec<&'static str>> {
    if run.len() > MAX_RUN_LENGTH || !run.is_ascii() {
        return None;
    }
    // The longest value that ends at each offset, if the text before it consists of values.
    let mut reached: Vec<Option<&'static str>> = vec![None; run.len() + 1];
    for end in 1..=run.len() {
        let ends_here = |value: &&&'static str| {
            end.checked_sub(value.len()).is_some_and(|start| {
                (start == 0 || reached.get(start).is_some_and(Option::is_some))
                    && run.get(start..end).is_some_and(|part| part.eq_ignore_ascii_case(value))
            })
        };
        let longest = values.iter().filter(ends_here).max_by_key(|value| value.len()).copied();
        if let Some(entry) = reached.get_mut(end) {
            *entry = longest;
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

/// The headers in a page's table of request headers.
pub(super) const HEADERS: [&str; 2] = ["Authorization", "Content-Type"];

/// A term in place of scopes.
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

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unit {
    Requests,
    Users,
    Seconds,
    Minutes,
    Hours,
    Days,
}

/// A part of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ScopePart {
    Presence,
    Read,
    ReadWrite,
    All,
}

impl ScopePart {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Presence => "Presence",
            Self::Read => "Read",
            Self::ReadWrite => "ReadWrite",
            Self::All => "All",
        }
    }
}

/// A section of a page, by its heading.
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
