//! What must be right about a document before code is generated from it: that it is OpenAPI 3.0, and that it has nothing
//! in it which progenitor 0.15.1 panics on or turns into code that does not compile, cannot read what the service sends,
//! or lacks documentation.

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

/// Reports everything that is wrong with the document in `file`.
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
    fn report(&mut self, pointer: &str, rule: &'static str, mend: impl Into<String>) {
        self.findings.add(self.file, pointer, rule, mend);
    }

    fn version(&mut self) {
        match self.document.get("openapi").and_then(Value::as_str) {
            Some(version) if version.starts_with("3.0.") => {}
            Some(version) => {
                let mend = format!("this is OpenAPI {version}: only 3.0 can be generated from");
                self.report("/openapi", "openapi-version", mend);
            }
            None => self.report("/openapi", "openapi-version", "write the version, 3.0.4"),
        }
    }

    fn shape(&mut self) {
        if let Err(error) = serde_path_to_error::deserialize::<_, OpenAPI>(self.document) {
            let pointer: String =
                error.path().iter().map(|segment| below("", segment.to_string().trim_matches(['[', ']']))).collect();
            let mend = format!("no OpenAPI 3.0: {}", error.inner());
            self.report(&pointer, "openapi-shape", mend);
        }
    }

    /// Every reference points to something in this document, and in the end to something that is no reference.
    fn references(&mut self) {
        for found in references(self.document, "", Keys::Keywords) {
            let (pointer, target) = (below(&found.at, "$ref"), found.target.as_ref());
            let Some(local) = reference::pointer(target) else {
                let mend = format!("`{target}` is outside this document: take it in");
                self.report(&pointer, "reference-outside", mend);
                continue;
            };
            let depth = local.matches('/').count();
            if !local.starts_with("/components/") || depth != 3 {
                let mend = format!("the generator panics on `{target}`, which is no component: move it to components");
                self.report(&pointer, "reference-no-component", mend);
            } else if self.document.pointer(local).is_none() {
                let mend = format!("`{target}` is not there: correct it, or add what it means");
                self.report(&pointer, "reference-dangling", mend);
            } else if self.leads_back(target) {
                let mend = format!("`{target}` leads back to itself: let one of them say what it is");
                self.report(&pointer, "reference-cycle", mend);
            }
        }
    }

    /// Whether what `target` points to is, or is composed of, itself: the generator never ends on it.
    fn leads_back(&self, target: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![target];
        while let Some(next) = open.pop() {
            let parts = find(self.document, next).map(composition).unwrap_or_default();
            if parts.contains(&target) {
                return true;
            }
            open.extend(parts.into_iter().filter(|part| seen.insert(*part)));
        }
        false
    }

    /// What `value` means: itself, or what its references lead to.
    fn resolve(&self, value: Option<&'a Value>) -> Option<&'a Value> {
        reference::resolve(self.document, value?)
    }

    /// Every component is there for something.
    fn components(&mut self) {
        let Some(components) = self.document.get("components").and_then(Value::as_object) else {
            return;
        };
        let mut reached = BTreeSet::new();
        let mut open = Vec::new();
        for (key, value) in members(Some(self.document)) {
            if key != "components"
                && let Some(keys) = Keys::Keywords.below(key, value)
            {
                open.extend(references(value, "", keys));
            }
        }
        while let Some(found) = open.pop() {
            let value = find(self.document, &found.target);
            if reached.insert(found.target)
                && let Some(value) = value
            {
                open.extend(references(value, "", Keys::Keywords));
            }
        }
        for (kind, named) in components {
            if kind == "securitySchemes" {
                continue;
            }
            for name in named.as_object().into_iter().flat_map(Map::keys) {
                let pointer = below(&below("/components", kind), name);
                if !reached.contains(format!("#{pointer}").as_str()) {
                    self.report(&pointer, "component-unused", "no operation reaches it: remove it in the overlay");
                }
            }
        }
    }

    /// The description that becomes documentation.
    fn described(&mut self, pointer: &str, value: &Value, becomes: &str) {
        let present = |key| value.get(key).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
        if !present("description") && !present("summary") {
            let mend = format!("describe it in the overlay: this becomes the documentation of {becomes}");
            self.report(pointer, "description-missing", mend);
        }
    }
}
