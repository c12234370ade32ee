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
    /// A presence was seen for the first time, or differs from the one before.
    Change(Change),
    /// Some presences could not be read. The watch goes on.
    PollFailed(PollFailure),
}

/// A user's presence, and what it was before.
///
/// Texts and ids are redacted in `Debug`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The user.
    pub user: UserId,
    /// The presence of the last delivered change of this user. `None` in the user's first change.
    pub before: Option<Presence>,
    /// The latest known presence. It differs from the one before in more than its
    /// [sequence number](Presence::sequence_number).
    pub after: Presence,
    /// When the response with this presence came.
    pub seen_at: Timestamp,
}

/// The calls that failed since the last event of this kind.
#[derive(Debug)]
#[non_exhaustive]
pub struct PollFailure {
    /// Why the latest of them failed.
    pub error: Error,
    /// The number of these calls.
    pub calls: u64,
    /// The number of users who could not be read after the latest of them: those whose own last call failed.
    pub users: usize,
    /// The time since which there have been such users.
    pub since: Timestamp,
}
