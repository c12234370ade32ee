//! The validated ids of users and sessions.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::error::{Error, Result};

/// A user's object id in Microsoft Entra ID: a GUID.
///
/// `Display` writes the GUID in lower case. It is redacted in `Debug`, so that logs do not identify users.
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
/// The same id sets, renews and clears the session. `Display` writes the GUID in lower case. It is redacted in `Debug`.
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

/// Implements the methods and traits of an id. `$describe` describes a rejected text without repeating it.
macro_rules! guid {
    ($name:ident, $field:literal, $describe:expr) => {
        impl $name {
            /// Parses a GUID in the form 8-4-4-4-12, ignoring case.
            ///
            /// # Errors
            ///
            /// Returns an error if `text` is not a GUID in this form. The error message does not contain the text.
            pub fn parse(text: &str) -> Result<Self> {
                let describe: fn(&str) -> String = $describe;
                parse(text).map(Self).ok_or_else(|| Error::invalid_redacted($field, &describe(text), "a GUID"))
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
    /// Returns the id as a number, which hashes faster than its bytes.
    pub(crate) fn as_u128(self) -> u128 {
        self.0.as_u128()
    }
}

impl From<&Self> for UserId {
    fn from(id: &Self) -> Self {
        *id
    }
}

/// Parses only the hyphenated form. `Uuid` also parses forms that the service rejects.
fn parse(text: &str) -> Option<Uuid> {
    if text.len() != Hyphenated::LENGTH {
        return None;
    }
    Uuid::try_parse(text).ok()
}

fn length(text: &str) -> String {
    format!("{} characters", text.chars().count())
}
