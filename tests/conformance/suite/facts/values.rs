//! The lists of values against the sets of the facade.

use graph_presence::{Activity, Availability, WorkLocationSource, WorkLocationType, Workplace};
use graph_presence_conformance::{Recording, Values};

use super::calls;
use crate::differences::Check;

#[tokio::test]
async fn the_facade_knows_the_values_of_the_pages_and_sends_those_of_requests() {
    super::hold(Check::Values, async |recording| {
        recording.facts.values.iter().flat_map(|values| compare(recording, values)).collect()
    })
    .await;
}

fn compare(recording: &Recording, Values { of, values, .. }: &Values) -> Vec<String> {
    let known: Vec<&str> = match of.as_str() {
        "availability" => Availability::KNOWN.iter().map(Availability::as_str).collect(),
        "activity" => Activity::KNOWN.iter().map(Activity::as_str).collect(),
        "workLocationType" => WorkLocationType::KNOWN.iter().map(WorkLocationType::as_str).collect(),
        "source" => WorkLocationSource::KNOWN.iter().map(WorkLocationSource::as_str).collect(),
        other => return vec![format!("the page lists values of {other}, which is no set of the facade")],
    };
    // The documentation has written these words in two ways.
    let is_known = |value: &String| known.iter().any(|known| known.eq_ignore_ascii_case(value));
    let unknown = values.iter().filter(|value| !is_known(value));
    let mut found: Vec<_> = unknown.map(|value| format!("{of}: the facade does not know {value}")).collect();
    let sends_locations = calls::of(recording).iter().any(|operation| operation.ends_with("Location"));
    if of == "workLocationType" && sends_locations {
        let refused = values.iter().filter(|value| is_known(value) && Workplace::of(&value.as_str().into()).is_err());
        found.extend(refused.map(|value| format!("{of}: the facade does not send {value}")));
    }
    found
}
