//! The operations of the service, from the generated table, and their permissions.

use std::fmt;

pub(crate) use graph_presence_raw::operation::{Binding, Operation};

/// The least privileged permissions of an operation, by kind of token.
///
/// Source: the permissions table of the operation's documentation page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    delegated: &'static str,
    application: Option<&'static str>,
}

impl Permissions {
    pub(crate) fn of(operation: Operation) -> Self {
        let graph_presence_raw::operation::Permissions { delegated, application } = operation.permissions();
        Self { delegated, application }
    }

    /// Returns the delegated permission: the scope of a token on behalf of a signed-in user.
    #[must_use]
    pub fn delegated(&self) -> &'static str {
        self.delegated
    }

    /// Returns the application permission: the role of an application's token. `None` if application tokens are not
    /// supported.
    #[must_use]
    pub fn application(&self) -> Option<&'static str> {
        self.application
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.application {
            Some(application) if application == self.delegated => {
                write!(formatter, "{application} (delegated or application)")
            }
            Some(application) => write!(formatter, "{} (delegated) or {application} (application)", self.delegated),
            None => write!(formatter, "{} (delegated; application tokens are not supported)", self.delegated),
        }
    }
}
