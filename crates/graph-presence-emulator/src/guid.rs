//! Identifiers of users, applications and tenants.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

const FORM: &str = "00000000-0000-0000-0000-000000000000";

/// The identifier of a user, an application or a tenant: a GUID.
///
/// Parsing ignores case; the identifier is displayed in lower case, as in responses of the service.
///
/// ```
/// use graph_presence_emulator::Guid;
///
/// let ada = Guid::parse("FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3")?;
/// assert_eq!(ada.to_string(), "fa8bf3dc-eca7-46b7-bad1-db199b62afc3");
/// assert!(Guid::parse("ada@contoso.com").is_err());
/// # Ok::<(), graph_presence_emulator::InvalidGuid>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid(Uuid);

impl Guid {
    /// Parses the hyphenated form.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a GUID in the hyphenated form. Other forms (braces, no hyphens, URN) are
    /// rejected.
    pub fn parse(text: &str) -> Result<Self, InvalidGuid> {
        text.parse::<Hyphenated>().map(|id| Self(id.into_uuid())).map_err(|_| InvalidGuid(()))
    }

    /// Encodes the displayed form into a buffer, which is faster than `Display`.
    pub(crate) fn encode<'a>(&self, buffer: &'a mut [u8; Hyphenated::LENGTH]) -> &'a str {
        self.0.as_hyphenated().encode_lower(buffer)
    }

    /// Returns a buffer for [`Self::encode`].
    pub(crate) const fn buffer() -> [u8; Hyphenated::LENGTH] {
        [0; Hyphenated::LENGTH]
    }

    pub(crate) const NIL: Self = Self(Uuid::nil());

    pub(crate) fn random() -> Self {
        Self(Uuid::new_v4())
    }

    pub(crate) const fn from_u128(id: u128) -> Self {
        Self(Uuid::from_u128(id))
    }
}

impl FromStr for Guid {
    type Err = InvalidGuid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl Serialize for Guid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Guid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .map_err(|_| de::Error::custom(format_args!("expected a GUID of the form {FORM}, got {text:?}")))
    }
}

/// The error of parsing a text that is not a [`Guid`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidGuid(());

impl fmt::Display for InvalidGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid GUID: expected the form {FORM}")
    }
}

impl std::error::Error for InvalidGuid {}
