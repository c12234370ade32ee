//! Compares the tables of pairs that can be set and of states that Teams shows with the facade.

use graph_presence::{Activity, Availability, PreferredState, SessionState};
use graph_presence_conformance::Recording;

use super::{calls, symmetric_difference};
use crate::check::Check;

#[tokio::test]
async fn facade_has_the_pairs_of_the_pages_in_the_same_order() {
    super::run(Check::Pairs, async |recording| pairs(recording)).await;
}

fn pairs(recording: &Recording) -> Vec<String> {
    let action =
        calls::operations(recording).first().and_then(|operation| Some(operation.rsplit_once('/')?.1.to_owned()));
    let states = match action.as_deref() {
        Some("setPresence") => SessionState::ALL.map(|state| state.to_string()).to_vec(),
        Some("setUserPreferredPresence") => PreferredState::ALL.map(|state| state.to_string()).to_vec(),
        _ => return vec!["the page has pairs, but no operation that sets them".to_owned()],
    };
    let pairs = recording.facts.pairs.iter().map(|pair| format!("{}/{}", pair.availability, pair.activity));
    let pairs: Vec<_> = pairs.collect();
    let found = symmetric_difference(&pairs, &states, "facade");
    if found.is_empty() && pairs != states {
        return vec![format!("order on the page: {}", pairs.join(", "))];
    }
    found
}

#[tokio::test]
async fn facade_knows_the_states_that_teams_shows() {
    super::run(Check::States, async |recording| states(recording)).await;
}

fn states(recording: &Recording) -> Vec<String> {
    let availability = |value: &str| Availability::KNOWN.iter().any(|known| known.as_str() == value);
    let activity = |value: &str| Activity::KNOWN.iter().any(|known| known.as_str() == value);
    let known = |values: &[String]| match values {
        [value] => availability(value) || activity(value),
        [first, second] => availability(first) && activity(second),
        _ => false,
    };
    let unknown = recording.facts.states.iter().filter(|state| !known(&state.values));
    unknown.map(|state| format!("the facade does not know {}", state.values.join("/"))).collect()
}
