//! One user: what was said about them, and what it comes to.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::location::{Layers, WorkLocation};
use super::pair::Pair;
use super::precedence;
use super::preference::Preference;
use super::session::{Holder, Session, Sessions};
use super::status::StatusMessage;

/// How far ahead it is looked for a change, however many sessions there are.
const MOST_TURNS: usize = 100;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserState {
    pub(super) sessions: Sessions,
    pub(super) preference: Option<Preference>,
    pub(super) status: Option<StatusMessage>,
    pub(super) out_of_office: OutOfOffice,
    pub(super) in_meeting: bool,
    pub(super) location: Layers,
    sequence: Sequence,
    last_shown: Shown,
    /// Forgotten with every act: what is kept is right or not there.
    #[serde(skip)]
    settled: Option<Settled>,
}

/// While this lasts, time makes nothing else of what was seen.
#[derive(Debug)]
struct Settled {
    from: Timestamp,
    /// `None` for good.
    until: Option<Timestamp>,
}

impl Settled {
    /// A clock may be set back, to before what was seen.
    fn lasts(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// Whether a user is out of office, and what they tell others then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OutOfOffice {
    pub(crate) is_out: bool,
    pub(crate) message: Option<String>,
}

/// Everything that a user's presence tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) pair: Pair,
    pub(crate) status: Option<StatusMessage>,
    pub(crate) out_of_office: OutOfOffice,
    pub(crate) location: WorkLocation,
}

/// What is seen of who was never heard of.
pub(super) static UNKNOWN: Shown = Shown::nothing_but(Pair::UNKNOWN);

impl Shown {
    const fn nothing_but(pair: Pair) -> Self {
        let out_of_office = OutOfOffice { is_out: false, message: None };
        Self { pair, status: None, out_of_office, location: WorkLocation::NONE }
    }
}

impl Default for Shown {
    fn default() -> Self {
        Self::nothing_but(Pair::OFFLINE)
    }
}

/// The version of a presence, "lexicographically sortable" ("presence resource type").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sequence(u64);

/// How many digits a version has at least, so that text sorts as numbers do.
const ZEROS: &[u8; 10] = b"0000000000";

impl Sequence {
    /// Writes `A0000000001`, without the machinery of `Display`.
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
    /// Does something to the user. What time has done before gets a version of its own.
    pub(super) fn change<T>(&mut self, now: Timestamp, act: impl FnOnce(&mut Self) -> T) -> T {
        self.observe(now);
        self.purge(now);
        let outcome = act(self);
        self.settled = None;
        self.observe(now);
        outcome
    }

    /// What is seen at this instant. That it differs from what was seen last, be it by somebody's act or by time, is
    /// noticed here and nowhere else.
    pub(super) fn observe(&mut self, now: Timestamp) -> (Sequence, &Shown) {
        if !self.settled.as_ref().is_some_and(|settled| settled.lasts(now)) {
            let shown = self.shown(now);
            if shown != self.last_shown {
                self.last_shown = shown;
                self.sequence.0 += 1;
            }
            self.settled = Some(Settled { from: now, until: self.next_change(now) });
        }
        (self.sequence, &self.last_shown)
    }

    /// What would be noticed at this instant.
    pub(super) fn peek(&self, now: Timestamp) -> (Sequence, Shown) {
        let shown = self.shown(now);
        (Sequence(self.sequence.0 + u64::from(shown != self.last_shown)), shown)
    }

    /// Whether availability, activity or message contain this, in lower case.
    pub(super) fn says(&self, text: &str, now: Timestamp) -> bool {
        let says = |words: &str| words.to_lowercase().contains(text);
        let pair = self.pair(now);
        let status = self.status.as_ref().filter(|status| !status.is_over(now));
        says(pair.availability()) || says(pair.activity()) || status.is_some_and(|status| says(&status.content))
    }

    /// Forgets what can never be seen again.
    fn purge(&mut self, now: Timestamp) {
        self.sessions.purge(now);
        self.preference.take_if(|preference| preference.is_over(now));
        self.status.take_if(|status| status.is_over(now));
    }

    fn shown(&self, now: Timestamp) -> Shown {
        Shown {
            pair: self.pair(now),
            status: self.status.as_ref().filter(|status| !status.is_over(now)).cloned(),
            out_of_office: self.out_of_office.clone(),
            location: self.location.shown(now),
        }
    }

    /// A preference outranks every session, but shows only while there is one ("presence: setUserPreferredPresence").
    pub(super) fn pair(&self, now: Timestamp) -> Pair {
        let Some(said) = precedence::aggregate(self.said(now)) else {
            return Pair::OFFLINE;
        };
        match &self.preference {
            Some(preference) if !preference.is_over(now) => preference.pair.clone(),
            _ => said,
        }
    }

    /// What each living session says, with its turn. The calendar speaks through the Teams client.
    ///
    /// Inferred: a meeting is as good as a session that says Busy/InAMeeting, and goes behind those that were set.
    fn said(&self, now: Timestamp) -> impl Iterator<Item = (Pair, u64)> {
        let sessions = self.sessions.iter().filter_map(move |(_, session)| Some((session.shown(now)?, session.turn)));
        sessions.chain(self.meets().then_some((Pair::IN_A_MEETING, precedence::MEETING)))
    }

    /// Whether a meeting is seen as such.
    pub(super) fn meets(&self) -> bool {
        self.in_meeting && self.sessions.has(&Holder::TeamsClient)
    }

    /// When time makes another pair of what is seen, and which. After many turns at which nothing comes of it, the last
    /// is answered.
    pub(super) fn next_pair(&self, now: Timestamp) -> Option<(Timestamp, Pair)> {
        let pair = self.pair(now);
        let turns = std::iter::successors(self.next_turn(now), |at| self.next_turn(*at)).map(|at| (at, self.pair(at)));
        let mut last = None;
        for (at, next) in turns.take(MOST_TURNS) {
            if next != pair {
                return Some((at, next));
            }
            last = Some((at, next));
        }
        last.filter(|(at, _)| self.next_turn(*at).is_some())
    }

    /// When time next does something to what is seen. What lost cannot win before: time lets no session say more.
    fn next_turn(&self, now: Timestamp) -> Option<Timestamp> {
        let sessions = || self.sessions.iter().map(|(_, session)| session);
        let living = || sessions().filter(move |session| session.shown(now).is_some());
        let next = |session: &Session| session.changes().filter(|at| *at > now).min();
        match &self.preference {
            Some(preference) if !preference.is_over(now) => {
                let last_end = living().map(Session::ends).try_fold(now, |last, end| Some(last.max(end?)));
                preference.ends().into_iter().chain(last_end).filter(|at| *at > now).min()
            }
            _ => living()
                .max_by_key(|session| session.shown(now).map(|pair| precedence::weight(&pair, session.turn)))
                .and_then(next),
        }
    }

    /// The next instant at which time may change what is seen.
    pub(super) fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.sessions
            .iter()
            .flat_map(|(_, session)| Session::changes(session))
            .chain(self.preference.as_ref().and_then(Preference::ends))
            .chain(self.status.as_ref().and_then(StatusMessage::ends))
            .chain(self.location.changes())
            .filter(|change| *change > now)
            .min()
    }
}
