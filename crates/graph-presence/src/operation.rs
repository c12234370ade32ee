//! The service's operations, as errors speak of them.

/// An operation, and the least that it needs.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// Source: the permissions table of the operation's documentation page.
    pub(crate) permission: &'static str,
}

pub(crate) static GET_OWN: Operation =
    Operation { name: "get own presence", permission: "Presence.Read, and a token on behalf of a person" };

pub(crate) static GET: Operation = Operation { name: "get presence", permission: "Presence.Read.All" };

pub(crate) static GET_MANY: Operation = Operation { name: "get presences", permission: "Presence.Read.All" };

pub(crate) static SET_SESSION: Operation = Operation { name: "set presence", permission: WRITE };

pub(crate) static SET_STATUS_MESSAGE: Operation = Operation { name: "set status message", permission: WRITE };

const WRITE: &str = "Presence.ReadWrite on behalf of the person, or Presence.ReadWrite.All as an application";
