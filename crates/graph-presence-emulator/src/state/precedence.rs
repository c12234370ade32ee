//! Precedence of a user's sessions.

use super::pair::Pair;

/// Returns the rank of an availability in the order DoNotDisturb > Busy > Available > Away ("Manage presence state
/// using the Microsoft Graph API").
///
/// No page specifies the rank of the others. Inferred: BeRightBack has the rank of Away, AvailableIdle that of
/// Available, and BusyIdle that of Busy. Offline, which is the absence of a session, and unknown values have the lowest
/// rank.
fn rank(availability: &str) -> u8 {
    match availability {
        "DoNotDisturb" => 4,
        "Busy" | "BusyIdle" => 3,
        "Available" | "AvailableIdle" => 2,
        "Away" | "BeRightBack" => 1,
        _ => 0,
    }
}

/// The order of a meeting, which comes after all sessions of the same rank.
pub(super) const MEETING_ORDER: u64 = 0;

/// Returns the precedence of a session's pair. Inferred: of sessions with the same rank, the one that was set last
/// takes precedence.
pub(super) fn of(pair: &Pair, order: u64) -> (u8, u64) {
    (rank(pair.availability()), order)
}

/// Returns the pair with the highest precedence, or `None` without sessions.
pub(super) fn aggregate(sessions: impl Iterator<Item = (Pair, u64)>) -> Option<Pair> {
    sessions.max_by_key(|(pair, order)| of(pair, *order)).map(|(pair, _)| pair)
}
