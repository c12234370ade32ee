//! How a request addresses a user.

use crate::error::Result;
use crate::id::UserId;
use crate::operation::Binding;

/// How a URL addresses a user.
#[derive(Clone, Debug)]
pub(crate) enum UserBinding {
    /// `/me`: the signed-in user.
    Me,
    /// `/users/{id}`.
    User(UserId),
    /// `/communications/presences/{id}`.
    Communications(UserId),
}

impl UserBinding {
    /// Returns the user's id, or `None` for the signed-in user, whom only the token knows.
    pub(crate) fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::Me => None,
            Self::User(id) | Self::Communications(id) => Some(id),
        }
    }

    /// Returns an error for a user principal name where Graph takes object ids only.
    pub(crate) fn accepted(&self) -> Result<()> {
        match self {
            Self::Communications(id) => id.object_id().map(drop),
            Self::Me | Self::User(_) => Ok(()),
        }
    }

    /// Returns the binding without the id.
    pub(crate) fn kind(&self) -> Binding {
        match self {
            Self::Me => Binding::Me,
            Self::User(_) => Binding::User,
            Self::Communications(_) => Binding::Communications,
        }
    }
}
