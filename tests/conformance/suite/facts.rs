//! What the pages' tables state against what the facade enforces.

use graph_presence::{Expiration, SessionState};

use crate::differences::Differences;
use crate::recordings;

#[test]
fn the_supported_pairs_of_set_presence_are_the_states_of_a_session() {
    let supported = SessionState::ALL.map(|state| state.to_string()).to_vec();
    let mut differences = Differences::of("pairs");
    let mut checked = 0;
    for recording in recordings::all().iter().filter(|recording| recording.page == "presence-setpresence") {
        let pairs: Vec<_> =
            recording.facts.pairs.iter().map(|pair| format!("{}/{}", pair.availability, pair.activity)).collect();
        if pairs != supported {
            differences.found(&recordings::title(recording), None, &format!("{pairs:?} and not {supported:?}"));
        }
        checked += 1;
    }
    differences.judge();
    assert!(checked > 0, "no recording has the page");
}

#[test]
fn the_durations_of_set_presence_are_the_bounds_of_an_expiration() {
    let bounds = [Expiration::MIN, Expiration::MAX].map(|bound| bound.to_string());
    let mut checked = 0;
    for recording in recordings::all().iter().filter(|recording| recording.page == "presence-setpresence") {
        for range in &recording.facts.limits.durations {
            assert_eq!([&range.from, &range.to], [&bounds[0], &bounds[1]], "{}", recordings::title(recording));
            checked += 1;
        }
    }
    assert!(checked > 0, "no recording has a range of durations");
}
