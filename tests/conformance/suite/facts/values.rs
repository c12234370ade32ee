//! Compares the lists of values with the facade's open enums.

use graph_presence::{Activity, Availability, WorkLocationSource, WorkLocationType, Workplace};
use graph_presence_conformance::{Recording, ValueList};

use super::calls;
use crate::check::Check;

#[tokio::test]
async fn facade_knows_the_values_of_the_pages_and_sends_those_of_requests() {
    super::run(Check::Values, async |recording| {
        recording.facts.values.iter().flat_map(|values| compare(recording, values)).collect()
    })
    .await;
}

fn compare(recording: &Recording, ValueList { property, values, .. }: &ValueList) -> Vec<String> {
    let known: Vec<&str> = match property.as_str() {
        "availability" => Availability::KNOWN.iter().map(Availability::as_str).collect(),
        "activity" => Activity::KNOWN.iter().map(Activity::as_str).collect(),
        "workLocationType" => WorkLocationType::KNOWN.iter().map(WorkLocationType::as_str).collect(),
        "source" => WorkLocationSource::KNOWN.iter().map(WorkLocationSource::as_str).collect(),
        other => return vec![format!("the page lists values of {other}, which is not an enum of the facade")],
    };
    // Some pages write values in another case.
    let is_known = |value: &String| known.iter().any(|known| known.eq_ignore_ascii_case(value));
    let unknown = values.iter().filter(|value| !is_known(value));
    let mut found: Vec<_> = unknown.map(|value| format!("{property}: the facade does not know {value}")).collect();
    let sends_locations = calls::operations(recording).iter().any(|operation| operation.ends_with("Location"));
    if property == "workLocationType" && sends_locations {
        let rejected = values.iter().filter(|value| is_known(value) && Workplace::of(&value.as_str().into()).is_err());
        found.extend(rejected.map(|value| format!("{property}: the facade does not send {value}")));
    }
    found
}
