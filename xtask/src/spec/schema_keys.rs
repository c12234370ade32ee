//! What the keys of an object in an OpenAPI document are: keywords or names. A property can be called `description`.

use serde_json::Value;

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
            (_, "callbacks" | "content" | "encoding" | "headers" | "links" | "properties" | "variables") => {
                Some(Self::Names)
            }
            // Of the document and of its components.
            (_, "paths" | "requestBodies" | "schemas") => Some(Self::Names),
            (_, "parameters") if value.is_object() => Some(Self::Names),
            _ => Some(Self::Keywords),
        }
    }
}
