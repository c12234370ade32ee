//! Checks for names that differ in the document but are equal in Rust.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::Lint;
use crate::spec::json::{entries, members};
use crate::spec::pointer::below;

/// The methods that the generator adds to every client.
const METHODS_OF_EVERY_CLIENT: [&str; 6] = ["api_version", "baseurl", "client", "inner", "new", "new_with_client"];

/// The generated names, with the pointer to the first use of each.
#[derive(Default)]
struct UsedNames(BTreeMap<String, String>);

impl UsedNames {
    /// Adds `name`, or returns the pointer of its first use.
    fn insert(&mut self, name: &str, pointer: &str) -> Option<String> {
        match self.0.get(name) {
            Some(first) => Some(first.clone()),
            None => {
                self.0.insert(name.to_owned(), pointer.to_owned());
                None
            }
        }
    }
}

impl Lint<'_> {
    pub(super) fn names(&mut self) {
        self.methods_and_arguments();
        self.fields();
        self.members();
        self.types();
    }

    fn methods_and_arguments(&mut self) {
        let mut methods = UsedNames::default();
        for name in METHODS_OF_EVERY_CLIENT {
            methods.insert(name, "a method of every client");
        }
        let mut ids = UsedNames::default();
        for operation in self.every_operation() {
            let pointer = operation.pointer();
            if let Some(id) = operation.id() {
                // Duplicate ids have their own finding.
                if ids.insert(id, &pointer).is_none() {
                    self.name(&mut methods, &method_name(id), &below(&pointer, "operationId"));
                }
            }
            let mut arguments = UsedNames::default();
            arguments.insert("header_map", "a variable of every method");
            if operation.value.get("requestBody").is_some() {
                arguments.insert("body", &below(&pointer, "requestBody"));
            }
            for (pointer, parameter) in operation.parameters() {
                let parameter = self.resolve(Some(parameter));
                if let Some(name) = parameter.and_then(|it| it.get("name")).and_then(Value::as_str) {
                    self.name(&mut arguments, &snake(name), &pointer);
                }
            }
        }
    }

    fn fields(&mut self) {
        for (pointer, schema) in self.every_schema() {
            let mut fields = UsedNames::default();
            if schema.get("additionalProperties").is_some_and(Value::is_object) {
                fields.insert("extra", &below(&pointer, "additionalProperties"));
            }
            let pointer = below(&pointer, "properties");
            for (name, _) in members(schema.get("properties")) {
                self.name(&mut fields, &snake(name), &below(&pointer, name));
            }
        }
    }

    fn members(&mut self) {
        for (pointer, schema) in self.every_schema() {
            let mut variants = UsedNames::default();
            let pointer = below(&pointer, "enum");
            for (index, member) in entries(schema.get("enum")).enumerate() {
                if let Some(member) = member.as_str() {
                    self.name(&mut variants, &pascal(member), &below(&pointer, index));
                }
            }
        }
    }

    fn types(&mut self) {
        let mut types = UsedNames::default();
        let components = self.document.pointer("/components/schemas");
        for (name, _) in members(components) {
            self.name(&mut types, &pascal(name), &below("/components/schemas", name));
        }
        for (name, schema) in members(components) {
            // The generator wraps an `Option` of the actual type, which it names with the suffix `Inner`.
            if schema.get("nullable") == Some(&Value::Bool(true)) {
                let pointer = below(&below("/components/schemas", name), "nullable");
                self.name(&mut types, &format!("{}Inner", pascal(name)), &pointer);
            }
        }
        for (name, schema) in members(components) {
            self.inner_types(&mut types, &below("/components/schemas", name), &pascal(name), schema);
        }
    }

    /// Checks inline schemas: each becomes a type that is named after the schema and the property that contain it.
    fn inner_types(&mut self, types: &mut UsedNames, pointer: &str, outer: &str, schema: &Value) {
        let properties = below(pointer, "properties");
        let mut inner: Vec<(String, String, &Value)> = members(schema.get("properties"))
            .map(|(name, value)| (below(&properties, name), format!("{outer}_{name}"), value))
            .collect();
        if let Some(items) = schema.get("items") {
            inner.push((below(pointer, "items"), format!("{outer}_item"), items));
        }
        for (pointer, suggested, value) in inner {
            let title = value.get("title").and_then(Value::as_str);
            let name = pascal(title.unwrap_or(&suggested));
            if becomes_a_type(value) {
                self.name(types, &name, &pointer);
            }
            self.inner_types(types, &pointer, &name, value);
        }
        for (index, part) in entries(schema.get("allOf")).enumerate() {
            self.inner_types(types, &below(&below(pointer, "allOf"), index), outer, part);
        }
    }

    fn name(&mut self, used: &mut UsedNames, name: &str, pointer: &str) {
        if let Some(first) = used.insert(name, pointer) {
            let message =
                format!("Rust name `{name}` is also the name of {first}: rename one, or move it to components");
            self.report(pointer, "name-collision", message);
        }
    }
}

fn becomes_a_type(schema: &Value) -> bool {
    ["properties", "enum", "anyOf", "oneOf", "pattern", "minLength", "maxLength"]
        .iter()
        .any(|key| schema.get(key).is_some())
        || entries(schema.get("allOf")).count() > 1
}

/// Replaces characters that are not valid in identifiers by word separators, as the generator does.
fn words(name: &str) -> String {
    name.replace('\'', "").replace(|character: char| !character.is_alphanumeric() && character != '_', "-")
}

/// Returns the name of the method that the generator derives from an operation id.
pub(crate) fn method_name(id: &str) -> String {
    snake(id)
}

fn snake(name: &str) -> String {
    words(name).to_snake_case()
}

fn pascal(name: &str) -> String {
    words(name).to_pascal_case()
}
