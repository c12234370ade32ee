//! Ids, checked when they are made.

use std::fmt;

use uuid::Uuid;

use crate::error::{Error, Result};

/// A person's object id in Microsoft Entra ID: a GUID.
///
/// The service wants the object id. A user principal name (`someone@example.com`) is refused, because the documentation of
/// presence demands the GUID; [`UserId::principal_name`] takes one all the same. It does not print: [`UserId::as_str`] gives
/// it out.
///
/// ```
/// use graph_presence::UserId;
///
/// let id = UserId::parse("FA8BF3DC-eca7-46b7-bad1-db199b62afc3")?;
/// assert_eq!(id.as_str(), "fa8bf3dc-eca7-46b7-bad1-db199b62afc3");
/// assert_eq!(format!("{id:?}"), "UserId(redacted)");
/// assert!(UserId::parse("someone@example.com").is_err());
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence-get`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(Box<str>);

/// The id of an application's session: the application's (client) id, a GUID.
///
/// A session is known by this id to set, renew and clear it, so a program uses one id, its own. It does not print:
/// [`SessionId::as_str`] gives it out.
///
/// ```
/// use graph_presence::SessionId;
///
/// let id = SessionId::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?;
/// assert_eq!(id.as_str(), "22553876-f5ab-4529-bffb-cfe50aa89f87");
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence-setpresence`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(Box<str>);

impl UserId {
    /// Reads a GUID of the form 8-4-4-4-12, in any case.
    ///
    /// # Errors
    ///
    /// When it is anything else. The message does not repeat the value, which may name a person.
    pub fn parse(text: &str) -> Result<Self> {
        guid(text).map(Self).ok_or_else(|| {
            let shape = if text.contains('@') {
                "a user principal name".to_owned()
            } else {
                format!("{} characters that are no GUID", text.chars().count())
            };
            Error::invalid_unprinted("user id", &shape, "the person's object id, a GUID of the form 8-4-4-4-12")
        })
    }

    /// Takes a user principal name (`someone@example.com`) instead of the object id, for [`Client::user`](crate::Client::user)
    /// only: what goes to `/communications` and subscriptions refuse it before anything is sent.
    ///
    /// What is known of it: Microsoft's documentation of presence demands the object id; its PowerShell reference says
    /// that a user principal name can also be used; users have reported that it fails. [`UserId::parse`] is the safe way.
    ///
    /// With the feature `serde` it is written, and not read again: what comes from outside is a GUID, because a name there
    /// would make the program's choice for it.
    ///
    /// # Errors
    ///
    /// When it has no name before or no domain after one `@`, or a character that no such name has.
    pub fn principal_name(text: &str) -> Result<Self> {
        let well_formed = text
            .split_once('@')
            .is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty() && !domain.contains('@'))
            && !text.contains(|character: char| {
                character.is_whitespace() || character.is_control() || "/?\\'\"".contains(character)
            });
        if well_formed {
            return Ok(Self(text.into()));
        }
        let shape = format!("{} characters that are no user principal name", text.chars().count());
        Err(Error::invalid_unprinted("user id", &shape, "a user principal name of the form name@domain"))
    }

    /// The id where Graph takes object ids only.
    pub(crate) fn object_id(&self) -> Result<Uuid> {
        Uuid::try_parse(&self.0).map_err(|_| {
            let shape = if self.0.contains('@') { "a user principal name" } else { "an id that is no GUID" };
            let rule = "the person's object id, a GUID: only `Client::user` takes names";
            Error::invalid_unprinted("user id", shape, rule)
        })
    }

    /// What the service says a person's id is, whatever its form.
    pub(crate) fn from_answer(mut text: String) -> Self {
        // Most come in lower case, where there is nothing to do; all bytes are looked at, because that takes less time.
        if text.bytes().fold(false, |upper, byte| upper | byte.is_ascii_uppercase()) && is_guid(&text) {
            text.make_ascii_lowercase();
        }
        Self(text.into())
    }

    pub(crate) fn into_text(self) -> String {
        self.0.into()
    }

    /// The id whose text it was.
    pub(crate) fn from_text(text: String) -> Self {
        Self(text.into())
    }

    /// The GUID, in lower case; or the user principal name; or, in an answer, what the service says.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SessionId {
    /// Reads a GUID of the form 8-4-4-4-12, in any case.
    ///
    /// # Errors
    ///
    /// When it is anything else. The message does not repeat the value, which may be a secret in the wrong place.
    pub fn parse(text: &str) -> Result<Self> {
        guid(text).map(Self).ok_or_else(|| {
            let shape = format!("{} characters that are no GUID", text.chars().count());
            Error::invalid_unprinted("session id", &shape, "the application's id, a GUID of the form 8-4-4-4-12")
        })
    }

    /// The GUID, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserId(redacted)")
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionId(redacted)")
    }
}

/// The canonical form of a GUID.
fn guid(text: &str) -> Option<Box<str>> {
    is_guid(text).then(|| text.to_ascii_lowercase().into())
}

/// Whether it is a hyphenated GUID: the library also reads forms that the service does not.
fn is_guid(text: &str) -> bool {
    text.len() == uuid::fmt::Hyphenated::LENGTH && Uuid::try_parse(text).is_ok()
}
