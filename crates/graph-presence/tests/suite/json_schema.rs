//! JSON Schemas of the serializable types.

use graph_presence::{
    Activity, ApiVersion, Availability, Cloud, DateTimeTimeZone, Expiration, OutOfOfficeSettings, PreferredState,
    Presence, SessionId, SessionState, StatusMessage, UserId, WorkLocation, WorkLocationSource, WorkLocationType,
    Workplace,
};
use schemars1::{JsonSchema, SchemaGenerator, schema_for};
use serde_json::{Value, json};

#[test]
fn json_schemas_of_all_types() {
    let mut generator = SchemaGenerator::default();
    macro_rules! register {
        ($($name:ty),+ $(,)?) => { $(generator.subschema_for::<$name>();)+ };
    }
    register!(
        Activity,
        ApiVersion,
        Availability,
        Cloud,
        DateTimeTimeZone,
        Expiration,
        OutOfOfficeSettings,
        PreferredState,
        Presence,
        SessionId,
        SessionState,
        StatusMessage,
        UserId,
        WorkLocation,
        WorkLocationSource,
        WorkLocationType,
        Workplace,
    );
    let schemas = Value::Object(generator.take_definitions(true));
    insta::assert_snapshot!(serde_json::to_string_pretty(&schemas).unwrap());
}

#[test]
fn open_enums_are_strings_with_examples() {
    let schema = schema_for!(Availability).to_value();
    assert_eq!(schema["type"], json!("string"));
    assert_eq!(schema.get("enum"), None);
    let known: Vec<_> = Availability::KNOWN.iter().map(Availability::as_str).collect();
    assert_eq!(schema["examples"], json!(known));
}

#[test]
fn closed_enums_list_their_serialized_values() {
    fn values<T: JsonSchema>() -> Value {
        schema_for!(T).to_value()["enum"].clone()
    }
    assert_eq!(values::<SessionState>(), serde_json::to_value(SessionState::ALL).unwrap());
    assert_eq!(values::<PreferredState>(), serde_json::to_value(PreferredState::ALL).unwrap());
    assert_eq!(values::<ApiVersion>(), json!(["v1.0", "beta"]));
}

/// Returns the names of an object's properties.
fn names(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn serialized_presence_has_the_properties_of_its_schema() {
    let presence: Presence = serde_json::from_value(json!({
        "id": "x", "sequenceNumber": "1", "statusMessage": {}, "outOfOfficeSettings": {}, "workLocation": {},
    }))
    .unwrap();
    let schema = schema_for!(Presence).to_value();
    assert_eq!(names(&serde_json::to_value(presence).unwrap()), names(&schema["properties"]));
}
