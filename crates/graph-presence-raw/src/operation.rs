//! The operations of the service as data: their names, methods, paths, permissions, success statuses and clouds.
//!
//! The table is generated from `specs/presence.openapi.yaml` and `specs/clouds.yaml`, like the methods of
//! [`Client`](crate::Client).
//!
//! ```
//! use graph_presence_raw::clouds::{Cloud, Version};
//! use graph_presence_raw::operation::{Action, Binding, Operation};
//!
//! let set = Operation::set_presence(Binding::User);
//! assert_eq!(set, Operation::UserSetPresence);
//! assert_eq!((set.action(), set.name()), (Action::SetPresence, "set presence"));
//! assert_eq!((set.method(), set.path()), ("POST", "/users/{user-id}/presence/setPresence"));
//! assert_eq!(set.permissions().application, Some("Presence.ReadWrite.All"));
//! assert!(set.is_idempotent() && set.is_success(204));
//! assert!(!set.clouds().claim(Version::V1).supports(Cloud::CHINA));
//! ```

mod facts;

use std::ops::RangeInclusive;

use crate::clouds::Row;

pub use crate::generated::operations::{Action, Operation};
pub(crate) use facts::Facts;
pub use facts::{Binding, Permissions, UserPath};

impl Operation {
    /// Returns the kind of path by which the operation addresses a user, or `None` if it does not address one user.
    #[must_use]
    pub fn binding(self) -> Option<Binding> {
        self.facts().binding
    }

    /// Returns the name of the action in lower case, for messages, such as `set presence`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns the HTTP method in upper case.
    #[must_use]
    pub fn method(self) -> &'static str {
        self.facts().method
    }

    /// Returns the path template without the version. It has names in braces in place of ids.
    #[must_use]
    pub fn path(self) -> &'static str {
        self.facts().path
    }

    /// Returns `true` if the operation is idempotent, so that a request whose response was lost can be sent again.
    #[must_use]
    pub fn is_idempotent(self) -> bool {
        self.facts().is_idempotent
    }

    /// Returns the least privileged permissions of the operation.
    #[must_use]
    pub fn permissions(self) -> Permissions {
        self.facts().permissions
    }

    /// Returns the ranges of the statuses of successful responses.
    #[must_use]
    pub fn success(self) -> &'static [RangeInclusive<u16>] {
        self.facts().success
    }

    /// Returns `true` if `status` is the status of a successful response.
    #[must_use]
    pub fn is_success(self, status: u16) -> bool {
        self.success().iter().any(|range| range.contains(&status))
    }

    /// Returns the clouds that support the operation, by version: the row of `specs/clouds.yaml`.
    #[must_use]
    pub fn clouds(self) -> &'static Row {
        self.facts().clouds
    }
}
