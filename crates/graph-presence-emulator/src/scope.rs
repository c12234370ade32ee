//! The permissions that a token can carry.

use serde::{Deserialize, Serialize};

/// Permissions to presence: scopes of a delegated token, roles of an application's.
///
/// A token can name others, such as `User.Read`. Presence has no use for them, so that they are not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Scopes(u8);

impl Scopes {
    pub(crate) const READ: Self = Self(1);
    pub(crate) const READ_ALL: Self = Self(2);
    pub(crate) const READ_WRITE: Self = Self(4);
    pub(crate) const READ_WRITE_ALL: Self = Self(8);

    /// All that can be granted to an application that acts for a user.
    pub(crate) const DELEGATED: Self = Self(1 | 2 | 4);
    /// All that can be granted to an application that acts for itself.
    pub(crate) const APPLICATION: Self = Self(2 | 8);

    const NAMES: [(Self, &'static str); 4] = [
        (Self::READ, "Presence.Read"),
        (Self::READ_ALL, "Presence.Read.All"),
        (Self::READ_WRITE, "Presence.ReadWrite"),
        (Self::READ_WRITE_ALL, "Presence.ReadWrite.All"),
    ];

    /// Those of these names that presence knows, in any case and with or without the resource before them.
    pub(crate) fn of(names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let known = names.into_iter().filter_map(|name| {
            let name = name.as_ref().rsplit('/').next().unwrap_or_default().to_owned();
            Self::NAMES.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(&name))
        });
        Self(known.fold(0, |all, (scope, _)| all | scope.0))
    }

    pub(crate) fn names(self) -> Vec<&'static str> {
        Self::NAMES.into_iter().filter(|(scope, _)| self.has_any(&[*scope])).map(|(_, name)| name).collect()
    }

    pub(crate) fn has_any(self, wanted: &[Self]) -> bool {
        wanted.iter().any(|wanted| self.0 & wanted.0 != 0)
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
