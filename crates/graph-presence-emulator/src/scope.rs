//! The permissions of a token.

use serde::{Deserialize, Serialize};

/// A set of presence permissions: the scopes of a user's token, or the roles of an application's token.
///
/// Other permissions, such as `User.Read`, do not affect presence and are not stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Scopes(u8);

impl Scopes {
    pub(crate) const READ: Self = Self(1);
    pub(crate) const READ_ALL: Self = Self(2);
    pub(crate) const READ_WRITE: Self = Self(4);
    pub(crate) const READ_WRITE_ALL: Self = Self(8);

    /// All delegated permissions.
    pub(crate) const DELEGATED: Self = Self(1 | 2 | 4);
    /// All application permissions.
    pub(crate) const APPLICATION: Self = Self(2 | 8);

    const NAMES: [(Self, &'static str); 4] = [
        (Self::READ, "Presence.Read"),
        (Self::READ_ALL, "Presence.Read.All"),
        (Self::READ_WRITE, "Presence.ReadWrite"),
        (Self::READ_WRITE_ALL, "Presence.ReadWrite.All"),
    ];

    /// Parses names of permissions, ignoring case and a resource prefix. Unknown names are ignored.
    pub(crate) fn from_names(names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let known = names.into_iter().filter_map(|name| {
            let name = name.as_ref().rsplit('/').next().unwrap_or_default().to_owned();
            Self::NAMES.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(&name))
        });
        Self(known.fold(0, |all, (scope, _)| all | scope.0))
    }

    pub(crate) fn names(self) -> Vec<&'static str> {
        Self::NAMES.into_iter().filter(|(scope, _)| self.has_any(&[*scope])).map(|(_, name)| name).collect()
    }

    pub(crate) fn has_any(self, scopes: &[Self]) -> bool {
        scopes.iter().any(|scope| self.0 & scope.0 != 0)
    }

    pub(crate) const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
