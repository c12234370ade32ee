//! Identifiers of users and applications.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// The identifier of a user or of an application: a GUID.
///
/// Case does not matter when it is parsed; it is shown in lower case, as the service answers it.
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
    /// Reads the hyphenated form.
    ///
    /// # Errors
    ///
    /// When the text is anything else, the other usual forms of a GUID (braces, no hyphens, URN) included.
    pub fn parse(text: &str) -> Result<Self, InvalidGuid> {
        text.parse::<Hyphenated>().map(|id| Self(id.into_uuid())).map_err(|_| InvalidGuid(()))
    }

    /// The form in which it is shown, without the machinery of `Display`.
    pub(crate) fn encode<'a>(&self, buffer: &'a mut [u8; Hyphenated::LENGTH]) -> &'a str {
        self.0.as_hyphenated().encode_lower(buffer)
    }

    /// What [`Self::encode`] needs.
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
        Self::parse(&text).map_err(|error| de::Error::custom(format!("{text:?} is {error}")))
    }
}

/// The text is no [`Guid`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidGuid(());

impl fmt::Display for InvalidGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a GUID of the form 00000000-0000-0000-0000-000000000000")
    }
}

impl std::error::Error for InvalidGuid {}
