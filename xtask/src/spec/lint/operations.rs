//! Operations: their ids, parameters, bodies and answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Lint;
use crate::spec::json::{entries, members};
use crate::spec::pointer::below;
use crate::spec::reference;
use crate::spec::slice::METHODS;

const JSON: &str = "application/json";

/// One operation, and what its path says for all operations on it.
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

    /// Every parameter as it stands in the operation or beside it, with its place.
    pub(super) fn parameters(&self) -> Vec<(String, &'a Value)> {
        let listed = |pointer: String, value: &'a Value| {
            let list = entries(value.get("parameters")).enumerate();
            let pointer = below(&pointer, "parameters");
            list.map(move |(index, parameter)| (below(&pointer, index), parameter))
        };
        listed(self.item_pointer(), self.item).chain(listed(self.pointer(), self.value)).collect()
    }
}

/// The id of every operation of `document` that has one.
pub(crate) fn operation_ids(document: &Value) -> impl Iterator<Item = &str> {
    every_operation(document).filter_map(|operation| operation.id())
}

/// Every operation of `document`.
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
                None => self.report(&pointer, "operation-id-missing", "give it an operationId: it names the method"),
                Some(id) => {
                    if let Some(first) = ids.insert(id, pointer.clone()) {
                        let mend = format!("`{id}` is the id of {first} too: rename one of them");
                        self.report(&below(&pointer, "operationId"), "operation-id-twice", mend);
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
                let mend = "the generator refuses a parameter that has content: give it a schema";
                self.report(&pointer, "parameter-content", mend);
            }
            let is = |name: &str| self.is_of_type(parameter.get("schema"), name);
            let (is_array, is_object) = (is("array"), is("object"));
            if matches!(text("in"), "path" | "header") && (is_array || is_object) {
                let mend = "the generated code does not compile: make it a string that the caller writes";
                self.report(&pointer, "parameter-structured", mend);
            }
            match text("in") {
                "path" => {
                    declared.insert(text("name"));
                    if parameter.get("required") != Some(&Value::Bool(true)) {
                        self.report(&pointer, "path-parameter", "the generator panics: write required: true");
                    }
                }
                "query" if is_array => {
                    let mend = "explode: false is ignored and every entry sent on its own: make it a string that the \
                                caller joins";
                    self.report(&pointer, "query-array", mend);
                }
                "cookie" => self.report(&pointer, "cookie-parameter", "the generator refuses it: remove it"),
                _ => {}
            }
        }
        let named: BTreeSet<&str> =
            operation.path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
        for name in named.difference(&declared) {
            let mend = format!("the path names {{{name}}}: declare it as a parameter in path");
            self.report(&operation.pointer(), "path-parameter", mend);
        }
        for name in declared.difference(&named) {
            let mend = format!("`{name}` is not in the path: the generator panics; remove it");
            self.report(&operation.pointer(), "path-parameter", mend);
        }
    }

    /// Whether a schema, or what it refers to or is composed of, is of the type called `name`.
    fn is_of_type(&self, schema: Option<&'a Value>, name: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&Value> = schema.into_iter().collect();
        while let Some(schema) = open.pop() {
            if schema.get("type").is_some_and(|own| own == name) {
                return true;
            }
            open.extend(entries(schema.get("allOf")));
            if let Some(target) = reference::target(schema).filter(|target| seen.insert(*target)) {
                open.extend(reference::find(self.document, target));
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
            let mend = "the generator panics on a choice of media types: leave one";
            self.report(pointer, "body-media-types", mend);
        }
        self.media_types(pointer, content);
        self.shared_schemas(pointer, content, "a body type of its own for every path: move it to components");
    }

    fn media_types(&mut self, pointer: &str, content: &Value) {
        for (media_type, value) in members(Some(content)) {
            if media_type != JSON && !media_type.starts_with("application/json;") {
                let mend = format!("`{media_type}` becomes a stream of bytes: leave the operation out, or say {JSON}");
                self.report(&below(&below(pointer, "content"), media_type), "media-type", mend);
            } else if value.get("schema").is_none() {
                let mend = "the generator panics on JSON without a schema: say what it holds";
                self.report(&below(&below(pointer, "content"), media_type), "media-type", mend);
            }
        }
    }

    fn shared_schemas(&mut self, pointer: &str, content: &'a Value, mend: &str) {
        for (media_type, value) in members(Some(content)) {
            if value.get("schema").is_some_and(|schema| schema.get("$ref").is_none()) {
                let pointer = below(&below(&below(pointer, "content"), media_type), "schema");
                self.report(&pointer, "schema-inline", mend);
            }
        }
    }

    fn responses(&mut self, pointer: &str, responses: Option<&'a Value>) {
        let mut success = BTreeSet::new();
        let mut failure = BTreeSet::new();
        let mut exact = Vec::new();
        let mut default = None;
        for (status, response) in members(responses).filter(|(key, _)| !key.starts_with("x-")) {
            let pointer = below(pointer, status);
            let Some(resolved) = self.resolve(Some(response)) else {
                continue;
            };
            self.described(&pointer, resolved, "an answer");
            let schema = resolved.get("content").and_then(|content| {
                self.media_types(&pointer, content);
                if response.get("$ref").is_none() {
                    let mend = "an answer type of its own for every path: move it to components";
                    self.shared_schemas(&pointer, content, mend);
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
                    failure.insert(schema);
                }
            }
        }
        for exact in exact {
            let mend = "every other success becomes an error: say 2XX in the overlay";
            self.report(&exact, "success-single-status", mend);
        }
        if success.len() > 1 {
            let mend = "the generator panics on success answers of more than one type: leave one";
            self.report(pointer, "success-mixed", mend);
        }
        if success.is_empty() {
            self.report(pointer, "success-missing", "a success becomes a stream of bytes: say 2XX");
        }
        if failure.len() > 1 {
            let mend = "the generator panics on failures of more than one type: leave one";
            self.report(pointer, "failure-mixed", mend);
        }
        if let Some((default, schema)) = default {
            let other_success = success.iter().any(|other| *other != schema);
            let other_failure = failure.iter().any(|other| *other != schema);
            if other_success || other_failure {
                let mend = "the generator panics on a default of another type than its neighbours: say 4XX and 5XX";
                self.report(&default, "default-beside-typed", mend);
            }
        }
    }
}
