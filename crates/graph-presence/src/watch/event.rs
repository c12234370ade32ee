//! What there is to tell of the people who are watched.

use jiff::Timestamp;

use crate::error::Error;
use crate::id::UserId;
use crate::presence::Presence;

/// What [`Changes`](crate::Changes) tells.
#[derive(Debug)]
#[non_exhaustive]
#[expect(clippy::large_enum_variant, reason = "nearly every event is a change")]
pub enum Event {
    /// Somebody's presence was seen for the first time, or is another than before.
    Change(Change),
    /// Somebody's presence could not be read. Watching goes on.
    Failed(Failed),
}

/// Somebody's presence, and what it was before.
///
/// Texts and ids do not print in `Debug`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Whose presence it is.
    pub user: UserId,
    /// The presence that was last told of this person; `None` at first sight.
    pub before: Option<Presence>,
    /// The presence as it is known now. It differs from the one before in more than its
    /// [sequence number](Presence::sequence_number).
    pub after: Presence,
    /// When the answer came in which this presence was first seen.
    pub seen_at: Timestamp,
}

/// Calls that failed since this was last told.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failed {
    /// Why the latest of them failed.
    pub error: Error,
    /// How many they are.
    pub calls: u64,
    /// How many people could not be read after the latest of them: those whose own last call failed.
    pub people: usize,
    /// Since when there have been such people.
    pub since: Timestamp,
}
