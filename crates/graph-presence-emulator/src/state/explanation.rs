//! Why a presence is what it is.

use jiff::Timestamp;
use serde::Serialize;

use crate::Guid;

use super::location::{Place, WorkLocation};
use super::pair::Pair;
use super::precedence;
use super::session::Holder;
use super::user::UserState;

/// Everything that comes together in one user's presence at one instant.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explanation {
    pub(crate) id: Guid,
    #[serde(flatten)]
    pub(crate) pair: Pair,
    sequence_number: String,
    /// The reason in a sentence.
    pub(crate) why: String,
    /// When time makes something else of it, and what, if nobody does anything before.
    pub(crate) next_change: Option<Step>,
    /// What weighs most comes first.
    pub(crate) sessions: Vec<ExplainedSession>,
    preference: Option<Preferred>,
    pub(crate) status_message: Option<Message>,
    pub(crate) work_location: Location,
    pub(crate) calendar: Calendar,
}

/// One session, or the meeting that is as good as one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExplainedSession {
    pub(crate) holder: SessionKind,
    /// Only applications have one.
    pub(crate) session_id: Option<String>,
    #[serde(flatten)]
    pub(crate) pair: Pair,
    standing: Standing,
    has_faded: bool,
    set_at: Option<Timestamp>,
    /// What it will say.
    changes: Vec<Step>,
    #[serde(skip)]
    turn: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SessionKind {
    TeamsClient,
    Meeting,
    Application,
}

/// What came of what a session says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Standing {
    /// It is what is seen.
    Shown,
    /// It would be seen, but for the preference.
    Overruled,
    /// Another says what ranks higher.
    Outranked,
    /// Another that ranks alike was set later.
    Older,
    /// A meeting goes behind the sessions that rank alike.
    Yields,
}

#[derive(Debug, Serialize)]
pub(crate) struct Step {
    at: Timestamp,
    /// Nothing when the session ends.
    #[serde(flatten)]
    to: Option<Pair>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Preferred {
    #[serde(flatten)]
    pair: Pair,
    /// Whether there is a session, without which it waits.
    in_force: bool,
    ends: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Message {
    pub(crate) content: String,
    published: Timestamp,
    ends: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Location {
    source: &'static str,
    #[serde(flatten)]
    place: Option<Site>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Site {
    work_location_type: &'static str,
    place_id: Option<String>,
}

/// As it can be written back.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Calendar {
    in_meeting: bool,
    pub(crate) out_of_office: Option<Reply>,
    work_location: Option<Site>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Reply {
    pub(crate) message: Option<String>,
}

impl Explanation {
    pub(super) fn new(id: Guid, user: &UserState, now: Timestamp) -> Self {
        let (sequence, shown) = user.peek(now);
        let sessions = sessions(user, now);
        let preference = user.preference.as_ref().filter(|preference| !preference.is_over(now));
        let preference = preference.map(|preference| Preferred {
            pair: preference.pair.clone(),
            in_force: !sessions.is_empty(),
            ends: preference.ends(),
        });
        Self {
            id,
            sequence_number: sequence.to_string(),
            why: why(&sessions, preference.as_ref()),
            pair: shown.pair,
            next_change: user.next_pair(now).map(|(at, pair)| Step { at, to: Some(pair) }),
            sessions,
            preference,
            status_message: shown.status.map(|status| Message {
                ends: status.ends(),
                content: status.content,
                published: status.published,
            }),
            work_location: Location::new(&shown.location),
            calendar: Calendar {
                in_meeting: user.in_meeting,
                out_of_office: shown.out_of_office.is_out.then_some(Reply { message: shown.out_of_office.message }),
                work_location: user.location.scheduled.as_ref().map(Site::new),
            },
        }
    }
}

impl Location {
    fn new(location: &WorkLocation) -> Self {
        Self { source: location.source.as_str(), place: location.place.as_ref().map(Site::new) }
    }
}

impl Site {
    fn new(place: &Place) -> Self {
        Self { work_location_type: place.kind.as_str(), place_id: place.id.clone() }
    }
}

/// All that is said, what weighs most first, and what came of it.
fn sessions(user: &UserState, now: Timestamp) -> Vec<ExplainedSession> {
    let mut sessions: Vec<_> = user
        .sessions
        .iter()
        .filter_map(|(holder, session)| {
            let pair = session.shown(now)?;
            let (holder, session_id) = match holder {
                Holder::TeamsClient => (SessionKind::TeamsClient, None),
                Holder::Application(id) => (SessionKind::Application, Some(id.clone())),
            };
            Some(ExplainedSession {
                holder,
                session_id,
                has_faded: pair != session.pair,
                pair,
                standing: Standing::Shown,
                set_at: Some(session.set_at),
                changes: session
                    .changes()
                    .filter(|at| *at > now)
                    .map(|at| Step { at, to: session.shown(at) })
                    .collect(),
                turn: session.turn,
            })
        })
        .collect();
    if user.meets() {
        sessions.push(ExplainedSession {
            holder: SessionKind::Meeting,
            session_id: None,
            pair: Pair::IN_A_MEETING,
            standing: Standing::Shown,
            has_faded: false,
            set_at: None,
            changes: Vec::new(),
            turn: precedence::MEETING,
        });
    }
    let is_overruled = user.preference.as_ref().is_some_and(|preference| !preference.is_over(now));
    sessions.sort_by_key(|session| std::cmp::Reverse(session.weight()));
    if let Some(best) = sessions.first().map(ExplainedSession::weight) {
        for session in &mut sessions {
            session.standing = match session.weight() {
                weight if weight == best && is_overruled => Standing::Overruled,
                weight if weight == best => Standing::Shown,
                (rank, _) if rank < best.0 => Standing::Outranked,
                _ if session.holder == SessionKind::Meeting => Standing::Yields,
                _ => Standing::Older,
            };
        }
    }
    sessions
}

fn why(sessions: &[ExplainedSession], preference: Option<&Preferred>) -> String {
    let (best, next) = match (sessions, preference) {
        ([], Some(preference)) => {
            return format!("There is no session: the preference for {} waits for one.", preference.pair.activity());
        }
        ([], None) => return "There is no session.".to_owned(),
        (_, Some(preference)) => {
            return format!("The preference for {} outranks every session.", preference.pair.activity());
        }
        ([best, rest @ ..], None) => (best, rest.first()),
    };
    let faded = if best.has_faded { " Its Available has faded." } else { "" };
    let Some(next) = next else {
        return format!("Only {} has a session.{faded}", best.name());
    };
    let (name, availability) = (capitalised(&best.name()), best.pair.availability());
    match next.standing {
        Standing::Outranked => {
            let other = next.pair.availability();
            format!("{name} says {availability}, which outranks {other} of {}.{faded}", next.name())
        }
        Standing::Yields => format!("{name} says {availability}, and the meeting yields to it.{faded}"),
        _ => format!("{name} says {availability}, and was set later than {}.{faded}", next.name()),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl ExplainedSession {
    fn weight(&self) -> (u8, u64) {
        precedence::weight(&self.pair, self.turn)
    }

    fn name(&self) -> String {
        match (self.holder, &self.session_id) {
            (SessionKind::Meeting, _) => "the meeting".to_owned(),
            (_, Some(id)) => format!("application {id}"),
            (_, None) => "the Teams client".to_owned(),
        }
    }
}
