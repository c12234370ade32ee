//! Checks of schemas, from which the generator derives types.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Lint;
use crate::spec::json::{entries, members};
use crate::spec::pointer::below;

/// Keywords that the generator does not support correctly.
const UNSUPPORTED: [(&str, &str); 2] = [
    (
        "default",
        "the generator panics on a default of another type, and substitutes defaults for missing values: remove it",
    ),
    ("not", "`not`, the generator panics: describe the allowed values"),
];

/// A schema and its pointer.
pub(super) type Located<'a> = (String, &'a Value);

impl<'a> Lint<'a> {
    pub(super) fn schemas(&mut self) {
        for (name, schema) in members(self.document.pointer("/components/schemas")) {
            self.described(&below("/components/schemas", name), schema, "a type");
        }
        for (pointer, schema) in self.every_schema() {
            self.choice(&pointer, schema);
            for (key, message) in UNSUPPORTED {
                if schema.get(key).is_some() {
                    self.report(&below(&pointer, key), "keyword-unsupported", message);
                }
            }
            self.text(&pointer, schema);
            self.object(&pointer, schema);
            if schema.get("$ref").is_some() && members(Some(schema)).count() > 1 {
                let message = "keywords next to $ref are ignored: use allOf with the reference as its only entry";
                self.report(&pointer, "reference-sibling", message);
            }
        }
    }

    /// Returns every schema of the document, including nested ones: of components, parameters, request bodies and
    /// responses.
    pub(super) fn every_schema(&self) -> Vec<Located<'a>> {
        let mut all = Vec::new();
        for (name, schema) in members(self.document.pointer("/components/schemas")) {
            schemas_below(below("/components/schemas", name), schema, &mut all);
        }
        for kind in ["parameters", "requestBodies", "responses", "headers"] {
            let pointer = below("/components", kind);
            for (name, parent) in members(self.document.pointer(&pointer)) {
                schemas_of(&below(&pointer, name), parent, &mut all);
            }
        }
        for operation in self.every_operation() {
            for (pointer, parameter) in operation.parameters() {
                schemas_of(&pointer, parameter, &mut all);
            }
            let pointer = operation.pointer();
            if let Some(body) = operation.value.get("requestBody") {
                schemas_of(&below(&pointer, "requestBody"), body, &mut all);
            }
            for (status, response) in members(operation.value.get("responses")) {
                schemas_of(&below(&below(&pointer, "responses"), status), response, &mut all);
            }
        }
        all
    }

    fn choice(&mut self, pointer: &str, schema: &Value) {
        for key in ["anyOf", "oneOf"] {
            let nullable = |branch: &Value| branch.get("nullable") == Some(&Value::Bool(true));
            if entries(schema.get(key)).any(nullable) {
                let message = "generates a type whose name collides with the referenced one: use allOf with the \
                               reference, and nullable: true";
                self.report(&below(pointer, key), "nullable-choice", message);
            }
        }
    }

    fn text(&mut self, pointer: &str, schema: &Value) {
        if entries(schema.get("enum")).any(|member| member == "unknownFutureValue") {
            let message = "the service can add members, which a closed enum fails to decode: use a string";
            self.report(&below(pointer, "enum"), "enum-evolvable", message);
        }
        if schema.get("pattern").is_some_and(Value::is_string) {
            let message = "a pattern generates a type that needs the crate regress: remove it, the facade validates";
            self.report(&below(pointer, "pattern"), "pattern", message);
        }
        let limited = ["minLength", "maxLength"].iter().any(|limit| schema.get(limit).is_some());
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        if matches!(format, "date" | "uuid") || format == "date-time" && limited {
            let restriction = if limited { " with a length limit" } else { "" };
            let message =
                format!("`{format}`{restriction} needs a crate that the client does not depend on: use a string");
            self.report(&below(pointer, "format"), "format-unsupported", message);
        }
    }

    fn object(&mut self, pointer: &str, schema: &Value) {
        let properties: BTreeSet<&str> = members(schema.get("properties")).map(|(name, _)| name.as_str()).collect();
        for (name, property) in members(schema.get("properties")) {
            self.described(&below(&below(pointer, "properties"), name), property, "a field");
        }
        let mut required = BTreeSet::new();
        for name in entries(schema.get("required")).filter_map(Value::as_str) {
            let pointer = below(pointer, "required");
            if name == "@odata.type" {
                let message = "the service omits @odata.type at the default metadata level: remove it from required";
                self.report(&pointer, "odata-type-required", message);
            } else if !properties.is_empty() && !properties.contains(name) {
                let message = format!("unknown property `{name}`: remove it from required or add the property");
                self.report(&pointer, "required-unknown", message);
            }
            if !required.insert(name) {
                self.report(&pointer, "required-duplicate", format!("`{name}` is listed twice: remove one entry"));
            }
        }
        let allows_any_value = |open: &Value| open.as_object().is_some_and(serde_json::Map::is_empty);
        let open = schema.get("additionalProperties").filter(|open| **open != Value::Bool(false));
        if !properties.is_empty() && open.is_some_and(|open| !allows_any_value(open)) {
            let message = "values of other types fail to decode, only `{}` allows any value: set it to `{}` or \
                           remove it";
            self.report(&below(pointer, "additionalProperties"), "additional-properties", message);
        }
    }
}

/// Collects the schemas of a parameter, a request body, a response or a header.
fn schemas_of<'a>(pointer: &str, parent: &'a Value, all: &mut Vec<Located<'a>>) {
    if let Some(schema) = parent.get("schema") {
        schemas_below(below(pointer, "schema"), schema, all);
    }
    for (media_type, value) in members(parent.get("content")) {
        if let Some(schema) = value.get("schema") {
            let pointer = below(&below(pointer, "content"), media_type);
            schemas_below(below(&pointer, "schema"), schema, all);
        }
    }
}

fn schemas_below<'a>(pointer: String, schema: &'a Value, all: &mut Vec<Located<'a>>) {
    for (name, property) in members(schema.get("properties")) {
        schemas_below(below(&below(&pointer, "properties"), name), property, all);
    }
    for key in ["items", "additionalProperties", "not"] {
        if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
            schemas_below(below(&pointer, key), inner, all);
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for (index, inner) in entries(schema.get(key)).enumerate() {
            schemas_below(below(&below(&pointer, key), index), inner, all);
        }
    }
    all.push((pointer, schema));
}
