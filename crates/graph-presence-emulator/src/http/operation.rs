//! What a request asks for, told from its method and path alone: faults and the log need it before anything is read.

use axum::http::Method;

use crate::Guid;

/// All operations, by the names that faults and the log give them.
pub(crate) const OPERATIONS: [&str; 20] = [
    "getPresence",
    "getPresencesByUserId",
    "setPresence",
    "clearPresence",
    "setUserPreferredPresence",
    "clearUserPreferredPresence",
    "setStatusMessage",
    "setManualLocation",
    "setAutomaticLocation",
    "clearLocation",
    "clearAutomaticLocation",
    "createSubscription",
    "listSubscriptions",
    "getSubscription",
    "updateSubscription",
    "deleteSubscription",
    "reauthorizeSubscription",
    "token",
    "devicecode",
    "none",
];

/// Whom a path is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Me,
    Person(Guid),
    Nobody,
}

/// The operation and whom it is about. What is no operation is called `none`.
pub(super) fn of(method: &Method, path: &str) -> (&'static str, Subject) {
    let mut segments = path.trim_start_matches('/').split('/');
    let first = segments.next().unwrap_or_default();
    let rest: Vec<_> = segments.collect();
    if !matches!(first, "v1.0" | "beta") {
        return match rest.as_slice() {
            ["oauth2", "v2.0", name] => (named(name, &["token", "devicecode"]), Subject::Nobody),
            _ => ("none", Subject::Nobody),
        };
    }
    let person = |id: &str| Guid::parse(id).map_or(Subject::Nobody, Subject::Person);
    match rest.as_slice() {
        ["me", "presence", rest @ ..] => (presence(method, rest), Subject::Me),
        ["users", id, "presence", rest @ ..] | ["communications", "presences", id, rest @ ..] => {
            (presence(method, rest), person(id))
        }
        ["communications", "getPresencesByUserId"] => ("getPresencesByUserId", Subject::Nobody),
        ["subscriptions", rest @ ..] => (subscription(method, rest), Subject::Nobody),
        _ => ("none", Subject::Nobody),
    }
}

fn presence(method: &Method, rest: &[&str]) -> &'static str {
    match rest {
        [] if matches!(*method, Method::GET | Method::HEAD) => "getPresence",
        [action] => OPERATIONS.iter().skip(2).take(9).find(|name| *name == action).copied().unwrap_or("none"),
        _ => "none",
    }
}

fn subscription(method: &Method, rest: &[&str]) -> &'static str {
    match (method, rest) {
        (&Method::GET, []) => "listSubscriptions",
        (&Method::POST, []) => "createSubscription",
        (&Method::GET, [_]) => "getSubscription",
        (&Method::PATCH, [_]) => "updateSubscription",
        (&Method::DELETE, [_]) => "deleteSubscription",
        (&Method::POST, [_, "reauthorize"]) => "reauthorizeSubscription",
        _ => "none",
    }
}

fn named(name: &str, known: &[&'static str]) -> &'static str {
    known.iter().find(|known| **known == name).copied().unwrap_or("none")
}
