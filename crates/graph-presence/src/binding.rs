//! The path by which a request addresses a user.

use crate::id::UserId;
use crate::operation::Binding;

/// The path of a user, with the user's id.
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
    /// Returns the user's id, or `None` for the signed-in user, whose id only the token contains.
    pub(crate) fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::Me => None,
            Self::User(id) | Self::Communications(id) => Some(id),
        }
    }

    /// Returns the user's id as text, or an empty text for the signed-in user.
    pub(crate) fn id_text(&self) -> String {
        self.user_id().map(ToString::to_string).unwrap_or_default()
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
