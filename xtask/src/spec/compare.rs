//! Semantic comparison of two trimmed documents: the requests and responses of their operations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::change::Class::{Additive, Breaking, Neutral};
use super::change::{Change, Class, Use};
use super::json::{entries, members};
use super::normalize::identity;
use super::reference::{self, references};
use super::schema_keys::Keys;
use super::slice::METHODS;

/// Returns the changes from `old` to `new`, most severe first.
pub(crate) fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let mut comparison = Comparison { old, new, changes: Vec::new(), compared: BTreeSet::new() };
    comparison.version();
    comparison.servers();
    comparison.operations();
    comparison.schemas();
    let mut changes = comparison.changes;
    changes.sort();
    changes.dedup();
    changes
}

/// The comparison of two documents, with the changes that were found so far.
pub(super) struct Comparison<'d> {
    pub(super) old: &'d Value,
    pub(super) new: &'d Value,
    changes: Vec<Change>,
    /// Pairs of references with different names whose targets are already compared.
    pub(super) compared: BTreeSet<(String, String)>,
}

impl<'d> Comparison<'d> {
    pub(super) fn report(&mut self, location: &str, change: impl Into<String>, (class, reason): (Class, &'static str)) {
        self.changes.push(Change { class, location: location.to_owned(), change: change.into(), reason });
    }

    fn version(&mut self) {
        let at = "/info/version";
        let (old, new) = (self.old.pointer(at), self.new.pointer(at));
        if old != new {
            self.report(
                "info",
                format!("version {} instead of {}", display(new), display(old)),
                (Neutral, "the generated client reports this version"),
            );
        }
    }

    fn servers(&mut self) {
        let (old, new) = (self.old.get("servers"), self.new.get("servers"));
        if old != new {
            self.report(
                "servers",
                format!("{} instead of {}", display(new), display(old)),
                (Breaking, "requests go to another server"),
            );
        }
    }

    fn operations(&mut self) {
        let old = operations(self.old);
        let new = operations(self.new);
        for (name, before) in &old {
            // A removed operation is reported as a mismatch between keep.yaml and the document.
            if let Some(after) = new.get(name) {
                self.operation(name, before, after);
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            self.report(
                name,
                "operation added",
                (Additive, "keep.yaml lists it, presence.trimmed.yaml does not contain it yet"),
            );
        }
    }

    fn operation(&mut self, name: &str, old: &'d Value, new: &'d Value) {
        let text = |operation: &'d Value, at: &str| operation.pointer(at).map(Value::to_string).unwrap_or_default();
        for (at, field, effect) in [
            ("/operationId", "operation id", (Breaking, "the generated method is renamed")),
            ("/externalDocs/url", "documentation page", (Neutral, "review the new page")),
        ] {
            let (before, after) = (text(old, at), text(new, at));
            if before != after {
                self.report(name, format!("{field} {after} instead of {before}"), effect);
            }
        }
        self.deprecation(name, old, new);
        self.parameters(name, old, new);
        self.request(name, old.get("requestBody"), new.get("requestBody"));
        self.responses(name, old, new);
    }

    pub(super) fn deprecation(&mut self, location: &str, old: &Value, new: &Value) {
        let deprecated = |value: &Value| value.get("deprecated") == Some(&Value::Bool(true));
        match (deprecated(old), deprecated(new)) {
            (false, true) => self.report(location, "deprecated", (Neutral, "it still works: look for its replacement")),
            (true, false) => self.report(location, "no longer deprecated", (Neutral, "it is supported again")),
            _ => {}
        }
    }

    fn parameters(&mut self, name: &str, old: &'d Value, new: &'d Value) {
        let (old, new) = (parameters(self.old, old), parameters(self.new, new));
        let required = |parameter: &Value| parameter.get("required") == Some(&Value::Bool(true));
        for (key @ (kind, parameter), before) in &old {
            let described = format!("{kind} parameter {parameter:?}");
            let Some(after) = new.get(key) else {
                self.report(name, format!("{described} removed"), (Breaking, "the service no longer supports it"));
                continue;
            };
            match (required(before), required(after)) {
                (false, true) => {
                    self.report(name, format!("{described} is required"), (Breaking, "requests without it fail"));
                }
                (true, false) => self.report(name, format!("{described} is optional"), (Additive, "it can be omitted")),
                _ => {}
            }
            let location = format!("{name}, {described}");
            self.deprecation(&location, before, after);
            self.optional_schema(&location, before.get("schema"), after.get("schema"), Use::SENT);
        }
        for ((kind, parameter), after) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
            let described = format!("{kind} parameter {parameter:?}");
            let (change, effect) = if required(after) {
                ("added, required", (Breaking, "requests without it fail"))
            } else {
                ("added", (Additive, "it can be sent"))
            };
            self.report(name, format!("{described} {change}"), effect);
        }
    }

    fn request(&mut self, name: &str, old: Option<&'d Value>, new: Option<&'d Value>) {
        let required = |body: &Value| body.get("required") == Some(&Value::Bool(true));
        match (old.map(|old| resolve(self.old, old)), new.map(|new| resolve(self.new, new))) {
            (None, None) => {}
            (None, Some(new)) if required(new) => {
                self.report(name, "request body added, required", (Breaking, "requests without it fail"));
            }
            (None, Some(_)) => self.report(name, "request body added", (Additive, "it can be sent")),
            (Some(_), None) => {
                self.report(name, "request body removed", (Breaking, "the service no longer supports it"));
            }
            (Some(old), Some(new)) => {
                match (required(old), required(new)) {
                    (false, true) => {
                        self.report(name, "request body is required", (Breaking, "requests without it fail"));
                    }
                    (true, false) => self.report(name, "request body is optional", (Additive, "it can be omitted")),
                    _ => {}
                }
                self.content(&format!("{name}, request"), old, new, Use::SENT);
            }
        }
    }

    fn responses(&mut self, name: &str, old: &'d Value, new: &'d Value) {
        let (mut old, mut new) = (children(old, "responses"), children(new, "responses"));
        let mut pairs = Vec::new();
        for code in old.keys().copied().collect::<Vec<_>>() {
            if let (Some(before), Some(after)) = (old.get(code), new.get(code)) {
                pairs.push((code, *before, *after));
                old.remove(code);
                new.remove(code);
            }
        }
        // A status that replaces another one of its class is one change, and the responses are compared.
        for class in ['1', '2', '3', '4', '5', 'd'] {
            let of_class = |codes: &BTreeMap<&'d str, &'d Value>| -> Vec<&'d str> {
                codes.keys().copied().filter(|code| code.starts_with(class)).collect()
            };
            if let ([removed], [added]) = (of_class(&old).as_slice(), of_class(&new).as_slice()) {
                self.report(name, format!("status {added} instead of {removed}"), effect_of_status(added));
                pairs.extend(old.remove(removed).zip(new.remove(added)).map(|(before, after)| (*added, before, after)));
            }
        }
        for code in old.keys() {
            self.report(name, format!("status {code} removed"), (Neutral, "the service no longer responds with it"));
        }
        for code in new.keys() {
            self.report(name, format!("status {code} added"), effect_of_status(code));
        }
        for (code, before, after) in pairs {
            let (before, after) = (resolve(self.old, before), resolve(self.new, after));
            self.content(&format!("{name}, response {code}"), before, after, Use::RECEIVED);
        }
    }

    /// Compares the media types of a body and their schemas.
    fn content(&mut self, location: &str, old: &'d Value, new: &'d Value, usage: Use) {
        let (old, new) = (children(old, "content"), children(new, "content"));
        for (media, before) in &old {
            match new.get(media) {
                Some(after) => self.optional_schema(location, before.get("schema"), after.get("schema"), usage),
                None => {
                    let removed = usage.class(
                        (Breaking, "requests of this type fail"),
                        (Breaking, "the service no longer responds with this type"),
                    );
                    self.report(location, format!("media type {media} removed"), removed);
                }
            }
        }
        for media in new.keys().filter(|media| !old.contains_key(*media)) {
            let added = usage.class(
                (Additive, "it can be sent"),
                if old.is_empty() {
                    (Additive, "the response has a body")
                } else {
                    (Breaking, "responses can be of this type")
                },
            );
            self.report(location, format!("media type {media} added"), added);
        }
    }

    fn optional_schema(&mut self, location: &str, old: Option<&'d Value>, new: Option<&'d Value>, usage: Use) {
        match (old, new) {
            (Some(old), Some(new)) => self.schema(location, old, new, usage),
            (None, None) => {}
            (Some(_), None) => self.report(location, "schema removed", (Breaking, "the type is no longer specified")),
            (None, Some(_)) => self.report(location, "schema added", (Additive, "the type is specified")),
        }
    }

    /// Compares each named schema that exists in both documents.
    fn schemas(&mut self) {
        let mut uses = BTreeMap::new();
        collect_uses(self.old, &mut uses);
        collect_uses(self.new, &mut uses);
        let at = "/components/schemas";
        let (Some(old), Some(new)) = (object_at(self.old, at), object_at(self.new, at)) else { return };
        for (name, before) in old {
            if let Some(after) = new.get(name) {
                let usage = uses.get(name.as_str()).copied().unwrap_or_default();
                self.schema(&format!("schema {name}"), before, after, usage);
            }
        }
    }
}

/// Returns every operation by method and path.
pub(super) fn operations(document: &Value) -> BTreeMap<String, &Value> {
    members(document.get("paths"))
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| Some((format!("{method} {path}"), item.get(method)?)))
        })
        .collect()
}

/// Follows references, starting with `value`. Returns `value` itself if a target does not exist or the references are
/// cyclic, both of which the trim rejects.
pub(super) fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    reference::resolve(document, value).unwrap_or(value)
}

/// Collects how each schema is used: in requests, in responses, or in both.
fn collect_uses(document: &Value, uses: &mut BTreeMap<String, Use>) {
    for operation in operations(document).values() {
        for (part, usage) in [("parameters", Use::SENT), ("requestBody", Use::SENT), ("responses", Use::RECEIVED)] {
            let mut pending: Vec<&Value> = operation.get(part).into_iter().collect();
            while let Some(value) = pending.pop() {
                for found in references(value, "", Keys::Keywords) {
                    if let Ok(("schemas", name)) = reference::component(&found.target) {
                        let known = uses.entry(name).or_default();
                        let before = *known;
                        known.sent |= usage.sent;
                        known.received |= usage.received;
                        if *known == before {
                            continue;
                        }
                    }
                    pending.extend(reference::find(document, &found.target));
                }
            }
        }
    }
}

fn effect_of_status(code: &str) -> (Class, &'static str) {
    match code.chars().next() {
        Some('2') if code != "2XX" => (Breaking, "a client that expects another status treats the success as an error"),
        Some('2') => (Neutral, "the range includes the previous status"),
        Some('1' | '3') => (Breaking, "the client does not handle this status"),
        _ => (Additive, "another error status is documented"),
    }
}

fn parameters<'d>(document: &'d Value, operation: &'d Value) -> BTreeMap<(String, String), &'d Value> {
    let all = entries(operation.get("parameters"));
    all.map(|parameter| resolve(document, parameter)).map(|parameter| (identity(parameter), parameter)).collect()
}

fn children<'d>(value: &'d Value, key: &str) -> BTreeMap<&'d str, &'d Value> {
    members(value.get(key)).map(|(name, child)| (name.as_str(), child)).collect()
}

fn object_at<'d>(document: &'d Value, at: &str) -> Option<&'d Map<String, Value>> {
    document.pointer(at).and_then(Value::as_object)
}

fn display(value: Option<&Value>) -> String {
    value.map_or_else(|| "none".to_owned(), Value::to_string)
}
