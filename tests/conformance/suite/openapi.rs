//! Access to `specs/presence.openapi.yaml`.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_saphyr::from_str(include_str!("../../../specs/presence.openapi.yaml")).unwrap());

/// Returns the document.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

/// Returns the operation with this method and path template, such as `GET /me/presence`.
pub(crate) fn operation(name: &str) -> Option<&'static Value> {
    let (method, path) = name.split_once(' ')?;
    document().get("paths")?.get(path)?.get(method.to_lowercase())
}

/// Returns the schema of an operation's request body.
pub(crate) fn request_schema(operation: &'static Value) -> Option<&'static Value> {
    json_schema(operation.get("requestBody")?)
}

/// Returns the JSON schema of a request body or a response.
pub(crate) fn json_schema(part: &'static Value) -> Option<&'static Value> {
    part.get("content")?.get("application/json")?.get("schema")
}

/// Returns the response for a status: the one for this code, for its range (`2XX`), or `default`.
pub(crate) fn response(operation: &'static Value, status: u16) -> Option<&'static Value> {
    let responses = operation.get("responses")?;
    let names = [status.to_string(), format!("{}XX", status / 100), "default".to_owned()];
    names.iter().find_map(|name| responses.get(name)).map(|response| resolved(document(), response))
}

/// Resolves a reference within `document`. Returns any other value unchanged.
pub(crate) fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
            resolved(document, target.unwrap_or_else(|| panic!("unresolved reference: {reference}")))
        }
        None => value,
    }
}

/// Validates JSON against a schema of the document. Returns the errors with their JSON pointers.
pub(crate) fn validation_errors(schema: &Value, instance: &Value) -> Vec<String> {
    validation_errors_within(document(), schema, instance)
}

fn validation_errors_within(document: &Value, schema: &Value, instance: &Value) -> Vec<String> {
    let validator = validator(document, schema);
    let errors = validator.iter_errors(instance).map(|error| match error.instance_path().as_str() {
        "" => error.to_string(),
        path => format!("{path}: {error}"),
    });
    errors.collect()
}

fn validator(document: &Value, schema: &Value) -> Validator {
    let components = json_schema_of(document.get("components").unwrap_or(&Value::Null));
    let schema = json!({ "allOf": [json_schema_of(schema)], "components": components });
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// Converts a schema of OpenAPI 3.0 to JSON Schema, which does not have `nullable`.
///
/// The result is stricter than the document in one point: an object has only the properties that the schema names, and
/// OData annotations. Another property on a page is missing from the document.
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
fn body_is_validated_against_its_schema() {
    let document = json!({ "components": { "schemas": { "dot": {
        "type": "object",
        "properties": {
            "color": { "type": "string", "format": "word" },
            "shade": { "type": "string", "nullable": true },
            "seen": { "allOf": [{ "$ref": "#/components/schemas/seen" }], "nullable": true },
        },
        "required": ["color"],
        "additionalProperties": {},
    }, "seen": { "properties": { "at": { "type": "string", "format": "date-time" } }, "type": "object" } } } });
    let either = json!({ "oneOf": [
        { "allOf": [{ "$ref": "#/components/schemas/dot" }] },
        { "type": "object", "properties": { "value": { "type": "array" } }, "required": ["value"] },
    ] });
    let cases = [
        ("complete", json!({ "color": "red", "shade": "dark", "seen": { "at": "2026-11-20T17:00:00Z" } }), true),
        ("null for nullable properties", json!({ "color": "red", "shade": null, "seen": null }), true),
        ("an annotation", json!({ "@odata.context": "x", "color": "red" }), true),
        ("the other alternative", json!({ "value": [] }), true),
        ("missing required property", json!({ "shade": "dark" }), false),
        ("null for a property that is not nullable", json!({ "color": null }), false),
        ("wrong type", json!({ "color": 1 }), false),
        ("wrong type in a referenced schema", json!({ "color": "red", "seen": { "at": 1 } }), false),
        ("wrong format", json!({ "color": "red", "seen": { "at": "noon" } }), false),
        ("unknown property", json!({ "color": "red", "hue": "x" }), false),
        ("unknown property in a referenced schema", json!({ "color": "red", "seen": { "by": "x" } }), false),
        ("both alternatives", json!({ "color": "red", "value": [] }), false),
        ("not an object", json!("red"), false),
    ];
    for (name, instance, is_valid) in cases {
        let errors = validation_errors_within(&document, &either, &instance);
        assert_eq!(errors.is_empty(), is_valid, "{name}: {errors:?}");
    }
}

#[test]
fn response_is_found_by_status_code_or_range() {
    let get = operation("GET /me/presence").unwrap();
    assert_eq!(response(get, 200), response(get, 204));
    assert!(response(get, 404).and_then(json_schema).is_some());
    assert_eq!(response(get, 302), None);
    assert_eq!(operation("PUT /me/presence"), None);
}
