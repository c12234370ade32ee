//! Which of a user's sessions is seen.

use super::pair::Pair;

/// The place of an availability in the order DoNotDisturb > Busy > Available > Away ("Manage presence state using the
/// Microsoft Graph API").
///
/// No page places the others. Inferred: BeRightBack ranks with Away, the idle kinds with what they are a kind of, and
/// Offline, being the absence of a session, below all, together with words that nobody knows.
fn rank(availability: &str) -> u8 {
    match availability {
        "DoNotDisturb" => 4,
        "Busy" | "BusyIdle" => 3,
        "Available" | "AvailableIdle" => 2,
        "Away" | "BeRightBack" => 1,
        _ => 0,
    }
}

/// The turn of a meeting, which goes behind all sessions that rank alike.
pub(super) const MEETING: u64 = 0;

/// What the pair of a session weighs against others. Inferred: among equals the one that was set last wins.
pub(super) fn weight(pair: &Pair, turn: u64) -> (u8, u64) {
    (rank(pair.availability()), turn)
}

/// The pair that is seen, `None` when no session lives.
pub(super) fn aggregate(said: impl Iterator<Item = (Pair, u64)>) -> Option<Pair> {
    said.max_by_key(|(pair, turn)| weight(pair, *turn)).map(|(pair, _)| pair)
}
