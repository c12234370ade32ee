//! The types of the columns of the generated table of operations.

use std::fmt;
use std::ops::RangeInclusive;

use crate::clouds::Row;

/// The kind of path by which an operation addresses a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binding {
    /// `/me/presence`: the signed-in user.
    Me,
    /// `/users/{user-id}/presence`: any user, by object id.
    User,
    /// `/communications/presences/{presence-id}`: any user, by object id.
    Communications,
}

/// A [`Binding`] with the user's id: the argument of the actions of [`Client`](crate::Client).
#[derive(Clone, Copy)]
pub enum UserPath<'a> {
    /// The signed-in user.
    Me,
    /// The object id of a user, for `/users/{user-id}/presence`.
    User(&'a str),
    /// The object id of a user, for `/communications/presences/{presence-id}`.
    Communications(&'a str),
}

impl UserPath<'_> {
    /// Returns the binding without the id.
    #[must_use]
    pub const fn binding(self) -> Binding {
        match self {
            Self::Me => Binding::Me,
            Self::User(_) => Binding::User,
            Self::Communications(_) => Binding::Communications,
        }
    }
}

/// Writes only the binding, because the id identifies a user.
impl fmt::Debug for UserPath<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.binding(), formatter)
    }
}

/// The least privileged permissions of an operation, by kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Permissions {
    /// The delegated permission: the scope of a token on behalf of a signed-in user.
    pub delegated: &'static str,
    /// The application permission: the role of an application's token. `None` if application tokens are not supported.
    pub application: Option<&'static str>,
}

/// A row of the generated table.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) binding: Option<Binding>,
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) is_idempotent: bool,
    pub(crate) permissions: Permissions,
    pub(crate) success: &'static [RangeInclusive<u16>],
    pub(crate) clouds: &'static Row,
}
