//! The changes that the trim applies to the slice: prose is removed, sets are sorted, and named rules correct patterns
//! that occur in many places. The header of the trimmed document lists how often each rule was applied.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::schema_keys::Keys;

/// The property with an object's type, which the service omits from responses.
const TYPE_PROPERTY: &str = "@odata.type";
/// The member that marks an evolvable enum in Microsoft Graph: members can be added later.
const SENTINEL: &str = "unknownFutureValue";
/// The extension that lists the known members of an evolvable enum.
pub(super) const EXTENSIBLE_ENUM: &str = "x-extensible-enum";

/// The rules in the order of the header of the trimmed document.
const RULES: [(&str, &str); 8] = [
    ("array-query", "comma-separated query parameters become strings"),
    ("discriminator", "mappings from type names to schemas are removed"),
    ("evolvable-enum", "evolvable enums become strings, with the known members in x-extensible-enum"),
    ("extension", "other x- fields are removed"),
    ("nullable-reference", "anyOf with a reference and a nullable object becomes a nullable allOf"),
    ("odata-type", "the property @odata.type is removed"),
    ("path-parameters", "parameters of a path are moved to its operations"),
    ("prose", "summaries, descriptions, titles, examples and link texts are removed"),
];

/// Applies the rules and counts how often each was applied.
#[derive(Default)]
pub(crate) struct Normalizer {
    counts: BTreeMap<&'static str, usize>,
}

impl Normalizer {
    /// Returns a line for each rule: its name, count and description.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        RULES.iter().map(|(name, description)| {
            let count = self.counts.get(name).copied().unwrap_or_default();
            format!("  {name}: {count} ({description})")
        })
    }

    /// Adds the parameters of a path to an operation.
    pub(crate) fn push_down(&mut self, operation: &mut Map<String, Value>, shared: Vec<Value>) {
        if shared.is_empty() {
            return;
        }
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        for parameter in shared {
            if let Some(parameters) = parameters.as_array_mut() {
                parameters.push(parameter);
                self.count("path-parameters");
            }
        }
    }

    /// Applies every rule to `value` and everything in it.
    pub(crate) fn apply(&mut self, value: Value, keys: Keys) -> Value {
        match value {
            Value::Object(map) => {
                let mut kept = Map::new();
                for (key, child) in map {
                    if keys != Keys::Names && keys != Keys::Responses && self.removes(&key, &child) {
                        continue;
                    }
                    let child = match keys.below(&key, &child) {
                        Some(below) => self.apply(child, below),
                        None => child,
                    };
                    kept.insert(key, child);
                }
                if keys == Keys::Keywords {
                    self.rules(&mut kept);
                } else if keys == Keys::Response && !kept.contains_key("$ref") {
                    // OpenAPI requires a description. The overlay sets the text.
                    kept.insert("description".to_owned(), json!(""));
                }
                Value::Object(kept)
            }
            Value::Array(items) => items.into_iter().map(|item| self.apply(item, keys)).collect(),
            other => other,
        }
    }

    fn count(&mut self, rule: &'static str) {
        *self.counts.entry(rule).or_default() += 1;
    }

    fn removes(&mut self, key: &str, value: &Value) -> bool {
        let rule = match key {
            "description" | "summary" | "title" if value.is_string() => "prose",
            "example" | "examples" => "prose",
            _ if key.starts_with("x-") && key != EXTENSIBLE_ENUM => "extension",
            _ => return false,
        };
        self.count(rule);
        true
    }

    fn rules(&mut self, object: &mut Map<String, Value>) {
        self.external_docs(object);
        self.discriminator(object);
        self.type_property(object);
        self.nullable_reference(object);
        self.array_query(object);
        self.evolvable_enum(object);
        for set in ["required", "enum", "tags"] {
            if let Some(members) = object.get_mut(set).and_then(Value::as_array_mut) {
                members.sort_by_key(Value::to_string);
            }
        }
        if let Some(parameters) = object.get_mut("parameters").and_then(Value::as_array_mut) {
            parameters.sort_by_key(identity);
        }
    }

    fn external_docs(&mut self, object: &mut Map<String, Value>) {
        // The description was removed before, so without a URL the object is empty.
        if object.get("externalDocs").is_some_and(|docs| docs.get("url").is_none()) {
            object.remove("externalDocs");
        }
    }

    fn discriminator(&mut self, object: &mut Map<String, Value>) {
        let Some(Value::Object(discriminator)) = object.get_mut("discriminator") else { return };
        let mapped = discriminator.remove("mapping").is_some();
        let is_type_property = discriminator.get("propertyName").is_some_and(|name| name == TYPE_PROPERTY);
        if is_type_property {
            object.remove("discriminator");
        }
        if mapped || is_type_property {
            self.count("discriminator");
        }
    }

    fn type_property(&mut self, object: &mut Map<String, Value>) {
        let mut found = false;
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            found |= properties.remove(TYPE_PROPERTY).is_some();
            if properties.is_empty() {
                object.remove("properties");
            }
        }
        if let Some(Value::Array(required)) = object.get_mut("required") {
            let before = required.len();
            required.retain(|name| name != TYPE_PROPERTY);
            found |= required.len() < before;
            if required.is_empty() {
                object.remove("required");
            }
        }
        if found {
            self.count("odata-type");
        }
    }

    fn nullable_reference(&mut self, object: &mut Map<String, Value>) {
        let Some(Value::Array(either)) = object.get("anyOf") else { return };
        let nullable_object = json!({"nullable": true, "type": "object"});
        let reference = match either.as_slice() {
            [reference, other] | [other, reference] if *other == nullable_object && is_bare_reference(reference) => {
                reference.clone()
            }
            _ => return,
        };
        object.remove("anyOf");
        object.insert("allOf".to_owned(), json!([reference]));
        object.insert("nullable".to_owned(), json!(true));
        self.count("nullable-reference");
    }

    fn array_query(&mut self, object: &mut Map<String, Value>) {
        let is = |key: &str, value: Value| object.get(key) == Some(&value);
        let is_array = object.get("schema").is_some_and(|schema| schema.get("type") == Some(&json!("array")));
        let is_form = object.get("style").is_none_or(|style| style == "form");
        if !(is("in", json!("query")) && is("explode", json!(false)) && is_array && is_form) {
            return;
        }
        object.remove("explode");
        object.remove("style");
        object.insert("schema".to_owned(), json!({"type": "string"}));
        self.count("array-query");
    }

    fn evolvable_enum(&mut self, object: &mut Map<String, Value>) {
        let Some(Value::Array(members)) = object.get_mut("enum") else { return };
        if !members.iter().any(|member| member == SENTINEL) {
            return;
        }
        members.retain(|member| member != SENTINEL);
        members.sort_by_key(Value::to_string);
        let members = object.remove("enum").unwrap_or_default();
        object.insert(EXTENSIBLE_ENUM.to_owned(), members);
        self.count("evolvable-enum");
    }
}

fn is_bare_reference(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.len() == 1 && object.get("$ref").is_some_and(Value::is_string))
}

/// Returns the identity of a parameter of an operation: its location and name, or the target of its reference.
pub(crate) fn identity(parameter: &Value) -> (String, String) {
    let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    match parameter.get("$ref") {
        Some(_) => ("$ref".to_owned(), text("$ref")),
        None => (text("in"), text("name")),
    }
}
