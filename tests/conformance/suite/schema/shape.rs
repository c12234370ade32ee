//! The comparable content of a schema, independent of its dialect.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::openapi::resolved;

/// The types, the format and the properties of a schema of OpenAPI 3.0 or of JSON Schema.
#[derive(Debug, Default)]
pub(super) struct Shape {
    types: BTreeSet<String>,
    format: Option<String>,
    properties: BTreeMap<String, Shape>,
    required: BTreeSet<String>,
    /// Whether it refers to another type, whose properties are compared with that type's schema.
    is_definition: bool,
}

impl Shape {
    /// Returns the shape of a schema within a document.
    pub(super) fn of(document: &Value, schema: &Value) -> Self {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let is_definition = reference.is_some_and(|reference| reference.starts_with("#/$defs/"));
        let schema = resolved(document, schema);
        let mut shape = Self { is_definition, ..Self::default() };
        for part in ["allOf", "anyOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten() {
            shape.add(Self::of(document, part));
        }
        shape.types.extend(strings(schema, "type"));
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            shape.types.insert("null".to_owned());
        }
        // `word` is an instruction to the code generator (an open enum), not a format.
        let format = schema.get("format").and_then(Value::as_str).filter(|format| *format != "word");
        shape.format = shape.format.or(format.map(str::to_owned));
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            shape.properties.insert(name.clone(), Self::of(document, property));
        }
        shape.required.extend(strings(schema, "required"));
        shape
    }

    fn add(&mut self, part: Self) {
        self.types.extend(part.types);
        self.properties.extend(part.properties);
        self.required.extend(part.required);
        self.format = self.format.take().or(part.format);
        self.is_definition |= part.is_definition;
    }

    /// Compares this shape, which is the facade's, with the spec's.
    ///
    /// Nullability is ignored at the root: it belongs to each use of the type.
    pub(super) fn differences(mut self, mut spec: Self) -> Vec<String> {
        self.types.remove("null");
        spec.types.remove("null");
        let mut found = Vec::new();
        self.compare("", &spec, &mut found);
        found
    }

    fn compare(&self, path: &str, spec: &Self, found: &mut Vec<String>) {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}: ") };
        if self.types != spec.types {
            found.push(format!("{prefix}{} in the facade, {} in the spec", listed(&self.types), listed(&spec.types)));
        }
        if self.is_definition {
            return;
        }
        if self.format != spec.format {
            let format = |shape: &Self| shape.format.clone().unwrap_or_else(|| "none".to_owned());
            found.push(format!("{prefix}format {} in the facade, {} in the spec", format(self), format(spec)));
        }
        for name in self.properties.keys().chain(spec.properties.keys()).collect::<BTreeSet<_>>() {
            let path = format!("{path}/{name}");
            let (Some(facade), Some(spec_property)) = (self.properties.get(name), spec.properties.get(name)) else {
                let owner = if self.properties.contains_key(name) { "facade" } else { "spec" };
                found.push(format!("{path}: only in the {owner}"));
                continue;
            };
            match (self.required.contains(name), spec.required.contains(name)) {
                (true, false) => found.push(format!("{path}: required only by the facade")),
                (false, true) => found.push(format!("{path}: required only by the spec")),
                _ => {}
            }
            facade.compare(&path, spec_property, found);
        }
    }
}

fn listed(types: &BTreeSet<String>) -> String {
    types.iter().map(String::as_str).collect::<Vec<_>>().join(" or ")
}

/// Returns the values of a keyword that is a string or an array of strings.
fn strings(schema: &Value, keyword: &str) -> Vec<String> {
    match schema.get(keyword) {
        Some(Value::String(value)) => vec![value.clone()],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn openapi_and_json_schema_are_compared() {
    use serde_json::json;

    let facade = json!({
        "type": "object",
        "properties": {
            "name": { "type": ["string", "null"] },
            "at": { "anyOf": [{ "$ref": "#/definitions/place" }, { "type": "null" }] },
            "of": { "$ref": "#/$defs/place" },
        },
        "required": ["name"],
        "definitions": { "place": { "type": "object", "properties": { "id": { "type": "string" } } } },
        "$defs": { "place": { "type": "object" } },
    });
    let spec = json!({ "components": { "place": { "type": "object", "properties": { "id": { "type": "string" } } } },
        "allOf": [{ "type": "object", "properties": {
            "name": { "type": "string", "nullable": true, "format": "word" },
            "at": { "allOf": [{ "$ref": "#/components/place" }], "nullable": true },
            "of": { "$ref": "#/components/place" },
        }, "required": ["name"] }],
    });
    let differences = |spec: &Value| Shape::of(&facade, &facade).differences(Shape::of(spec, spec));
    assert_eq!(differences(&spec), [] as [&str; 0]);

    let cases = [
        (
            "\"nullable\":true,\"type\":\"string\"",
            "\"type\":\"string\"",
            "/name: null or string in the facade, string in the spec",
        ),
        ("\"word\"", "\"uuid\"", "/name: format none in the facade, uuid in the spec"),
        ("\"name\"]", "\"at\"]", "/at: required only by the spec; /name: required only by the facade"),
        ("{\"id\"", "{\"no\"", "/at/id: only in the facade; /at/no: only in the spec"),
    ];
    for (part, other, expected) in cases {
        let text = spec.to_string();
        let changed = text.replace(part, other);
        assert_ne!(changed, text, "{part}");
        assert_eq!(differences(&serde_json::from_str(&changed).unwrap()).join("; "), expected);
    }
}
