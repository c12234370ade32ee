//! Schemas: what becomes types.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Lint;
use crate::spec::json::{entries, members};
use crate::spec::pointer::below;

/// Keywords that the generator cannot be trusted with.
const REFUSED: [(&str, &str); 2] = [
    ("default", "the generator panics where it does not fit, and where it does makes up what was not sent: remove it"),
    ("not", "the generator panics: say what the value is"),
];

/// A schema and its place.
pub(super) type Placed<'a> = (String, &'a Value);

impl<'a> Lint<'a> {
    pub(super) fn schemas(&mut self) {
        for (name, schema) in members(self.document.pointer("/components/schemas")) {
            self.described(&below("/components/schemas", name), schema, "a type");
        }
        for (pointer, schema) in self.every_schema() {
            self.choice(&pointer, schema);
            for (key, mend) in REFUSED {
                if schema.get(key).is_some() {
                    self.report(&below(&pointer, key), "keyword-refused", mend);
                }
            }
            self.text(&pointer, schema);
            self.object(&pointer, schema);
            if schema.get("$ref").is_some() && members(Some(schema)).count() > 1 {
                let mend = "what stands beside $ref is ignored: write allOf with the reference as its one entry";
                self.report(&pointer, "reference-sibling", mend);
            }
        }
    }

    /// Every schema of the document: those of components, parameters, bodies and answers, and all inside them.
    pub(super) fn every_schema(&self) -> Vec<Placed<'a>> {
        let mut all = Vec::new();
        for (name, schema) in members(self.document.pointer("/components/schemas")) {
            schemas_below(below("/components/schemas", name), schema, &mut all);
        }
        for kind in ["parameters", "requestBodies", "responses", "headers"] {
            let pointer = below("/components", kind);
            for (name, holder) in members(self.document.pointer(&pointer)) {
                schemas_held(&below(&pointer, name), holder, &mut all);
            }
        }
        for operation in self.every_operation() {
            for (pointer, parameter) in operation.parameters() {
                schemas_held(&pointer, parameter, &mut all);
            }
            let pointer = operation.pointer();
            if let Some(body) = operation.value.get("requestBody") {
                schemas_held(&below(&pointer, "requestBody"), body, &mut all);
            }
            for (status, response) in members(operation.value.get("responses")) {
                schemas_held(&below(&below(&pointer, "responses"), status), response, &mut all);
            }
        }
        all
    }

    fn choice(&mut self, pointer: &str, schema: &Value) {
        for key in ["anyOf", "oneOf"] {
            let nullable = |branch: &Value| branch.get("nullable") == Some(&Value::Bool(true));
            if entries(schema.get(key)).any(nullable) {
                let mend = "the choice becomes a type that collides with the referred one: write allOf with the \
                            reference, and nullable: true beside it";
                self.report(&below(pointer, key), "nullable-choice", mend);
            }
        }
    }

    fn text(&mut self, pointer: &str, schema: &Value) {
        if entries(schema.get("enum")).any(|member| member == "unknownFutureValue") {
            let mend = "the service may add members, and a closed enum fails on them: make it a plain string";
            self.report(&below(pointer, "enum"), "enum-evolvable", mend);
        }
        if schema.get("pattern").is_some_and(Value::is_string) {
            let mend = "a pattern becomes a type that needs the crate regress: leave the check to the facade";
            self.report(&below(pointer, "pattern"), "pattern", mend);
        }
        let limited = ["minLength", "maxLength"].iter().any(|limit| schema.get(limit).is_some());
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        if matches!(format, "date" | "uuid") || format == "date-time" && limited {
            let how = if limited { " with a limit" } else { "" };
            let mend = format!("`{format}`{how} needs a crate that the client does not have: make it a plain string");
            self.report(&below(pointer, "format"), "format-foreign", mend);
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
                let mend = "the service leaves it out at the default metadata level: it must not be required";
                self.report(&pointer, "odata-type-required", mend);
            } else if !properties.is_empty() && !properties.contains(name) {
                let mend = format!("`{name}` is no property of this schema: take it out, or add the property");
                self.report(&pointer, "required-unknown", mend);
            }
            if !required.insert(name) {
                self.report(&pointer, "required-twice", format!("`{name}` stands here twice: leave one"));
            }
        }
        let keeps_anything = |open: &Value| open.as_object().is_some_and(serde_json::Map::is_empty);
        let open = schema.get("additionalProperties").filter(|open| **open != Value::Bool(false));
        if !properties.is_empty() && open.is_some_and(|open| !keeps_anything(open)) {
            let mend = "the generator keeps unknown properties only for `{}`, and fails on values of another type: \
                        write `{}`, or remove it";
            self.report(&below(pointer, "additionalProperties"), "additional-properties", mend);
        }
    }
}

/// The schemas that a parameter, a body, an answer or a header holds.
fn schemas_held<'a>(pointer: &str, holder: &'a Value, all: &mut Vec<Placed<'a>>) {
    if let Some(schema) = holder.get("schema") {
        schemas_below(below(pointer, "schema"), schema, all);
    }
    for (media_type, value) in members(holder.get("content")) {
        if let Some(schema) = value.get("schema") {
            let pointer = below(&below(pointer, "content"), media_type);
            schemas_below(below(&pointer, "schema"), schema, all);
        }
    }
}

fn schemas_below<'a>(pointer: String, schema: &'a Value, all: &mut Vec<Placed<'a>>) {
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
