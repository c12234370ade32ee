//! Explanations of presences for the control interface and the board.

use jiff::Timestamp;
use serde::Serialize;

use crate::Guid;

use super::location::{Place, WorkLocation};
use super::pair::Pair;
use super::precedence;
use super::session::Holder;
use super::user::UserState;

/// A user's presence at one instant, with everything that it depends on.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explanation {
    pub(crate) id: Guid,
    #[serde(flatten)]
    pub(crate) pair: Pair,
    sequence_number: String,
    /// The reason for the availability and the activity, as a sentence.
    pub(crate) reason: String,
    /// The next change of availability or activity without a request, unless a request changes the state before.
    pub(crate) next_change: Option<PairChange>,
    /// In order of precedence.
    pub(crate) sessions: Vec<ExplainedSession>,
    preferred_presence: Option<PreferredPresence>,
    pub(crate) status_message: Option<Message>,
    pub(crate) work_location: Location,
    pub(crate) calendar: Calendar,
}

/// A session, or the meeting, which counts as a session.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExplainedSession {
    pub(crate) kind: SessionKind,
    /// Only for applications.
    pub(crate) session_id: Option<String>,
    #[serde(flatten)]
    pub(crate) pair: Pair,
    outcome: Outcome,
    has_faded: bool,
    set_at: Option<Timestamp>,
    /// The changes caused by fading and expiration.
    next_changes: Vec<PairChange>,
    #[serde(skip)]
    order: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SessionKind {
    TeamsClient,
    Meeting,
    Application,
}

/// Whether a session determines the presence, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Outcome {
    /// The session determines the presence.
    Shown,
    /// The session would determine the presence without the preference.
    Overridden,
    /// Another session has an availability of higher rank.
    Outranked,
    /// Another session of the same rank was set later.
    Superseded,
    /// The session is a meeting, and another session has the same rank.
    Yields,
}

/// A change of availability or activity.
#[derive(Debug, Serialize)]
pub(crate) struct PairChange {
    at: Timestamp,
    /// `None` if the session ends.
    #[serde(flatten)]
    to: Option<Pair>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PreferredPresence {
    #[serde(flatten)]
    pair: Pair,
    /// Whether a session exists. Without a session, the preference does not apply.
    is_active: bool,
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    pub(crate) content: String,
    published_at: Timestamp,
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Location {
    source: &'static str,
    #[serde(flatten)]
    place: Option<PlaceView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaceView {
    work_location_type: &'static str,
    place_id: Option<String>,
}

/// The calendar, in the format of `PUT /_emulator/users/{id}/calendar`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Calendar {
    in_meeting: bool,
    pub(crate) out_of_office: Option<Reply>,
    work_location: Option<PlaceView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Reply {
    pub(crate) message: Option<String>,
}

impl Explanation {
    pub(super) fn new(id: Guid, user: &UserState, now: Timestamp) -> Self {
        let (sequence, shown) = user.peek(now);
        let sessions = sessions(user, now);
        let preference = user.preference.as_ref().filter(|preference| !preference.is_expired(now));
        let preference = preference.map(|preference| PreferredPresence {
            pair: preference.pair.clone(),
            is_active: !sessions.is_empty(),
            expires_at: preference.expires_at(),
        });
        Self {
            id,
            sequence_number: sequence.to_string(),
            reason: reason(&sessions, preference.as_ref()),
            pair: shown.pair,
            next_change: user.next_pair_change(now).map(|(at, pair)| PairChange { at, to: Some(pair) }),
            sessions,
            preferred_presence: preference,
            status_message: shown.status_message.map(|message| Message {
                expires_at: message.expires_at(),
                content: message.content,
                published_at: message.published,
            }),
            work_location: Location::new(&shown.location),
            calendar: Calendar {
                in_meeting: user.in_meeting,
                out_of_office: shown.out_of_office.is_out.then_some(Reply { message: shown.out_of_office.message }),
                work_location: user.location.scheduled.as_ref().map(PlaceView::new),
            },
        }
    }
}

impl Location {
    fn new(location: &WorkLocation) -> Self {
        Self { source: location.source.as_str(), place: location.place.as_ref().map(PlaceView::new) }
    }
}

impl PlaceView {
    fn new(place: &Place) -> Self {
        Self { work_location_type: place.kind.as_str(), place_id: place.id.clone() }
    }
}

/// Returns the sessions in order of precedence.
fn sessions(user: &UserState, now: Timestamp) -> Vec<ExplainedSession> {
    let mut sessions: Vec<_> = user
        .sessions
        .iter()
        .filter_map(|(holder, session)| {
            let pair = session.pair_at(now)?;
            let (kind, session_id) = match holder {
                Holder::TeamsClient => (SessionKind::TeamsClient, None),
                Holder::Application(id) => (SessionKind::Application, Some(id.clone())),
            };
            Some(ExplainedSession {
                kind,
                session_id,
                has_faded: pair != session.pair,
                pair,
                outcome: Outcome::Shown,
                set_at: Some(session.set_at),
                next_changes: session
                    .changes()
                    .filter(|at| *at > now)
                    .map(|at| PairChange { at, to: session.pair_at(at) })
                    .collect(),
                order: session.order,
            })
        })
        .collect();
    if user.has_meeting() {
        sessions.push(ExplainedSession {
            kind: SessionKind::Meeting,
            session_id: None,
            pair: Pair::IN_A_MEETING,
            outcome: Outcome::Shown,
            has_faded: false,
            set_at: None,
            next_changes: Vec::new(),
            order: precedence::MEETING_ORDER,
        });
    }
    let is_overridden = user.preference.as_ref().is_some_and(|preference| !preference.is_expired(now));
    sessions.sort_by_key(|session| std::cmp::Reverse(session.precedence()));
    if let Some(best) = sessions.first().map(ExplainedSession::precedence) {
        for session in &mut sessions {
            session.outcome = match session.precedence() {
                precedence if precedence == best && is_overridden => Outcome::Overridden,
                precedence if precedence == best => Outcome::Shown,
                (rank, _) if rank < best.0 => Outcome::Outranked,
                _ if session.kind == SessionKind::Meeting => Outcome::Yields,
                _ => Outcome::Superseded,
            };
        }
    }
    sessions
}

fn reason(sessions: &[ExplainedSession], preference: Option<&PreferredPresence>) -> String {
    let (best, next) = match (sessions, preference) {
        ([], Some(preference)) => {
            let activity = preference.pair.activity();
            return format!("No session is active: the preferred presence {activity} applies once there is one.");
        }
        ([], None) => return "No session is active.".to_owned(),
        (_, Some(preference)) => {
            let activity = preference.pair.activity();
            return format!("The preferred presence {activity} takes precedence over every session.");
        }
        ([best, rest @ ..], None) => (best, rest.first()),
    };
    let faded = if best.has_faded { " Its Available has faded." } else { "" };
    let Some(next) = next else {
        return format!("Only {} has a session.{faded}", best.name());
    };
    let (name, availability) = (capitalize(&best.name()), best.pair.availability());
    match next.outcome {
        Outcome::Outranked => {
            let other = next.pair.availability();
            format!("{name} sets {availability}, which outranks {other} of {}.{faded}", next.name())
        }
        Outcome::Yields => format!("{name} sets {availability}, which takes precedence over the meeting.{faded}"),
        _ => format!("{name} sets {availability}, more recently than {}.{faded}", next.name()),
    }
}

fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl ExplainedSession {
    fn precedence(&self) -> (u8, u64) {
        precedence::of(&self.pair, self.order)
    }

    fn name(&self) -> String {
        match (self.kind, &self.session_id) {
            (SessionKind::Meeting, _) => "the meeting".to_owned(),
            (_, Some(id)) => format!("application {id}"),
            (_, None) => "the Teams client".to_owned(),
        }
    }
}
