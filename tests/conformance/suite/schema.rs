//! The schemas that the facade gives of its values, against those of `specs/presence.openapi.yaml`.

mod shape;

use std::collections::BTreeSet;

use graph_presence::{
    Activity, ApiVersion, Availability, DateTimeTimeZone, Expiration, OutOfOfficeSettings, PreferredState, Presence,
    SessionId, SessionState, StatusMessage, UserId, WorkLocation, WorkLocationSource, WorkLocationType, Workplace,
};
use schemars1::{JsonSchema, schema_for};
use serde_json::Value;

use self::shape::Shape;
use crate::differences::{Check, Differences};
use crate::openapi;

/// What the overlay makes the spec from: it still lists the values that a set has.
const TRIMMED: &str = include_str!("../../../specs/presence.trimmed.yaml");

#[test]
fn the_facade_has_the_properties_and_types_of_the_spec() {
    let mut differences = Differences::of(Check::Schema);
    let (mut compared, mut named) = (BTreeSet::new(), BTreeSet::new());
    let mut compare = |(name, facade): (String, Value), place: &str| {
        let spec = openapi::document().pointer(&format!("/components/schemas/{place}"));
        let spec = spec.unwrap_or_else(|| panic!("the spec has no {place}"));
        let found = Shape::of(&facade, &facade).differences(Shape::of(openapi::document(), spec));
        differences.compared(&name, found);
        named
            .extend(facade.get("$defs").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone()));
        compared.insert(name);
    };
    compare(of::<Presence>(), "microsoft.graph.presence");
    compare(of::<StatusMessage>(), "microsoft.graph.presenceStatusMessage");
    compare(of::<DateTimeTimeZone>(), "microsoft.graph.dateTimeTimeZone");
    compare(of::<OutOfOfficeSettings>(), "microsoft.graph.outOfOfficeSettings");
    compare(of::<WorkLocation>(), "microsoft.graph.userWorkLocation");
    compare(of::<Workplace>(), "setLocationRequest");
    compare(of::<SessionState>(), "setPresenceRequest");
    compare(of::<PreferredState>(), "setUserPreferredPresenceRequest");
    compare(of::<SessionId>(), "clearPresenceRequest/properties/sessionId");
    compare(of::<Expiration>(), "setPresenceRequest/properties/expirationDuration");
    compare(of::<UserId>(), "getPresencesByUserIdRequest/properties/ids/items");
    compare(of::<Availability>(), "setPresenceRequest/properties/availability");
    compare(of::<Activity>(), "setPresenceRequest/properties/activity");
    compare(of::<WorkLocationType>(), "setLocationRequest/properties/workLocationType");
    compare(of::<WorkLocationSource>(), "microsoft.graph.userWorkLocation/properties/source");
    assert_eq!(named.difference(&compared).collect::<Vec<_>>(), [] as [&str; 0], "these types are compared nowhere");
    differences.judge();
}

/// Sets that the overlay opens: the values known so far are in the document that it is applied to.
#[test]
fn the_facade_knows_the_values_that_the_service_has_so_far() {
    let trimmed: Value = serde_saphyr::from_str(TRIMMED).unwrap();
    let known = |name: &str| -> BTreeSet<String> {
        let known = trimmed.pointer(&format!("/components/schemas/microsoft.graph.{name}/x-extensible-enum"));
        serde_json::from_value(known.unwrap_or_else(|| panic!("{name} has no values")).clone()).unwrap()
    };
    let types = WorkLocationType::KNOWN.iter().map(|value| value.as_str().to_owned());
    assert_eq!(types.collect::<BTreeSet<_>>(), known("workLocationType"));
    let sources = WorkLocationSource::KNOWN.iter().map(|value| value.as_str().to_owned());
    assert_eq!(sources.collect::<BTreeSet<_>>(), known("workLocationSource"));
}

#[test]
fn the_facade_has_the_versions_of_the_spec() {
    let servers = openapi::document()["servers"].as_array().unwrap();
    let versions: Vec<_> = servers.iter().map(|server| server["url"].as_str().unwrap().rsplit('/').next()).collect();
    assert_eq!(versions, [ApiVersion::V1, ApiVersion::Beta].map(|version| Some(version.as_str())));
}

fn of<T: JsonSchema>() -> (String, Value) {
    (T::schema_name().into_owned(), schema_for!(T).to_value())
}
