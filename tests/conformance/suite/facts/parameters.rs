//! Compares the request templates and the tables of parameters and properties with `specs/presence.openapi.yaml`.

use graph_presence_conformance::{Operations, Parameter, Recording};
use serde_json::Value;

use super::{calls, symmetric_difference};
use crate::check::Check;
use crate::openapi::{document, operation, request_schema, resolved};

#[tokio::test]
async fn spec_has_the_request_templates_of_the_pages() {
    let operations = Operations::built_in().unwrap();
    super::run(Check::Paths, async |recording| {
        let missing = recording.facts.paths.iter().filter(|path| calls::operation(&operations, path).is_none());
        missing.map(|path| format!("not in the spec: {path}")).collect()
    })
    .await;
}

#[tokio::test]
async fn spec_has_exactly_the_parameters_and_properties_of_the_pages() {
    super::run(Check::Parameters, async |recording| compare(recording)).await;
}

fn compare(recording: &Recording) -> Vec<String> {
    let operations = calls::operations(recording);
    let facts = &recording.facts;
    if operations.is_empty() && !facts.parameters.is_empty() {
        return vec!["the page has parameters, but no operation of the spec".to_owned()];
    }
    let mut found = Vec::new();
    for name in &operations {
        let schema = operation(name).and_then(request_schema);
        for difference in tables(&facts.parameters, schema) {
            // The paths of an action have the same body.
            if !found.contains(&difference) {
                found.push(difference);
            }
        }
    }
    if !facts.properties.is_empty() {
        match resource(&recording.page) {
            Some(schema) => found.extend(tables(&facts.properties, Some(schema))),
            None => found.push("the page has properties of a resource that is not in the spec".to_owned()),
        }
    }
    found
}

/// Returns the schema of the resource with the page's name.
fn resource(page: &str) -> Option<&'static Value> {
    let schemas = document().pointer("/components/schemas")?.as_object()?;
    let matches =
        |name: &str| name.strip_prefix("microsoft.graph.").is_some_and(|name| name.eq_ignore_ascii_case(page));
    schemas.iter().find(|(name, _)| matches(name)).map(|(_, schema)| schema)
}

fn tables(page: &[Parameter], schema: Option<&'static Value>) -> Vec<String> {
    let properties = schema.map(properties).unwrap_or_default();
    let mut names = Vec::new();
    let mut found = Vec::new();
    for parameter in page {
        let (Some(name), Some(type_name)) = (&parameter.name, &parameter.type_name) else {
            found.push(format!("not understood: {}", parameter.found.join(" ")));
            continue;
        };
        names.push(name.clone());
        if let Some((_, property)) = properties.iter().find(|(known, _)| known == name)
            && !types_match(type_name, property)
        {
            found.push(format!("{name}: type {type_name} on the page, {property} in the spec"));
        }
    }
    let known: Vec<_> = properties.into_iter().map(|(name, _)| name).collect();
    found.extend(symmetric_difference(&names, &known, "spec"));
    found
}

/// Returns the properties of a schema and of its `allOf`, with their types. Pages do not list OData annotations.
fn properties(schema: &'static Value) -> Vec<(String, String)> {
    let schema = resolved(document(), schema);
    let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let members =
        members.filter(|(name, _)| !name.contains('@')).map(|(name, property)| (name.clone(), type_of(property)));
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    members.chain(parts.flat_map(properties)).collect()
}

/// Returns the type of a property: `string`, `string (date-time)`, `string collection`, or the name of a schema.
fn type_of(property: &Value) -> String {
    let text = |key: &str| property.get(key).and_then(Value::as_str).unwrap_or_default();
    if let Some(part) = property.get("allOf").and_then(|parts| parts.get(0)) {
        return type_of(part);
    }
    match (text("$ref").rsplit(['.', '/']).next(), text("type"), text("format")) {
        (Some(name), ..) if !name.is_empty() => name.to_owned(),
        (_, "array", _) => format!("{} collection", property.get("items").map(type_of).unwrap_or_default()),
        (_, type_name, "" | "word") => type_name.to_owned(),
        (_, type_name, format) => format!("{type_name} ({format})"),
    }
}

/// Returns `true` if a type of the spec matches a type of the documentation, several of which are strings in OpenAPI.
fn types_match(page: &str, spec: &str) -> bool {
    match page.to_lowercase().as_str() {
        "boolean" => spec == "boolean",
        "datetimeoffset" => spec == "string (date-time)" || spec == "string",
        "duration" | "worklocationtype" | "worklocationsource" => spec == "string",
        other => other == spec.to_lowercase(),
    }
}

#[test]
fn table_and_schema_are_compared_in_both_directions() {
    let parameter = |name: Option<&str>, type_name: &str| Parameter {
        found: [name.unwrap_or("Kennung").to_owned(), type_name.to_owned()],
        name: name.map(str::to_owned),
        type_name: Some(type_name.to_owned()),
        evidence: [Vec::new(), Vec::new()],
    };
    let schema = || operation("POST /users/{user-id}/presence/setUserPreferredPresence").and_then(request_schema);
    let page = |expiration: &str| {
        let values = ["availability", "activity"].map(|name| parameter(Some(name), "string"));
        [values.to_vec(), vec![parameter(Some("expirationDuration"), expiration)]].concat()
    };
    assert_eq!(tables(&page("duration"), schema()), [] as [&str; 0]);
    assert_eq!(
        tables(&page("boolean"), schema()),
        ["expirationDuration: type boolean on the page, string in the spec"]
    );
    assert_eq!(tables(&page("duration")[1..], schema()), ["only in the spec: availability"]);
    assert_eq!(tables(&page("duration")[..1], None), ["only on the page: availability"]);
    assert_eq!(tables(&[parameter(None, "string")], None), ["not understood: Kennung string"]);
}

#[test]
fn resource_is_found_by_the_name_of_its_page() {
    let count = |page: &str| resource(page).map(|schema| properties(schema).len());
    assert_eq!(count("outofofficesettings"), Some(2));
    assert_eq!(count("presence"), Some(7));
    assert_eq!(count("calendar"), None);
}
