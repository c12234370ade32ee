//! The service's operations: what they are called, what they need, and whether they may be repeated.

use std::fmt;

/// An operation of the service.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// What follows a person in the path, or else the whole path.
    #[cfg_attr(not(feature = "tracing"), expect(dead_code, reason = "only spans tell it"))]
    pub(crate) path: &'static str,
    pub(crate) class: Class,
    /// Source: the permissions table of the operation's documentation page.
    pub(crate) permissions: Permissions,
}

/// Whether an operation can be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Repeating it has the same effect as doing it once.
    Idempotent,
    /// Repeating it fails, or has a second effect.
    Once,
}

/// The least permission that a call needs, by kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    delegated: &'static str,
    application: Option<&'static str>,
}

impl Permissions {
    /// The scope that a token on behalf of a person needs.
    #[must_use]
    pub fn delegated(&self) -> &'static str {
        self.delegated
    }

    /// The role that an application's own token needs; `None` where no such token is accepted.
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
            None => write!(formatter, "{} (delegated; application tokens are not accepted)", self.delegated),
        }
    }
}

const READ_ALL: Permissions = Permissions { delegated: "Presence.Read.All", application: Some("Presence.Read.All") };
const WRITE: Permissions = Permissions { delegated: "Presence.ReadWrite", application: Some("Presence.ReadWrite.All") };

const fn idempotent(name: &'static str, path: &'static str, permissions: Permissions) -> Operation {
    Operation { name, path, class: Class::Idempotent, permissions }
}

const OWN: Permissions = Permissions { delegated: "Presence.ReadWrite", application: None };
const WATCH: Permissions = Permissions { delegated: "Presence.Read.All", application: None };

pub(crate) static GET_OWN: Operation =
    idempotent("get own presence", "", Permissions { delegated: "Presence.Read", application: None });
pub(crate) static GET: Operation = idempotent("get presence", "", READ_ALL);
pub(crate) static GET_MANY: Operation = idempotent("get presences", "/communications/getPresencesByUserId", READ_ALL);
pub(crate) static SET_SESSION: Operation = idempotent("set presence", "/setPresence", WRITE);
pub(crate) static CLEAR_SESSION: Operation = idempotent("clear presence", "/clearPresence", WRITE);
pub(crate) static PREFER: Operation = idempotent("set preferred presence", "/setUserPreferredPresence", WRITE);
pub(crate) static CLEAR_PREFERRED: Operation =
    idempotent("clear preferred presence", "/clearUserPreferredPresence", WRITE);
pub(crate) static SET_STATUS_MESSAGE: Operation = idempotent("set status message", "/setStatusMessage", WRITE);
pub(crate) static SET_MANUAL_LOCATION: Operation = idempotent("set manual location", "/setManualLocation", OWN);
pub(crate) static SET_AUTOMATIC_LOCATION: Operation =
    idempotent("set automatic location", "/setAutomaticLocation", OWN);
pub(crate) static CLEAR_AUTOMATIC_LOCATION: Operation =
    idempotent("clear automatic location", "/clearAutomaticLocation", OWN);
pub(crate) static CLEAR_LOCATION: Operation = idempotent("clear location", "/clearLocation", OWN);
pub(crate) static LIST_SUBSCRIPTIONS: Operation = idempotent("list subscriptions", "/subscriptions", WATCH);
pub(crate) static GET_SUBSCRIPTION: Operation = idempotent("get subscription", "/subscriptions/{id}", WATCH);
pub(crate) static CREATE_SUBSCRIPTION: Operation =
    Operation { class: Class::Once, ..idempotent("create subscription", "/subscriptions", WATCH) };
pub(crate) static RENEW_SUBSCRIPTION: Operation = idempotent("renew subscription", "/subscriptions/{id}", WATCH);
pub(crate) static DELETE_SUBSCRIPTION: Operation = idempotent("delete subscription", "/subscriptions/{id}", WATCH);
pub(crate) static REAUTHORIZE_SUBSCRIPTION: Operation =
    idempotent("reauthorize subscription", "/subscriptions/{id}/reauthorize", WATCH);
