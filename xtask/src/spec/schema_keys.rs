//! Distinguishes keywords from names among the keys of an OpenAPI document: a schema can have a property called
//! `description`.

use serde_json::Value;

/// The kind of the keys of an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Keywords of OpenAPI.
    Keywords,
    /// Names chosen by the author of the document. The values are objects with keywords.
    Names,
    /// Status codes. The values are responses.
    Responses,
    /// Keywords of a response object.
    Response,
}

impl Keys {
    /// Returns the kind of keys in the value of `key`, or `None` if the value is data and not part of the description.
    pub(crate) fn below(self, key: &str, value: &Value) -> Option<Self> {
        match (self, key) {
            (Self::Names, _) => Some(Self::Keywords),
            (Self::Responses, _) => Some(Self::Response),
            (_, "default" | "enum" | "example" | "examples" | "required" | "tags") => None,
            (_, _) if key.starts_with("x-") => None,
            (_, "responses") => Some(Self::Responses),
            (_, "callbacks" | "content" | "encoding" | "headers" | "links" | "properties" | "variables") => {
                Some(Self::Names)
            }
            // The document and its components have these.
            (_, "paths" | "requestBodies" | "schemas") => Some(Self::Names),
            (_, "parameters") if value.is_object() => Some(Self::Names),
            _ => Some(Self::Keywords),
        }
    }
}
