//! How a request addresses a user.

use crate::id::UserId;

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

    /// Returns the path template of the user's presence.
    pub(crate) fn template(&self) -> &'static str {
        match self {
            Self::Me => "/me/presence",
            Self::User(_) => "/users/{id}/presence",
            Self::Communications(_) => "/communications/presences/{id}",
        }
    }
}
