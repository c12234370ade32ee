//! The tables of pairs, of what can be set and of what Teams shows, against the states and words of the facade.

use graph_presence::{Activity, Availability, PreferredState, SessionState};
use graph_presence_conformance::Recording;

use super::{calls, one_sided};
use crate::differences::Check;

#[tokio::test]
async fn the_pairs_of_a_page_are_the_states_that_can_be_set() {
    super::hold(Check::Pairs, async |recording| pairs(recording)).await;
}

fn pairs(recording: &Recording) -> Vec<String> {
    let action = calls::of(recording).first().and_then(|operation| Some(operation.rsplit_once('/')?.1.to_owned()));
    let states = match action.as_deref() {
        Some("setPresence") => SessionState::ALL.map(|state| state.to_string()).to_vec(),
        Some("setUserPreferredPresence") => PreferredState::ALL.map(|state| state.to_string()).to_vec(),
        _ => return vec!["the page has pairs for nothing that can be set".to_owned()],
    };
    let pairs = recording.facts.pairs.iter().map(|pair| format!("{}/{}", pair.availability, pair.activity));
    let pairs: Vec<_> = pairs.collect();
    let found = one_sided(&pairs, &states, "the facade");
    if found.is_empty() && pairs != states {
        return vec![format!("the page has the order {}", pairs.join(", "))];
    }
    found
}

#[tokio::test]
async fn the_facade_knows_the_states_that_teams_shows() {
    super::hold(Check::States, async |recording| states(recording)).await;
}

fn states(recording: &Recording) -> Vec<String> {
    let availability = |word: &str| Availability::KNOWN.iter().any(|known| known.as_str() == word);
    let activity = |word: &str| Activity::KNOWN.iter().any(|known| known.as_str() == word);
    let known = |values: &[String]| match values {
        [both] => availability(both) || activity(both),
        [first, second] => availability(first) && activity(second),
        _ => false,
    };
    let unknown = recording.facts.states.iter().filter(|state| !known(&state.values));
    unknown.map(|state| format!("the facade does not know {}", state.values.join("/"))).collect()
}
