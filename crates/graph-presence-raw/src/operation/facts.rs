//! What is known about an operation apart from its name: the types of the generated table's columns.

use std::fmt;
use std::ops::RangeInclusive;

use crate::clouds::Row;

/// How a path names the user that an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binding {
    /// `/me/presence`: the signed-in user.
    Me,
    /// `/users/{user-id}/presence`.
    User,
    /// `/communications/presences/{presence-id}`.
    Communications,
}

/// A [`Binding`] with the user's id, as the actions of [`Client`](crate::Client) take it.
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

/// Shows the binding only: the id identifies a user.
impl fmt::Debug for UserPath<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.binding(), formatter)
    }
}

/// The least permissions that an operation needs, by kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Permissions {
    /// The delegated permission: the scope of a token on behalf of a signed-in user.
    pub delegated: &'static str,
    /// The application permission: the role of an application's own token. `None` if such tokens are not supported.
    pub application: Option<&'static str>,
}

/// One row of the generated table.
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
