//! [OpenAPI Overlay 1.0.0](https://spec.openapis.org/overlay/v1.0.0.html), stricter than the specification: every
//! action must have a description, select something, and change something. A correction that lost its effect is
//! reported.

use std::path::Path;

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::finding::Findings;
use super::json::type_name;
use super::pointer::{below, document_order, split_last};

const VERSION: &str = "1.0.0";

/// An overlay in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Overlay<'a> {
    pub(crate) file: &'a Path,
    pub(crate) content: &'a Map<String, Value>,
}

impl Overlay<'_> {
    /// Applies the actions to `document` in their order. Adds problems to `findings` and continues with the next
    /// action.
    pub(crate) fn apply(&self, document: &mut Value, findings: &mut Findings) {
        let overlay = self.content;
        self.known_keys(findings, "", overlay, &["overlay", "info", "extends", "actions"]);
        match overlay.get("overlay").and_then(Value::as_str) {
            Some(VERSION) => {}
            Some(other) => {
                let message = format!("unsupported version {other}: rewrite the overlay for version {VERSION}");
                self.report(findings, "/overlay", "overlay-version", message);
                return;
            }
            None => self.report(
                findings,
                "/overlay",
                "overlay-version",
                format!("version missing: add `overlay: {VERSION}`"),
            ),
        }
        self.info(findings, overlay.get("info"));
        let Some(actions) = overlay.get("actions").and_then(Value::as_array).filter(|all| !all.is_empty()) else {
            self.report(findings, "/actions", "overlay-shape", "actions missing: list at least one");
            return;
        };
        for (index, action) in actions.iter().enumerate() {
            let pointer = below("/actions", index);
            if let Some(action) = self.action(findings, &pointer, action) {
                action.apply(self, findings, &pointer, document);
            }
        }
    }

    fn info(&self, findings: &mut Findings, info: Option<&Value>) {
        let Some(info) = info.and_then(Value::as_object) else {
            self.report(findings, "/info", "overlay-shape", "info missing: add an object with title and version");
            return;
        };
        self.known_keys(findings, "/info", info, &["title", "version"]);
        for key in ["title", "version"] {
            if !info.get(key).is_some_and(Value::is_string) {
                self.report(findings, &below("/info", key), "overlay-shape", "expected a string");
            }
        }
    }

    fn action<'v>(&self, findings: &mut Findings, pointer: &str, action: &'v Value) -> Option<Action<'v>> {
        let Some(action) = action.as_object() else {
            self.report(findings, pointer, "overlay-shape", "expected an object with target and description");
            return None;
        };
        self.known_keys(findings, pointer, action, &["target", "description", "update", "remove"]);
        let reason = action.get("description").and_then(Value::as_str).unwrap_or_default();
        if reason.trim().is_empty() {
            let message = "description missing: state why the action is needed";
            self.report(findings, &below(pointer, "description"), "action-without-reason", message);
        }
        let change = self.change(findings, pointer, action);
        let Some(target) = action.get("target").and_then(Value::as_str) else {
            self.report(findings, &below(pointer, "target"), "overlay-shape", "expected a JSONPath as a string");
            return None;
        };
        match JsonPath::parse(target) {
            Ok(path) => Some(Action { target, path, change: change? }),
            Err(error) => {
                let message = format!("invalid JSONPath (RFC 9535) `{target}`: {error}");
                self.report(findings, &below(pointer, "target"), "target-invalid", message);
                None
            }
        }
    }

    fn change<'v>(&self, findings: &mut Findings, pointer: &str, action: &'v Map<String, Value>) -> Option<Change<'v>> {
        match (action.get("update"), action.get("remove")) {
            (None, Some(Value::Bool(true))) => Some(Change::Remove),
            (Some(update), None | Some(Value::Bool(false))) => Some(Change::Update(update)),
            (Some(_), Some(Value::Bool(true))) => {
                let message = "update is ignored in an action with remove: split the action in two";
                self.report(findings, pointer, "action-without-effect", message);
                None
            }
            (_, Some(Value::Bool(_)) | None) => {
                self.report(
                    findings,
                    pointer,
                    "action-without-effect",
                    "action without update and remove: add update or `remove: true`",
                );
                None
            }
            (_, Some(_)) => {
                self.report(findings, &below(pointer, "remove"), "overlay-shape", "expected true or false");
                None
            }
        }
    }

    fn known_keys(&self, findings: &mut Findings, pointer: &str, object: &Map<String, Value>, known: &[&str]) {
        for key in object.keys().filter(|key| !key.starts_with("x-")) {
            if !known.contains(&key.as_str()) {
                let message = format!("unknown key: remove it (known keys: {})", known.join(", "));
                self.report(findings, &below(pointer, key), "unknown-key", message);
            }
        }
    }

    fn report(&self, findings: &mut Findings, pointer: &str, rule: &'static str, message: impl Into<String>) {
        findings.add(self.file, pointer, rule, message);
    }
}

struct Action<'v> {
    target: &'v str,
    path: JsonPath,
    change: Change<'v>,
}

enum Change<'v> {
    Update(&'v Value),
    Remove,
}

impl Action<'_> {
    fn apply(&self, overlay: &Overlay<'_>, findings: &mut Findings, pointer: &str, document: &mut Value) {
        let target = self.target;
        let mut selection: Vec<String> = self
            .path
            .query_located(document)
            .locations()
            .map(serde_json_path::NormalizedPath::to_json_pointer)
            .collect();
        selection.sort_by(|one, other| document_order(one).cmp(&document_order(other)));
        selection.dedup();
        if selection.is_empty() {
            let message = format!("`{target}` selects nothing: correct the target or remove the action");
            overlay.report(findings, pointer, "target-matches-nothing", message);
            return;
        }
        let mut changed = false;
        // In reverse document order: a removal does not shift the indices of the remaining pointers.
        for selected in selection.iter().rev() {
            let Some(node) = document.pointer_mut(selected) else {
                continue;
            };
            if !(node.is_object() || node.is_array()) {
                let found = type_name(node);
                let message =
                    format!("`{target}` selects {found} at {selected}: select the object or array that contains it");
                overlay.report(findings, pointer, "target-not-container", message);
                return;
            }
            match &self.change {
                Change::Remove => {
                    if !remove(document, selected) {
                        overlay.report(
                            findings,
                            pointer,
                            "target-not-container",
                            "the root of the document cannot be removed: select a part of it",
                        );
                    }
                    changed = true;
                }
                Change::Update(update) => {
                    let mut merge = Merge { changed: false, conflicts: Vec::new() };
                    merge.at_target(node, update, selected);
                    changed |= merge.changed;
                    // A conflict has its own finding, so the update is not reported as one without effect.
                    changed |= !merge.conflicts.is_empty();
                    for conflict in merge.conflicts {
                        overlay.report(findings, &below(pointer, "update"), "type-replaced", conflict);
                    }
                }
            }
        }
        if !changed {
            let message = format!("the selection of `{target}` already has this value: remove the action");
            overlay.report(findings, pointer, "action-without-effect", message);
        }
    }
}

/// Removes the value at `pointer` from its object or array. Returns `false` if `pointer` is the root.
fn remove(document: &mut Value, pointer: &str) -> bool {
    let Some((parent, token)) = split_last(pointer) else {
        return false;
    };
    match document.pointer_mut(parent) {
        Some(Value::Object(map)) => map.remove(&token).is_some(),
        Some(Value::Array(list)) => match token.parse::<usize>() {
            Ok(index) if index < list.len() => {
                list.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

struct Merge {
    changed: bool,
    conflicts: Vec<String>,
}

impl Merge {
    /// Appends the update to a selected array, or merges it into a selected object.
    fn at_target(&mut self, node: &mut Value, update: &Value, pointer: &str) {
        match node {
            Value::Array(list) => {
                list.push(update.clone());
                self.changed = true;
            }
            _ => self.merge(node, update, pointer),
        }
    }

    /// Merges objects, concatenates arrays, and replaces primitive values by values of the same type.
    fn merge(&mut self, node: &mut Value, update: &Value, pointer: &str) {
        match (node, update) {
            (Value::Object(current), Value::Object(update)) => {
                for (key, value) in update {
                    match current.get_mut(key) {
                        Some(node) => self.merge(node, value, &below(pointer, key)),
                        None => {
                            current.insert(key.clone(), value.clone());
                            self.changed = true;
                        }
                    }
                }
            }
            (Value::Array(current), Value::Array(update)) => {
                current.extend(update.iter().cloned());
                self.changed |= !update.is_empty();
            }
            (node, update) if std::mem::discriminant(node) == std::mem::discriminant(update) => {
                self.changed |= node != update;
                node.clone_from(update);
            }
            (node, update) => {
                let (old, new) = (type_name(node), type_name(update));
                self.conflicts
                    .push(format!("{new} would replace {old} at {pointer}: remove the old value in an earlier action"));
            }
        }
    }
}
