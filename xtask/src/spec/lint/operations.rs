//! Checks of operations: ids, parameters, request bodies and responses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Lint;
use crate::spec::json::{entries, members};
use crate::spec::pointer::below;
use crate::spec::reference;
use crate::spec::slice::METHODS;

const JSON: &str = "application/json";

/// An operation with its path, and the path item that may declare shared parameters.
#[derive(Clone, Copy)]
pub(crate) struct Declared<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) value: &'a Value,
    item: &'a Value,
}

impl<'a> Declared<'a> {
    pub(crate) fn pointer(&self) -> String {
        below(&self.item_pointer(), self.method)
    }

    fn item_pointer(&self) -> String {
        below("/paths", self.path)
    }

    pub(crate) fn id(&self) -> Option<&'a str> {
        self.value.get("operationId").and_then(Value::as_str)
    }

    /// Returns the parameters of the operation and of its path item, with their pointers.
    pub(super) fn parameters(&self) -> Vec<(String, &'a Value)> {
        let listed = |pointer: String, value: &'a Value| {
            let list = entries(value.get("parameters")).enumerate();
            let pointer = below(&pointer, "parameters");
            list.map(move |(index, parameter)| (below(&pointer, index), parameter))
        };
        listed(self.item_pointer(), self.item).chain(listed(self.pointer(), self.value)).collect()
    }
}

/// Returns the operation ids of `document`.
pub(crate) fn operation_ids(document: &Value) -> impl Iterator<Item = &str> {
    every_operation(document).filter_map(|operation| operation.id())
}

/// Returns every operation of `document`.
pub(crate) fn every_operation(document: &Value) -> impl Iterator<Item = Declared<'_>> {
    members(document.get("paths")).flat_map(|(path, item)| {
        let operations = members(Some(item)).filter(|(key, _)| METHODS.contains(&key.as_str()));
        operations.map(move |(method, value)| Declared { path, method, value, item })
    })
}

impl<'a> Lint<'a> {
    pub(super) fn every_operation(&self) -> impl Iterator<Item = Declared<'a>> + use<'a> {
        every_operation(self.document)
    }

    pub(super) fn operations(&mut self) {
        let mut ids = BTreeMap::new();
        for operation in self.every_operation() {
            let pointer = operation.pointer();
            match operation.id() {
                None => self.report(
                    &pointer,
                    "operation-id-missing",
                    "operationId missing: add one, the method is named after it",
                ),
                Some(id) => {
                    if let Some(first) = ids.insert(id, pointer.clone()) {
                        let message = format!("`{id}` is also the id of {first}: rename one of them");
                        self.report(&below(&pointer, "operationId"), "operation-id-duplicate", message);
                    }
                }
            }
            self.described(&pointer, operation.value, "a method");
            self.parameters(&operation);
            if let Some(body) = operation.value.get("requestBody") {
                self.request_body(&below(&pointer, "requestBody"), body);
            }
            self.responses(&below(&pointer, "responses"), operation.value.get("responses"));
        }
    }

    fn parameters(&mut self, operation: &Declared<'a>) {
        let mut declared = BTreeSet::new();
        for (pointer, parameter) in operation.parameters() {
            let Some(parameter) = self.resolve(Some(parameter)) else {
                continue;
            };
            let text = |key| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
            self.described(&pointer, parameter, "an argument");
            if parameter.get("schema").is_none() {
                let message = "parameters with content are not supported by the generator: use a schema";
                self.report(&pointer, "parameter-content", message);
            }
            let is = |name: &str| self.is_of_type(parameter.get("schema"), name);
            let (is_array, is_object) = (is("array"), is("object"));
            if matches!(text("in"), "path" | "header") && (is_array || is_object) {
                let message =
                    "arrays and objects do not compile in the generated code: use a string that the caller formats";
                self.report(&pointer, "parameter-structured", message);
            }
            match text("in") {
                "path" => {
                    declared.insert(text("name"));
                    if parameter.get("required") != Some(&Value::Bool(true)) {
                        self.report(
                            &pointer,
                            "path-parameter",
                            "optional path parameter, the generator panics: set `required: true`",
                        );
                    }
                }
                "query" if is_array => {
                    let message = "the generator ignores `explode: false` and sends every element separately: \
                                   use a string that the caller joins";
                    self.report(&pointer, "query-array", message);
                }
                "cookie" => self.report(
                    &pointer,
                    "cookie-parameter",
                    "cookies are not supported by the generator: remove the parameter",
                ),
                _ => {}
            }
        }
        let named: BTreeSet<&str> =
            operation.path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
        for name in named.difference(&declared) {
            let message = format!("{{{name}}} in the path is not declared: add a path parameter");
            self.report(&operation.pointer(), "path-parameter", message);
        }
        for name in declared.difference(&named) {
            let message = format!("`{name}` is not in the path, the generator panics: remove the parameter");
            self.report(&operation.pointer(), "path-parameter", message);
        }
    }

    /// Returns `true` if a schema, or a schema that it refers to or is composed of, has the type `name`.
    fn is_of_type(&self, schema: Option<&'a Value>, name: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut pending: Vec<&Value> = schema.into_iter().collect();
        while let Some(schema) = pending.pop() {
            if schema.get("type").is_some_and(|declared| declared == name) {
                return true;
            }
            pending.extend(entries(schema.get("allOf")));
            if let Some(target) = reference::target(schema).filter(|target| seen.insert(*target)) {
                pending.extend(reference::find(self.document, target));
            }
        }
        false
    }

    fn request_body(&mut self, pointer: &str, body: &'a Value) {
        let Some(body) = self.resolve(Some(body)) else {
            return;
        };
        self.described(pointer, body, "an argument");
        let Some(content) = body.get("content") else {
            return;
        };
        if members(Some(content)).count() > 1 {
            let message = "several media types, the generator panics: keep one";
            self.report(pointer, "body-media-types", message);
        }
        self.media_types(pointer, content);
        self.shared_schemas(
            pointer,
            content,
            "inline schema generates a separate type for each path: move it to components",
        );
    }

    fn media_types(&mut self, pointer: &str, content: &Value) {
        for (media_type, value) in members(Some(content)) {
            if media_type != JSON && !media_type.starts_with("application/json;") {
                let message = format!("`{media_type}` generates a byte stream: use {JSON} or drop the operation");
                self.report(&below(&below(pointer, "content"), media_type), "media-type", message);
            } else if value.get("schema").is_none() {
                let message = "JSON without a schema, the generator panics: add a schema";
                self.report(&below(&below(pointer, "content"), media_type), "media-type", message);
            }
        }
    }

    fn shared_schemas(&mut self, pointer: &str, content: &'a Value, message: &str) {
        for (media_type, value) in members(Some(content)) {
            if value.get("schema").is_some_and(|schema| schema.get("$ref").is_none()) {
                let pointer = below(&below(&below(pointer, "content"), media_type), "schema");
                self.report(&pointer, "schema-inline", message);
            }
        }
    }

    fn responses(&mut self, pointer: &str, responses: Option<&'a Value>) {
        let mut success = BTreeSet::new();
        let mut errors = BTreeSet::new();
        let mut exact = Vec::new();
        let mut default = None;
        for (status, response) in members(responses).filter(|(key, _)| !key.starts_with("x-")) {
            let pointer = below(pointer, status);
            let Some(resolved) = self.resolve(Some(response)) else {
                continue;
            };
            self.described(&pointer, resolved, "a response");
            let schema = resolved.get("content").and_then(|content| {
                self.media_types(&pointer, content);
                if response.get("$ref").is_none() {
                    let message = "inline schema generates a separate type for each path: move it to components";
                    self.shared_schemas(&pointer, content, message);
                }
                members(Some(content)).next().map(|(_, value)| value.get("schema").map(Value::to_string))
            });
            match status.chars().next() {
                Some('2') => {
                    success.insert(schema);
                    if status != "2XX" {
                        exact.push(pointer);
                    }
                }
                Some('d') => default = Some((pointer, schema)),
                _ => {
                    errors.insert(schema);
                }
            }
        }
        for exact in exact {
            let message = "any other success status becomes an error: declare 2XX in the overlay";
            self.report(&exact, "success-single-status", message);
        }
        if success.len() > 1 {
            let message = "success responses of different types, the generator panics: keep one type";
            self.report(pointer, "success-mixed", message);
        }
        if success.is_empty() {
            self.report(
                pointer,
                "success-missing",
                "without a success response, the generated method returns a byte stream: declare 2XX",
            );
        }
        if errors.len() > 1 {
            let message = "error responses of different types, the generator panics: keep one type";
            self.report(pointer, "error-mixed", message);
        }
        if let Some((default, schema)) = default {
            let other_success = success.iter().any(|other| *other != schema);
            let other_error = errors.iter().any(|other| *other != schema);
            if other_success || other_error {
                let message = "default response of another type than the others, the generator panics: declare \
                               4XX and 5XX instead";
                self.report(&default, "default-mixed", message);
            }
        }
    }
}
