//! Checks of a document before code is generated from it: it must be valid OpenAPI 3.0, must not contain anything for
//! which progenitor 0.15.1 panics or generates code that does not compile or cannot decode the service's responses, and
//! must have descriptions for the generated documentation.

use std::collections::BTreeSet;
use std::path::Path;

use openapiv3::OpenAPI;
use serde_json::{Map, Value};

use super::finding::Findings;
use super::json::members;
use super::pointer::below;
use super::reference::{self, composition, find, references};
use super::schema_keys::Keys;

mod names;
mod operations;
mod schemas;

pub(crate) use names::method_name;
pub(crate) use operations::{Declared, every_operation, operation_ids};

/// Adds every problem of the document in `file` to `findings`.
pub(crate) fn lint(file: &Path, document: &Value, findings: &mut Findings) {
    let mut lint = Lint { file, document, findings };
    lint.version();
    lint.shape();
    lint.references();
    lint.operations();
    lint.schemas();
    lint.names();
    lint.components();
}

struct Lint<'a> {
    file: &'a Path,
    document: &'a Value,
    findings: &'a mut Findings,
}

impl<'a> Lint<'a> {
    fn report(&mut self, pointer: &str, rule: &'static str, message: impl Into<String>) {
        self.findings.add(self.file, pointer, rule, message);
    }

    fn version(&mut self) {
        match self.document.get("openapi").and_then(Value::as_str) {
            Some(version) if version.starts_with("3.0.") => {}
            Some(version) => {
                let message = format!("unsupported version OpenAPI {version}: use 3.0");
                self.report("/openapi", "openapi-version", message);
            }
            None => self.report("/openapi", "openapi-version", "version missing: add `openapi: 3.0.4`"),
        }
    }

    fn shape(&mut self) {
        if let Err(error) = serde_path_to_error::deserialize::<_, OpenAPI>(self.document) {
            let pointer: String =
                error.path().iter().map(|segment| below("", segment.to_string().trim_matches(['[', ']']))).collect();
            let message = format!("not valid OpenAPI 3.0: {}", error.inner());
            self.report(&pointer, "openapi-shape", message);
        }
    }

    /// Checks that every reference points to a component of this document and that references are not cyclic.
    fn references(&mut self) {
        for found in references(self.document, "", Keys::Keywords) {
            let (pointer, target) = (below(&found.at, "$ref"), found.target.as_ref());
            let Some(local) = reference::pointer(target) else {
                let message = format!("`{target}` is in another document: copy it into this document");
                self.report(&pointer, "reference-outside", message);
                continue;
            };
            let depth = local.matches('/').count();
            if !local.starts_with("/components/") || depth != 3 {
                let message = format!("`{target}` is not a component, the generator panics: move it to components");
                self.report(&pointer, "reference-not-component", message);
            } else if self.document.pointer(local).is_none() {
                let message = format!("`{target}` not found: correct the reference or add the component");
                self.report(&pointer, "reference-unresolved", message);
            } else if self.is_cyclic(target) {
                let message =
                    format!("`{target}` refers to itself: replace one reference of the cycle with a definition");
                self.report(&pointer, "reference-cycle", message);
            }
        }
    }

    /// Returns `true` if the component at `target` refers to or is composed of itself, for which the generator loops
    /// forever.
    fn is_cyclic(&self, target: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut pending = vec![target];
        while let Some(next) = pending.pop() {
            let parts = find(self.document, next).map(composition).unwrap_or_default();
            if parts.contains(&target) {
                return true;
            }
            pending.extend(parts.into_iter().filter(|part| seen.insert(*part)));
        }
        false
    }

    /// Follows references, starting with `value`, until the value is not a reference.
    fn resolve(&self, value: Option<&'a Value>) -> Option<&'a Value> {
        reference::resolve(self.document, value?)
    }

    /// Checks that every component is used.
    fn components(&mut self) {
        let Some(components) = self.document.get("components").and_then(Value::as_object) else {
            return;
        };
        let mut reached = BTreeSet::new();
        let mut pending = Vec::new();
        for (key, value) in members(Some(self.document)) {
            if key != "components"
                && let Some(keys) = Keys::Keywords.below(key, value)
            {
                pending.extend(references(value, "", keys));
            }
        }
        while let Some(found) = pending.pop() {
            let value = find(self.document, &found.target);
            if reached.insert(found.target)
                && let Some(value) = value
            {
                pending.extend(references(value, "", Keys::Keywords));
            }
        }
        for (kind, named) in components {
            if kind == "securitySchemes" {
                continue;
            }
            for name in named.as_object().into_iter().flat_map(Map::keys) {
                let pointer = below(&below("/components", kind), name);
                if !reached.contains(format!("#{pointer}").as_str()) {
                    self.report(&pointer, "component-unused", "not used by any operation: remove it in the overlay");
                }
            }
        }
    }

    /// Checks that `value` has a description, which becomes the documentation of `becomes`.
    fn described(&mut self, pointer: &str, value: &Value, becomes: &str) {
        let present = |key| value.get(key).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
        if !present("description") && !present("summary") {
            let message =
                format!("description missing: add it in the overlay, it becomes the documentation of {becomes}");
            self.report(pointer, "description-missing", message);
        }
    }
}
