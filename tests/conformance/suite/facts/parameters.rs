//! The request templates and the tables of parameters and properties against `specs/presence.openapi.yaml`.

use graph_presence_conformance::{Operations, Parameter, Recording};
use serde_json::Value;

use super::{calls, one_sided};
use crate::differences::Check;
use crate::openapi::{document, operation, request_schema, resolved};

#[tokio::test]
async fn the_spec_has_the_paths_of_the_pages() {
    let operations = Operations::of_this_workspace().unwrap();
    super::hold(Check::Paths, async |recording| {
        let missing = recording.facts.paths.iter().filter(|path| calls::operation(&operations, path).is_none());
        missing.map(|path| format!("the spec has no {path}")).collect()
    })
    .await;
}

#[tokio::test]
async fn the_spec_has_the_parameters_and_properties_of_the_pages_and_no_others() {
    super::hold(Check::Parameters, async |recording| compare(recording)).await;
}

fn compare(recording: &Recording) -> Vec<String> {
    let operations = calls::of(recording);
    let facts = &recording.facts;
    if operations.is_empty() && !facts.parameters.is_empty() {
        return vec!["the page has parameters for no operation of the spec".to_owned()];
    }
    let mut found = Vec::new();
    for name in &operations {
        let schema = operation(name).and_then(request_schema);
        for difference in tables(&facts.parameters, schema) {
            // The three paths of an operation have one body.
            if !found.contains(&difference) {
                found.push(difference);
            }
        }
    }
    if !facts.properties.is_empty() {
        match resource(&recording.page) {
            Some(schema) => found.extend(tables(&facts.properties, Some(schema))),
            None => found.push("the page has the properties of a resource that the spec does not have".to_owned()),
        }
    }
    found
}

/// The schema of the resource that a page is called after.
fn resource(page: &str) -> Option<&'static Value> {
    let schemas = document().pointer("/components/schemas")?.as_object()?;
    let named = |name: &str| name.strip_prefix("microsoft.graph.").is_some_and(|name| name.eq_ignore_ascii_case(page));
    schemas.iter().find(|(name, _)| named(name)).map(|(_, schema)| schema)
}

fn tables(page: &[Parameter], schema: Option<&'static Value>) -> Vec<String> {
    let properties = schema.map(properties).unwrap_or_default();
    let mut names = Vec::new();
    let mut found = Vec::new();
    for parameter in page {
        let (Some(name), Some(type_name)) = (&parameter.name, &parameter.type_name) else {
            found.push(format!("{} is not understood", parameter.found.join(" ")));
            continue;
        };
        names.push(name.clone());
        if let Some((_, property)) = properties.iter().find(|(known, _)| known == name)
            && !fits(type_name, property)
        {
            found.push(format!("{name}: the page has the type {type_name}, the spec {property}"));
        }
    }
    let known: Vec<_> = properties.into_iter().map(|(name, _)| name).collect();
    found.extend(one_sided(&names, &known, "the spec"));
    found
}

/// The properties of a schema with what they are, those of its parts too. Annotations are in no table.
fn properties(schema: &'static Value) -> Vec<(String, String)> {
    let schema = resolved(document(), schema);
    let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let own = own.filter(|(name, _)| !name.contains('@')).map(|(name, property)| (name.clone(), type_of(property)));
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    own.chain(parts.flat_map(properties)).collect()
}

/// `string`, `string (date-time)`, `string collection`, or the name of a schema.
fn type_of(property: &Value) -> String {
    let word = |key: &str| property.get(key).and_then(Value::as_str).unwrap_or_default();
    if let Some(part) = property.get("allOf").and_then(|parts| parts.get(0)) {
        return type_of(part);
    }
    match (word("$ref").rsplit(['.', '/']).next(), word("type"), word("format")) {
        (Some(name), ..) if !name.is_empty() => name.to_owned(),
        (_, "array", _) => format!("{} collection", property.get("items").map(type_of).unwrap_or_default()),
        (_, own, "" | "word") => own.to_owned(),
        (_, own, format) => format!("{own} ({format})"),
    }
}

/// Whether a property is what a page calls its type. OpenAPI has fewer types: most of the documentation's are texts.
fn fits(page: &str, spec: &str) -> bool {
    match page.to_lowercase().as_str() {
        "boolean" => spec == "boolean",
        "datetimeoffset" => spec == "string (date-time)" || spec == "string",
        "duration" | "worklocationtype" | "worklocationsource" => spec == "string",
        other => other == spec.to_lowercase(),
    }
}

#[test]
fn a_table_and_a_schema_are_compared_both_ways() {
    let parameter = |name: Option<&str>, type_name: &str| Parameter {
        found: [name.unwrap_or("Kennung").to_owned(), type_name.to_owned()],
        name: name.map(str::to_owned),
        type_name: Some(type_name.to_owned()),
        understood: [Vec::new(), Vec::new()],
    };
    let schema = || operation("POST /users/{user-id}/presence/setUserPreferredPresence").and_then(request_schema);
    let page = |expiration: &str| {
        let words = ["availability", "activity"].map(|name| parameter(Some(name), "string"));
        [words.to_vec(), vec![parameter(Some("expirationDuration"), expiration)]].concat()
    };
    assert_eq!(tables(&page("duration"), schema()), [] as [&str; 0]);
    assert_eq!(
        tables(&page("boolean"), schema()),
        ["expirationDuration: the page has the type boolean, the spec string"]
    );
    assert_eq!(tables(&page("duration")[1..], schema()), ["only the spec has availability"]);
    assert_eq!(tables(&page("duration")[..1], None), ["only the page has availability"]);
    assert_eq!(tables(&[parameter(None, "string")], None), ["Kennung string is not understood"]);
}

#[test]
fn a_resource_is_found_by_the_name_of_its_page() {
    let names = |page: &str| resource(page).map(|schema| properties(schema).len());
    assert_eq!(names("outofofficesettings"), Some(2));
    assert_eq!(names("presence"), Some(7));
    assert_eq!(names("weather"), None);
}
