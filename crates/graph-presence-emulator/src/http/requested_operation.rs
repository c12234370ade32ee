//! The operation of a request, determined from method and path alone: fault injection and the request log need it
//! before routing.

use axum::http::Method;

use crate::{Guid, Operation};

/// The user that a path addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathUser {
    /// The signed-in user.
    Me,
    Id(Guid),
    /// The path does not address a single user.
    None,
}

/// Returns the operation and the user that the path addresses.
pub(super) fn of(method: &Method, path: &str) -> (Operation, PathUser) {
    let mut segments = path.trim_start_matches('/').split('/');
    let first = segments.next().unwrap_or_default();
    let rest: Vec<_> = segments.collect();
    if !matches!(first, "v1.0" | "beta") {
        return match rest.as_slice() {
            ["oauth2", "v2.0", "token"] => (Operation::Token, PathUser::None),
            ["oauth2", "v2.0", "devicecode"] => (Operation::DeviceCode, PathUser::None),
            _ => (Operation::Unmatched, PathUser::None),
        };
    }
    match rest.as_slice() {
        ["me", "presence", rest @ ..] => (presence(method, rest), PathUser::Me),
        ["users", id, "presence", rest @ ..] | ["communications", "presences", id, rest @ ..] => {
            (presence(method, rest), Guid::parse(id).map_or(PathUser::None, PathUser::Id))
        }
        ["communications", "getPresencesByUserId"] => (Operation::GetPresencesByUserId, PathUser::None),
        ["subscriptions", rest @ ..] => (subscription(method, rest), PathUser::None),
        _ => (Operation::Unmatched, PathUser::None),
    }
}

fn presence(method: &Method, rest: &[&str]) -> Operation {
    match rest {
        [] if matches!(*method, Method::GET | Method::HEAD) => Operation::GetPresence,
        [action] => Operation::presence_action(action).unwrap_or(Operation::Unmatched),
        _ => Operation::Unmatched,
    }
}

fn subscription(method: &Method, rest: &[&str]) -> Operation {
    match (method, rest) {
        (&Method::GET, []) => Operation::ListSubscriptions,
        (&Method::POST, []) => Operation::CreateSubscription,
        (&Method::GET, [_]) => Operation::GetSubscription,
        (&Method::PATCH, [_]) => Operation::UpdateSubscription,
        (&Method::DELETE, [_]) => Operation::DeleteSubscription,
        (&Method::POST, [_, "reauthorize"]) => Operation::ReauthorizeSubscription,
        _ => Operation::Unmatched,
    }
}
