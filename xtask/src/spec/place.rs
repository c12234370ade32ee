//! What an object in an OpenAPI document is, as far as reading it needs to know: a key may be a keyword or a name, and
//! a property may well be called `description`.

use serde_json::Value;

use super::finding::below;

/// What the keys of an object are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Words that OpenAPI defines.
    Keywords,
    /// Names that the document's author chose, with keyword objects as values.
    Names,
    /// Status codes, with responses as values.
    Responses,
    /// Words that OpenAPI defines, for a response.
    Response,
}

impl Keys {
    /// What stands under `key`, or `None` when that is data that must not be looked into.
    pub(crate) fn below(self, key: &str, value: &Value) -> Option<Self> {
        match (self, key) {
            (Self::Names, _) => Some(Self::Keywords),
            (Self::Responses, _) => Some(Self::Response),
            (_, "default" | "enum" | "example" | "examples" | "required" | "tags") => None,
            (_, _) if key.starts_with("x-") => None,
            (_, "responses") => Some(Self::Responses),
            (_, "properties" | "content" | "headers" | "encoding" | "callbacks" | "links" | "variables") => {
                Some(Self::Names)
            }
            (_, "parameters") if value.is_object() => Some(Self::Names),
            _ => Some(Self::Keywords),
        }
    }
}

/// Calls `found` with the JSON pointer and the target of every reference in `value`, which stands at `at`. A target that is
/// no text is given as JSON: it leads nowhere, but must not be passed over.
pub(crate) fn references(value: &Value, at: &str, keys: Keys, found: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                match child {
                    Value::String(target) if key == "$ref" && keys != Keys::Names => found(at, target),
                    _ if key == "$ref" && keys != Keys::Names => found(at, &child.to_string()),
                    _ => {
                        if let Some(inside) = keys.below(key, child) {
                            references(child, &below(at, key), inside, found);
                        }
                    }
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                references(item, &below(at, index), keys, found);
            }
        }
        _ => {}
    }
}
