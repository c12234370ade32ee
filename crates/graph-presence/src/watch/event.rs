//! The events of a watch.

use jiff::Timestamp;

use crate::error::Error;
use crate::id::UserId;
use crate::presence::Presence;

/// An item of a [`ChangeStream`](crate::watch::ChangeStream).
#[derive(Debug)]
#[non_exhaustive]
#[expect(clippy::large_enum_variant, reason = "nearly every event is a change")]
pub enum Event {
    /// The presence of a user was read for the first time, or has changed.
    Change(Change),
    /// Some presences could not be read. The watch continues.
    PollFailed(PollFailure),
}

/// A change of a user's presence.
///
/// Texts and ids are redacted in `Debug`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The user.
    pub user: UserId,
    /// The presence of the last delivered change of this user. `None` in the user's first change.
    pub before: Option<Presence>,
    /// The latest presence. It differs from `before` in more than the
    /// [sequence number](Presence::sequence_number).
    pub after: Presence,
    /// The time at which the response with `after` arrived.
    pub seen_at: Timestamp,
}

/// The calls that failed since the last event of this kind.
#[derive(Debug)]
#[non_exhaustive]
pub struct PollFailure {
    /// The error of the latest failed call.
    pub error: Error,
    /// The number of failed calls.
    pub calls: u64,
    /// The number of users whose last call failed.
    pub users: usize,
    /// The time since which this number has been more than 0.
    pub since: Timestamp,
}
