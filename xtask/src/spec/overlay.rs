//! [OpenAPI Overlay 1.0.0](https://spec.openapis.org/overlay/v1.0.0.html), stricter than the specification where a
//! correction could lose its effect unseen: every action says why, selects something, and changes something.

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
    /// Changes `document` as the actions say, in their order. What is wrong goes to `findings`, and the other actions
    /// are tried all the same.
    pub(crate) fn apply(&self, document: &mut Value, findings: &mut Findings) {
        let overlay = self.content;
        self.known_keys(findings, "", overlay, &["overlay", "info", "extends", "actions"]);
        match overlay.get("overlay").and_then(Value::as_str) {
            Some(VERSION) => {}
            Some(other) => {
                let mend = format!("this is Overlay {other}: rewrite it as Overlay {VERSION}");
                self.report(findings, "/overlay", "overlay-version", mend);
                return;
            }
            None => self.report(findings, "/overlay", "overlay-version", format!("write overlay: {VERSION}")),
        }
        self.info(findings, overlay.get("info"));
        let Some(actions) = overlay.get("actions").and_then(Value::as_array).filter(|all| !all.is_empty()) else {
            self.report(findings, "/actions", "overlay-shape", "list at least one action");
            return;
        };
        for (index, action) in actions.iter().enumerate() {
            let place = below("/actions", index);
            if let Some(action) = self.action(findings, &place, action) {
                action.carry_out(self, findings, &place, document);
            }
        }
    }

    fn info(&self, findings: &mut Findings, info: Option<&Value>) {
        let Some(info) = info.and_then(Value::as_object) else {
            self.report(findings, "/info", "overlay-shape", "write an object with title and version");
            return;
        };
        self.known_keys(findings, "/info", info, &["title", "version"]);
        for key in ["title", "version"] {
            if !info.get(key).is_some_and(Value::is_string) {
                self.report(findings, &below("/info", key), "overlay-shape", "write a string");
            }
        }
    }

    fn action<'v>(&self, findings: &mut Findings, place: &str, action: &'v Value) -> Option<Action<'v>> {
        let Some(action) = action.as_object() else {
            self.report(findings, place, "overlay-shape", "an action is an object with target and description");
            return None;
        };
        self.known_keys(findings, place, action, &["target", "description", "update", "remove"]);
        let why = action.get("description").and_then(Value::as_str).unwrap_or_default();
        if why.trim().is_empty() {
            let mend = "say in its description why the action is needed";
            self.report(findings, &below(place, "description"), "action-without-reason", mend);
        }
        let change = self.change(findings, place, action);
        let Some(target) = action.get("target").and_then(Value::as_str) else {
            self.report(findings, &below(place, "target"), "overlay-shape", "write a JSONPath as a string");
            return None;
        };
        match JsonPath::parse(target) {
            Ok(path) => Some(Action { target, path, change: change? }),
            Err(error) => {
                let mend = format!("`{target}` is no JSONPath (RFC 9535): {error}");
                self.report(findings, &below(place, "target"), "target-no-jsonpath", mend);
                None
            }
        }
    }

    fn change<'v>(&self, findings: &mut Findings, place: &str, action: &'v Map<String, Value>) -> Option<Change<'v>> {
        match (action.get("update"), action.get("remove")) {
            (None, Some(Value::Bool(true))) => Some(Change::Remove),
            (Some(update), None | Some(Value::Bool(false))) => Some(Change::Update(update)),
            (Some(_), Some(Value::Bool(true))) => {
                let mend = "the update has no effect beside remove: make two actions of it";
                self.report(findings, place, "action-without-effect", mend);
                None
            }
            (_, Some(Value::Bool(_)) | None) => {
                self.report(findings, place, "action-without-effect", "give it an update, or remove: true");
                None
            }
            (_, Some(_)) => {
                self.report(findings, &below(place, "remove"), "overlay-shape", "write true or false");
                None
            }
        }
    }

    fn known_keys(&self, findings: &mut Findings, place: &str, object: &Map<String, Value>, known: &[&str]) {
        for key in object.keys().filter(|key| !key.starts_with("x-")) {
            if !known.contains(&key.as_str()) {
                let mend = format!("take it out; known here: {}", known.join(", "));
                self.report(findings, &below(place, key), "unknown-key", mend);
            }
        }
    }

    fn report(&self, findings: &mut Findings, place: &str, rule: &'static str, mend: impl Into<String>) {
        findings.add(self.file, place, rule, mend);
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
    fn carry_out(&self, overlay: &Overlay<'_>, findings: &mut Findings, place: &str, document: &mut Value) {
        let target = self.target;
        let mut selected: Vec<String> = self
            .path
            .query_located(document)
            .locations()
            .map(serde_json_path::NormalizedPath::to_json_pointer)
            .collect();
        selected.sort_by(|one, other| document_order(one).cmp(&document_order(other)));
        selected.dedup();
        if selected.is_empty() {
            let mend = format!("`{target}` selects nothing: correct the target, or take the action out");
            overlay.report(findings, place, "target-matches-nothing", mend);
            return;
        }
        let mut changed = false;
        // Backwards: what goes away does not move what is still to be changed.
        for pointer in selected.iter().rev() {
            let Some(node) = document.pointer_mut(pointer) else {
                continue;
            };
            if !(node.is_object() || node.is_array()) {
                let found = type_name(node);
                let mend = format!("`{target}` selects {found} at {pointer}: select what it is in");
                overlay.report(findings, place, "target-no-container", mend);
                return;
            }
            match &self.change {
                Change::Remove => {
                    if !remove(document, pointer) {
                        overlay.report(findings, place, "target-no-container", "the document itself cannot be removed");
                    }
                    changed = true;
                }
                Change::Update(update) => {
                    let mut merge = Merge { changed: false, conflicts: Vec::new() };
                    merge.at_target(node, update, pointer);
                    changed |= merge.changed;
                    // A conflict is told as what it is, not as an update that changes nothing.
                    changed |= !merge.conflicts.is_empty();
                    for conflict in merge.conflicts {
                        overlay.report(findings, &below(place, "update"), "type-replaced", conflict);
                    }
                }
            }
        }
        if !changed {
            let mend = format!("what `{target}` selects is so already: take the action out");
            overlay.report(findings, place, "action-without-effect", mend);
        }
    }
}

/// Takes what `pointer` points to out of the map or the list that it is in; false for the document itself.
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
    /// An update of a list is one more entry; an update of an object is merged into it.
    fn at_target(&mut self, node: &mut Value, update: &Value, pointer: &str) {
        match node {
            Value::Array(list) => {
                list.push(update.clone());
                self.changed = true;
            }
            _ => self.merge(node, update, pointer),
        }
    }

    /// Objects merge, lists are joined, and a primitive value takes the place of one of its type.
    fn merge(&mut self, node: &mut Value, update: &Value, pointer: &str) {
        match (node, update) {
            (Value::Object(present), Value::Object(update)) => {
                for (key, value) in update {
                    match present.get_mut(key) {
                        Some(node) => self.merge(node, value, &below(pointer, key)),
                        None => {
                            present.insert(key.clone(), value.clone());
                            self.changed = true;
                        }
                    }
                }
            }
            (Value::Array(present), Value::Array(update)) => {
                present.extend(update.iter().cloned());
                self.changed |= !update.is_empty();
            }
            (node, update) if std::mem::discriminant(node) == std::mem::discriminant(update) => {
                self.changed |= node != update;
                node.clone_from(update);
            }
            (node, update) => {
                let (old, new) = (type_name(node), type_name(update));
                self.conflicts.push(format!(
                    "at {pointer} {new} would replace {old}: remove the old value in an action before this one"
                ));
            }
        }
    }
}
