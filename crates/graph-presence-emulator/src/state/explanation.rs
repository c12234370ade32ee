//! Why a presence is what it is.

use jiff::Timestamp;
use serde::Serialize;

use crate::Guid;

use super::State;
use super::session::Holder;

/// Everything that comes together in one person's availability and activity.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explanation {
    id: Guid,
    availability: String,
    activity: String,
    sequence_number: String,
    status_message: Option<String>,
    is_out_of_office: bool,
    in_meeting: bool,
    sessions: Vec<Said>,
    preference: Option<Preferred>,
    /// When time may next change what is seen.
    next_change: Option<Timestamp>,
}

/// One session.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    /// `None` for the Teams client.
    session_id: Option<String>,
    availability: String,
    activity: String,
    set_at: Timestamp,
    /// When it says something else or nothing.
    changes: Vec<Timestamp>,
}

#[derive(Debug, Serialize)]
struct Preferred {
    availability: String,
    activity: String,
    ends: Option<Timestamp>,
}

impl State {
    /// `None` for who was never heard of.
    pub(crate) fn explain(&mut self, id: Guid, now: Timestamp) -> Option<Explanation> {
        let person = self.people.get_mut(&id)?;
        let (sequence, shown) = person.observe(now);
        let shown = shown.clone();
        let sessions = person
            .sessions
            .iter()
            .filter_map(|(holder, session)| {
                let pair = session.shown(now)?;
                let mut changes: Vec<_> = session.changes().filter(|change| *change > now).collect();
                changes.sort_unstable();
                let said = Said {
                    session_id: match holder {
                        Holder::TeamsClient => None,
                        Holder::Application(id) => Some(id.clone()),
                    },
                    availability: pair.availability().to_owned(),
                    activity: pair.activity().to_owned(),
                    set_at: session.set_at,
                    changes,
                };
                Some(said)
            })
            .collect();
        let preference = person.preference.as_ref().filter(|preference| !preference.is_over(now));
        Some(Explanation {
            id,
            availability: shown.pair.availability().to_owned(),
            activity: shown.pair.activity().to_owned(),
            sequence_number: sequence.to_string(),
            status_message: shown.status.map(|status| status.content),
            is_out_of_office: shown.out_of_office.is_out,
            in_meeting: person.in_meeting,
            sessions,
            preference: preference.map(|preference| Preferred {
                availability: preference.pair.availability().to_owned(),
                activity: preference.pair.activity().to_owned(),
                ends: preference.ends(),
            }),
            next_change: person.next_change(now),
        })
    }
}
