//! `specs/presence.openapi.yaml`, as the checks read it.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_saphyr::from_str(include_str!("../../../specs/presence.openapi.yaml")).unwrap());

/// The whole document.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

/// The operation that is named by its method and its path template: `GET /me/presence`.
pub(crate) fn operation(name: &str) -> Option<&'static Value> {
    let (method, path) = name.split_once(' ')?;
    document().get("paths")?.get(path)?.get(method.to_lowercase())
}

/// The schema of an operation's request body.
pub(crate) fn request_schema(operation: &'static Value) -> Option<&'static Value> {
    json_schema(operation.get("requestBody")?)
}

/// The schema of what is sent or answered as JSON.
pub(crate) fn json_schema(part: &'static Value) -> Option<&'static Value> {
    part.get("content")?.get("application/json")?.get("schema")
}

/// The response that a status is documented by: its own, that of its class, or the one for all others.
pub(crate) fn response(operation: &'static Value, status: u16) -> Option<&'static Value> {
    let responses = operation.get("responses")?;
    let names = [status.to_string(), format!("{}XX", status / 100), "default".to_owned()];
    names.iter().find_map(|name| responses.get(name)).map(|response| resolved(document(), response))
}

/// What a reference within `document` refers to, or else the value itself.
pub(crate) fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
            resolved(document, target.unwrap_or_else(|| panic!("{reference} refers to nothing")))
        }
        None => value,
    }
}

/// Says where JSON is not as a schema of the document has it.
pub(crate) fn faults(schema: &Value, instance: &Value) -> Vec<String> {
    faults_within(document(), schema, instance)
}

fn faults_within(document: &Value, schema: &Value, instance: &Value) -> Vec<String> {
    let validator = validator(document, schema);
    let faults = validator.iter_errors(instance).map(|error| match error.instance_path().as_str() {
        "" => error.to_string(),
        path => format!("{path}: {error}"),
    });
    faults.collect()
}

fn validator(document: &Value, schema: &Value) -> Validator {
    let components = json_schema_of(document.get("components").unwrap_or(&Value::Null));
    let schema = json!({ "allOf": [json_schema_of(schema)], "components": components });
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// A schema of OpenAPI 3.0 as JSON Schema has it. They differ in `nullable`, which JSON Schema does not know.
///
/// It is stricter than the document in one point: an object has only the properties that are named, and annotations of
/// OData. A page that shows another property shows something that the document should have.
fn json_schema_of(schema: &Value) -> Value {
    let members = match schema {
        Value::Object(members) => members,
        Value::Array(items) => return items.iter().map(json_schema_of).collect(),
        other => return other.clone(),
    };
    let mut converted = Map::new();
    for (name, member) in members {
        let member = match (name.as_str(), member) {
            ("nullable", _) => continue,
            ("properties", Value::Object(properties)) => {
                properties.iter().map(|(name, property)| (name.clone(), json_schema_of(property))).collect()
            }
            _ => json_schema_of(member),
        };
        converted.insert(name.clone(), member);
    }
    if converted.contains_key("properties") {
        converted.insert("additionalProperties".to_owned(), Value::Bool(false));
        converted.insert("patternProperties".to_owned(), json!({ "@": true }));
    }
    if members.get("nullable") == Some(&Value::Bool(true)) {
        json!({ "anyOf": [converted, { "type": "null" }] })
    } else {
        Value::Object(converted)
    }
}

#[test]
fn a_body_is_held_against_its_schema() {
    let document = json!({ "components": { "schemas": { "dot": {
        "type": "object",
        "properties": {
            "colour": { "type": "string", "format": "word" },
            "shade": { "type": "string", "nullable": true },
            "seen": { "allOf": [{ "$ref": "#/components/schemas/seen" }], "nullable": true },
        },
        "required": ["colour"],
        "additionalProperties": {},
    }, "seen": { "properties": { "at": { "type": "string", "format": "date-time" } }, "type": "object" } } } });
    let either = json!({ "oneOf": [
        { "allOf": [{ "$ref": "#/components/schemas/dot" }] },
        { "type": "object", "properties": { "value": { "type": "array" } }, "required": ["value"] },
    ] });
    let cases = [
        ("whole", json!({ "colour": "red", "shade": "dark", "seen": { "at": "2026-11-20T17:00:00Z" } }), true),
        ("nulls", json!({ "colour": "red", "shade": null, "seen": null }), true),
        ("an annotation", json!({ "@odata.context": "x", "colour": "red" }), true),
        ("the other one", json!({ "value": [] }), true),
        ("a property is missing", json!({ "shade": "dark" }), false),
        ("a property that is not null", json!({ "colour": null }), false),
        ("another type", json!({ "colour": 1 }), false),
        ("another type behind a reference", json!({ "colour": "red", "seen": { "at": 1 } }), false),
        ("another format", json!({ "colour": "red", "seen": { "at": "noon" } }), false),
        ("a property that is not named", json!({ "colour": "red", "hue": "x" }), false),
        ("a property that is not named, inside", json!({ "colour": "red", "seen": { "by": "x" } }), false),
        ("both", json!({ "colour": "red", "value": [] }), false),
        ("no object", json!("red"), false),
    ];
    for (name, instance, fits) in cases {
        let faults = faults_within(&document, &either, &instance);
        assert_eq!(faults.is_empty(), fits, "{name}: {faults:?}");
    }
}

#[test]
fn a_status_has_its_own_response_or_that_of_its_class() {
    let get = operation("GET /me/presence").unwrap();
    assert_eq!(response(get, 200), response(get, 204));
    assert!(response(get, 404).and_then(json_schema).is_some());
    assert_eq!(response(get, 302), None);
    assert_eq!(operation("PUT /me/presence"), None);
}
