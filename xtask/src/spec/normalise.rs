//! What the trim changes in the slice: prose goes, sets are sorted, and the rules that hold for many places. Each rule
//! has a name and is counted, so that the head of the trimmed file says what was done to Microsoft's text.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::schema_keys::Keys;

/// The name of the property that names an object's type, which the service leaves out of its answers.
const TYPE_PROPERTY: &str = "@odata.type";
/// The member by which Microsoft marks an enum that will grow.
const SENTINEL: &str = "unknownFutureValue";
/// Where the members of an enum that will grow are kept.
pub(super) const OPEN_ENUM: &str = "x-extensible-enum";

/// The rules, in the order in which the head of the trimmed file lists them.
const RULES: [(&str, &str); 8] = [
    ("array-query", "a query parameter that is a comma-separated list is a string"),
    ("discriminator", "mappings from type names to schemas go"),
    ("evolvable-enum", "an enum that may grow is a string, its members known so far are in x-extensible-enum"),
    ("extension", "x- keys of others go"),
    ("nullable-reference", "anyOf [a reference, a nullable object] is a nullable allOf"),
    ("odata-type", "the property @odata.type goes"),
    ("path-parameters", "the parameters of a path are those of its operations"),
    ("prose", "summaries, descriptions, titles, examples and link texts go"),
];

/// How often each rule was applied.
#[derive(Default)]
pub(crate) struct Normaliser {
    counts: BTreeMap<&'static str, usize>,
}

impl Normaliser {
    /// One line a rule: name, count, what it does.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        RULES.iter().map(|(name, what)| {
            let count = self.counts.get(name).copied().unwrap_or_default();
            format!("  {name}: {count} ({what})")
        })
    }

    /// Gives an operation the parameters of its path.
    pub(crate) fn push_down(&mut self, operation: &mut Map<String, Value>, shared: Vec<Value>) {
        if shared.is_empty() {
            return;
        }
        let own = operation.entry("parameters").or_insert_with(|| json!([]));
        for parameter in shared {
            if let Some(own) = own.as_array_mut() {
                own.push(parameter);
                self.count("path-parameters");
            }
        }
    }

    /// `value` without what nobody needs, with every rule applied below it and to it.
    pub(crate) fn apply(&mut self, value: Value, keys: Keys) -> Value {
        match value {
            Value::Object(map) => {
                let mut kept = Map::new();
                for (key, child) in map {
                    if keys != Keys::Names && keys != Keys::Responses && self.drops(&key, &child) {
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
                    // OpenAPI wants one; ours comes from the overlay.
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

    fn drops(&mut self, key: &str, value: &Value) -> bool {
        let rule = match key {
            "description" | "summary" | "title" if value.is_string() => "prose",
            "example" | "examples" => "prose",
            _ if key.starts_with("x-") && key != OPEN_ENUM => "extension",
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
        // Its own description is gone already; without an address nothing is left.
        if object.get("externalDocs").is_some_and(|docs| docs.get("url").is_none()) {
            object.remove("externalDocs");
        }
    }

    fn discriminator(&mut self, object: &mut Map<String, Value>) {
        let Some(Value::Object(discriminator)) = object.get_mut("discriminator") else { return };
        let mapped = discriminator.remove("mapping").is_some();
        let typed = discriminator.get("propertyName").is_some_and(|name| name == TYPE_PROPERTY);
        if typed {
            object.remove("discriminator");
        }
        if mapped || typed {
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
        let nothing = json!({"nullable": true, "type": "object"});
        let reference = match either.as_slice() {
            [reference, other] | [other, reference] if *other == nothing && is_bare_reference(reference) => {
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
        let listed = object.get("schema").is_some_and(|schema| schema.get("type") == Some(&json!("array")));
        let form = object.get("style").is_none_or(|style| style == "form");
        if !(is("in", json!("query")) && is("explode", json!(false)) && listed && form) {
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
        object.insert(OPEN_ENUM.to_owned(), members);
        self.count("evolvable-enum");
    }
}

fn is_bare_reference(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.len() == 1 && object.get("$ref").is_some_and(Value::is_string))
}

/// What tells one parameter of an operation from another: where it is and its name, or what it refers to.
pub(crate) fn identity(parameter: &Value) -> (String, String) {
    let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    match parameter.get("$ref") {
        Some(_) => ("$ref".to_owned(), text("$ref")),
        None => (text("in"), text("name")),
    }
}
