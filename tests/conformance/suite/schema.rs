//! Compares the facade's JSON Schemas with the schemas of `specs/presence.openapi.yaml`.

mod shape;

use std::collections::BTreeSet;

use graph_presence::{
    Activity, ApiVersion, Availability, DateTimeTimeZone, Expiration, OutOfOfficeSettings, PreferredState, Presence,
    SessionId, SessionState, StatusMessage, UserId, WorkLocation, WorkLocationSource, WorkLocationType, Workplace,
};
use schemars1::{JsonSchema, schema_for};
use serde_json::Value;

use self::shape::Shape;
use crate::check::Check;
use crate::differences::Differences;
use crate::openapi;

/// The document that the overlay is applied to. Unlike the spec, it lists the known values of open enums.
const TRIMMED: &str = include_str!("../../../specs/presence.trimmed.yaml");

#[test]
fn facade_schemas_match_the_spec() {
    let mut differences = Differences::new(Check::Schema);
    let (mut compared, mut definitions) = (BTreeSet::new(), BTreeSet::new());
    let mut compare = |(name, facade): (String, Value), path: &str| {
        let spec = openapi::document().pointer(&format!("/components/schemas/{path}"));
        let spec = spec.unwrap_or_else(|| panic!("schema not in the spec: {path}"));
        let found = Shape::of(&facade, &facade).differences(Shape::of(openapi::document(), spec));
        differences.record(&name, found);
        definitions
            .extend(facade.get("$defs").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone()));
        compared.insert(name);
    };
    compare(schema_of::<Presence>(), "microsoft.graph.presence");
    compare(schema_of::<StatusMessage>(), "microsoft.graph.presenceStatusMessage");
    compare(schema_of::<DateTimeTimeZone>(), "microsoft.graph.dateTimeTimeZone");
    compare(schema_of::<OutOfOfficeSettings>(), "microsoft.graph.outOfOfficeSettings");
    compare(schema_of::<WorkLocation>(), "microsoft.graph.userWorkLocation");
    compare(schema_of::<Workplace>(), "setLocationRequest");
    compare(schema_of::<SessionState>(), "setPresenceRequest");
    compare(schema_of::<PreferredState>(), "setUserPreferredPresenceRequest");
    compare(schema_of::<SessionId>(), "clearPresenceRequest/properties/sessionId");
    compare(schema_of::<Expiration>(), "setPresenceRequest/properties/expirationDuration");
    compare(schema_of::<UserId>(), "getPresencesByUserIdRequest/properties/ids/items");
    compare(schema_of::<Availability>(), "setPresenceRequest/properties/availability");
    compare(schema_of::<Activity>(), "setPresenceRequest/properties/activity");
    compare(schema_of::<WorkLocationType>(), "setLocationRequest/properties/workLocationType");
    compare(schema_of::<WorkLocationSource>(), "microsoft.graph.userWorkLocation/properties/source");
    assert_eq!(definitions.difference(&compared).collect::<Vec<_>>(), [] as [&str; 0], "types that are not compared");
    differences.finish();
}

// The overlay turns these enums into open ones, so that their known values are only in the document before the overlay.
#[test]
fn facade_knows_the_values_of_open_enums() {
    let trimmed: Value = serde_saphyr::from_str(TRIMMED).unwrap();
    let known = |name: &str| -> BTreeSet<String> {
        let known = trimmed.pointer(&format!("/components/schemas/microsoft.graph.{name}/x-extensible-enum"));
        serde_json::from_value(known.unwrap_or_else(|| panic!("values not found: {name}")).clone()).unwrap()
    };
    let types = WorkLocationType::KNOWN.iter().map(|value| value.as_str().to_owned());
    assert_eq!(types.collect::<BTreeSet<_>>(), known("workLocationType"));
    let sources = WorkLocationSource::KNOWN.iter().map(|value| value.as_str().to_owned());
    assert_eq!(sources.collect::<BTreeSet<_>>(), known("workLocationSource"));
}

#[test]
fn facade_has_the_api_versions_of_the_spec() {
    let servers = openapi::document()["servers"].as_array().unwrap();
    let versions: Vec<_> = servers.iter().map(|server| server["url"].as_str().unwrap().rsplit('/').next()).collect();
    assert_eq!(versions, [ApiVersion::V1, ApiVersion::Beta].map(|version| Some(version.as_str())));
}

fn schema_of<T: JsonSchema>() -> (String, Value) {
    (T::schema_name().into_owned(), schema_for!(T).to_value())
}
