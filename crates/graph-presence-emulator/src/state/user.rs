//! The state of a user, and the presence that results from it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::location::{Layers, WorkLocation};
use super::pair::Pair;
use super::precedence;
use super::preference::Preference;
use super::session::{Holder, Session, Sessions};
use super::status::StatusMessage;

/// The maximum number of transitions that a search for the next change evaluates.
const MAX_TRANSITIONS: usize = 100;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserState {
    pub(super) sessions: Sessions,
    pub(super) preference: Option<Preference>,
    pub(super) status_message: Option<StatusMessage>,
    pub(super) out_of_office: OutOfOffice,
    pub(super) in_meeting: bool,
    pub(super) location: Layers,
    sequence: Sequence,
    last_observed: Shown,
    /// While it is valid, `last_observed` does not need to be computed. Cleared by every update.
    #[serde(skip)]
    validity: Option<Validity>,
}

/// The time during which the last observed presence is valid.
#[derive(Debug)]
struct Validity {
    from: Timestamp,
    /// `None` if time does not change the presence.
    until: Option<Timestamp>,
}

impl Validity {
    /// Returns `true` if the presence is valid at `now`. Also compares the start, because a clock may be set back.
    fn contains(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// The out-of-office settings of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OutOfOffice {
    pub(crate) is_out: bool,
    pub(crate) message: Option<String>,
}

/// The visible presence of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) pair: Pair,
    pub(crate) status_message: Option<StatusMessage>,
    pub(crate) out_of_office: OutOfOffice,
    pub(crate) location: WorkLocation,
}

/// The presence of an unknown user.
pub(super) static UNKNOWN: Shown = Shown::with_pair(Pair::UNKNOWN);

impl Shown {
    const fn with_pair(pair: Pair) -> Self {
        let out_of_office = OutOfOffice { is_out: false, message: None };
        Self { pair, status_message: None, out_of_office, location: WorkLocation::NONE }
    }
}

impl Default for Shown {
    fn default() -> Self {
        Self::with_pair(Pair::OFFLINE)
    }
}

/// The sequence number of a presence, "lexicographically sortable" ("presence resource type").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sequence(u64);

/// The minimum number of digits, so that sequence numbers sort in lexicographical order.
const ZEROS: &[u8; 10] = b"0000000000";

impl Sequence {
    /// Writes the number, such as `A0000000001`, which is faster than `Display`.
    pub(crate) fn write_to(self, out: &mut Vec<u8>) {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(self.0).as_bytes();
        out.push(b'A');
        out.extend_from_slice(ZEROS.get(digits.len()..).unwrap_or_default());
        out.extend_from_slice(digits);
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A{:010}", self.0)
    }
}

impl UserState {
    /// Updates the user. If fading or an expiry has changed the presence before, that change gets a separate sequence
    /// number.
    pub(super) fn update<T>(&mut self, now: Timestamp, function: impl FnOnce(&mut Self) -> T) -> T {
        self.observe(now);
        self.remove_expired(now);
        let outcome = function(self);
        self.validity = None;
        self.observe(now);
        outcome
    }

    /// Returns the presence at an instant. Increments the sequence number if the presence differs from the last one,
    /// because of an update, fading or an expiry.
    pub(super) fn observe(&mut self, now: Timestamp) -> (Sequence, &Shown) {
        if !self.validity.as_ref().is_some_and(|validity| validity.contains(now)) {
            let shown = self.shown(now);
            if shown != self.last_observed {
                self.last_observed = shown;
                self.sequence.0 += 1;
            }
            self.validity = Some(Validity { from: now, until: self.next_change(now) });
        }
        (self.sequence, &self.last_observed)
    }

    /// Returns the same as [`Self::observe`], but does not change the state.
    pub(super) fn peek(&self, now: Timestamp) -> (Sequence, Shown) {
        let shown = self.shown(now);
        (Sequence(self.sequence.0 + u64::from(shown != self.last_observed)), shown)
    }

    /// Returns `true` if availability, activity or status message contain a lower-case text.
    pub(super) fn matches(&self, text: &str, now: Timestamp) -> bool {
        let contains = |value: &str| value.to_lowercase().contains(text);
        let pair = self.pair(now);
        let message = self.status_message.as_ref().filter(|message| !message.is_expired(now));
        contains(pair.availability())
            || contains(pair.activity())
            || message.is_some_and(|message| contains(&message.content))
    }

    /// Removes expired state.
    fn remove_expired(&mut self, now: Timestamp) {
        self.sessions.remove_expired(now);
        self.preference.take_if(|preference| preference.is_expired(now));
        self.status_message.take_if(|message| message.is_expired(now));
    }

    fn shown(&self, now: Timestamp) -> Shown {
        Shown {
            pair: self.pair(now),
            status_message: self.status_message.as_ref().filter(|message| !message.is_expired(now)).cloned(),
            out_of_office: self.out_of_office.clone(),
            location: self.location.visible(now),
        }
    }

    /// Returns availability and activity. A preference takes precedence over every session, but applies only while
    /// there is a session ("presence: setUserPreferredPresence").
    pub(super) fn pair(&self, now: Timestamp) -> Pair {
        let Some(aggregated) = precedence::aggregate(self.session_pairs(now)) else {
            return Pair::OFFLINE;
        };
        match &self.preference {
            Some(preference) if !preference.is_expired(now) => preference.pair.clone(),
            _ => aggregated,
        }
    }

    /// Returns the pair and the order of each session, including the meeting.
    ///
    /// Inferred: a meeting counts as a Busy/InAMeeting session, which is ordered after sessions of the same rank.
    fn session_pairs(&self, now: Timestamp) -> impl Iterator<Item = (Pair, u64)> {
        let sessions =
            self.sessions.iter().filter_map(move |(_, session)| Some((session.pair_at(now)?, session.order)));
        sessions.chain(self.has_meeting().then_some((Pair::IN_A_MEETING, precedence::MEETING_ORDER)))
    }

    /// Returns `true` if a meeting affects the presence, which requires a signed-in Teams client.
    pub(super) fn has_meeting(&self) -> bool {
        self.in_meeting && self.sessions.contains(&Holder::TeamsClient)
    }

    /// Returns the next change of availability or activity without a request. If none of the first [`MAX_TRANSITIONS`]
    /// transitions changes them, returns the last of these transitions.
    pub(super) fn next_pair_change(&self, now: Timestamp) -> Option<(Timestamp, Pair)> {
        let pair = self.pair(now);
        let transitions = std::iter::successors(self.next_transition(now), |at| self.next_transition(*at))
            .map(|at| (at, self.pair(at)));
        let mut last = None;
        for (at, next) in transitions.take(MAX_TRANSITIONS) {
            if next != pair {
                return Some((at, next));
            }
            last = Some((at, next));
        }
        last.filter(|(at, _)| self.next_transition(*at).is_some())
    }

    /// Returns the next time at which fading or an expiry may change availability or activity. Only the session with
    /// the highest precedence is considered, because the precedence of a session does not increase over time.
    fn next_transition(&self, now: Timestamp) -> Option<Timestamp> {
        let sessions = || self.sessions.iter().map(|(_, session)| session);
        let active = || sessions().filter(move |session| session.pair_at(now).is_some());
        let next = |session: &Session| session.changes().filter(|at| *at > now).min();
        match &self.preference {
            Some(preference) if !preference.is_expired(now) => {
                let last_end = active().map(Session::expires_at).try_fold(now, |last, end| Some(last.max(end?)));
                preference.expires_at().into_iter().chain(last_end).filter(|at| *at > now).min()
            }
            _ => active()
                .max_by_key(|session| session.pair_at(now).map(|pair| precedence::of(&pair, session.order)))
                .and_then(next),
        }
    }

    /// Returns the next time at which the presence may change without a request.
    pub(super) fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.sessions
            .iter()
            .flat_map(|(_, session)| Session::changes(session))
            .chain(self.preference.as_ref().and_then(Preference::expires_at))
            .chain(self.status_message.as_ref().and_then(StatusMessage::expires_at))
            .chain(self.location.changes())
            .filter(|change| *change > now)
            .min()
    }
}
