//! Ids, checked when they are made.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::error::{Error, Result};

/// A user's object id in Microsoft Entra ID: a GUID.
///
/// `Display` writes the GUID in lower case. `Debug` redacts it, so that a log of values does not name users.
///
/// The service identifies users by object id: a user principal name (`someone@example.com`) is rejected.
///
/// ```
/// use graph_presence::UserId;
///
/// let id: UserId = "FA8BF3DC-eca7-46b7-bad1-db199b62afc3".parse()?;
/// assert_eq!(id.to_string(), "fa8bf3dc-eca7-46b7-bad1-db199b62afc3");
/// assert_eq!(format!("{id:?}"), "UserId(redacted)");
/// assert!(UserId::parse("someone@example.com").is_err());
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence-get`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(Uuid);

/// The id of an application's presence session: the application (client) id, a GUID.
///
/// The same id sets, renews and clears the session, so a program uses one id: its own. `Display` writes the GUID in lower
/// case. `Debug` redacts it.
///
/// ```
/// use graph_presence::SessionId;
///
/// let id: SessionId = "22553876-f5ab-4529-bffb-cfe50aa89f87".parse()?;
/// assert_eq!(id.to_string(), "22553876-f5ab-4529-bffb-cfe50aa89f87");
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence-setpresence`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(Uuid);

/// Implements what both ids have. `$kind` describes a text that was rejected without repeating it.
macro_rules! guid {
    ($name:ident, $field:literal, $kind:expr) => {
        impl $name {
            /// Parses a GUID of the form 8-4-4-4-12, in any case.
            ///
            /// # Errors
            ///
            /// Returns an error if `text` is not such a GUID. The message does not repeat the text.
            pub fn parse(text: &str) -> Result<Self> {
                let kind: fn(&str) -> String = $kind;
                parse(text).map(Self).ok_or_else(|| Error::invalid_redacted($field, &kind(text), "a GUID"))
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.0.hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH]))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }

        #[cfg(feature = "uuid")]
        impl From<Uuid> for $name {
            fn from(guid: Uuid) -> Self {
                Self(guid)
            }
        }

        #[cfg(feature = "uuid")]
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

guid!(UserId, "user id", |text| { if text.contains('@') { "a user principal name".to_owned() } else { length(text) } });
guid!(SessionId, "session id", length);

impl UserId {
    /// The id as a number, which hashes faster than its bytes.
    pub(crate) fn as_u128(self) -> u128 {
        self.0.as_u128()
    }
}

impl From<&Self> for UserId {
    fn from(id: &Self) -> Self {
        *id
    }
}

/// Parses the hyphenated form only: the library also reads forms that the service does not.
fn parse(text: &str) -> Option<Uuid> {
    if text.len() != Hyphenated::LENGTH {
        return None;
    }
    Uuid::try_parse(text).ok()
}

fn length(text: &str) -> String {
    format!("{} characters", text.chars().count())
}
