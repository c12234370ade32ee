//! Two trimmed documents compared by meaning: what their operations take and answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::change::Class::{Additive, Breaking, Neutral};
use super::change::{Change, Class, Use};
use super::json::{entries, members};
use super::normalise::identity;
use super::reference::{self, references};
use super::schema_keys::Keys;
use super::slice::METHODS;

/// The differences from `old` to `new`, worst first.
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

/// Two documents and what was found so far.
pub(super) struct Comparison<'d> {
    pub(super) old: &'d Value,
    pub(super) new: &'d Value,
    changes: Vec<Change>,
    /// Pairs of references whose targets were compared in place, because they have different names.
    pub(super) compared: BTreeSet<(String, String)>,
}

impl<'d> Comparison<'d> {
    pub(super) fn report(&mut self, place: &str, change: impl Into<String>, (class, reason): (Class, &'static str)) {
        self.changes.push(Change { class, place: place.to_owned(), change: change.into(), reason });
    }

    fn version(&mut self) {
        let at = "/info/version";
        let (old, new) = (self.old.pointer(at), self.new.pointer(at));
        if old != new {
            self.report(
                "info",
                format!("version {} instead of {}", shown(new), shown(old)),
                (Neutral, "the generated client tells it; what else it means is in the other changes"),
            );
        }
    }

    fn servers(&mut self) {
        let (old, new) = (self.old.get("servers"), self.new.get("servers"));
        if old != new {
            self.report(
                "servers",
                format!("{} instead of {}", shown(new), shown(old)),
                (Breaking, "calls go elsewhere"),
            );
        }
    }

    fn operations(&mut self) {
        let old = operations(self.old);
        let new = operations(self.new);
        for (name, before) in &old {
            // An operation that is gone is reported by whoever knows why: it is not in the document, or no longer kept.
            if let Some(after) = new.get(name) {
                self.operation(name, before, after);
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            self.report(name, "operation added", (Additive, "keep.yaml keeps it, the trimmed document lacks it yet"));
        }
    }

    fn operation(&mut self, name: &str, old: &'d Value, new: &'d Value) {
        let text = |operation: &'d Value, at: &str| operation.pointer(at).map(Value::to_string).unwrap_or_default();
        for (at, what, meaning) in [
            ("/operationId", "operation id", (Breaking, "the generated method gets another name")),
            ("/externalDocs/url", "documentation page", (Neutral, "read the page again")),
        ] {
            let (before, after) = (text(old, at), text(new, at));
            if before != after {
                self.report(name, format!("{what} {after} instead of {before}"), meaning);
            }
        }
        self.deprecation(name, old, new);
        self.parameters(name, old, new);
        self.request(name, old.get("requestBody"), new.get("requestBody"));
        self.responses(name, old, new);
    }

    pub(super) fn deprecation(&mut self, place: &str, old: &Value, new: &Value) {
        let deprecated = |value: &Value| value.get("deprecated") == Some(&Value::Bool(true));
        match (deprecated(old), deprecated(new)) {
            (false, true) => self.report(place, "deprecated", (Neutral, "it works today; look for its successor")),
            (true, false) => self.report(place, "no longer deprecated", (Neutral, "it stays")),
            _ => {}
        }
    }

    fn parameters(&mut self, name: &str, old: &'d Value, new: &'d Value) {
        let (old, new) = (parameters(self.old, old), parameters(self.new, new));
        let required = |parameter: &Value| parameter.get("required") == Some(&Value::Bool(true));
        for (key @ (place, parameter), before) in &old {
            let what = format!("{place} parameter {parameter:?}");
            let Some(after) = new.get(key) else {
                self.report(name, format!("{what} removed"), (Breaking, "who sends it is no longer understood"));
                continue;
            };
            match (required(before), required(after)) {
                (false, true) => self.report(name, format!("{what} is required"), (Breaking, "calls without it fail")),
                (true, false) => self.report(name, format!("{what} is optional"), (Additive, "it can be left out")),
                _ => {}
            }
            let place = format!("{name}, {what}");
            self.deprecation(&place, before, after);
            self.optional_schema(&place, before.get("schema"), after.get("schema"), Use::SENT);
        }
        for ((place, parameter), after) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
            let what = format!("{place} parameter {parameter:?}");
            let (how, meaning) = if required(after) {
                ("added, required", (Breaking, "calls without it fail"))
            } else {
                ("added", (Additive, "it can be sent"))
            };
            self.report(name, format!("{what} {how}"), meaning);
        }
    }

    fn request(&mut self, name: &str, old: Option<&'d Value>, new: Option<&'d Value>) {
        let required = |body: &Value| body.get("required") == Some(&Value::Bool(true));
        match (old.map(|old| resolve(self.old, old)), new.map(|new| resolve(self.new, new))) {
            (None, None) => {}
            (None, Some(new)) if required(new) => {
                self.report(name, "request body added, required", (Breaking, "calls without it fail"));
            }
            (None, Some(_)) => self.report(name, "request body added", (Additive, "it can be sent")),
            (Some(_), None) => {
                self.report(name, "request body removed", (Breaking, "what was sent is no longer understood"));
            }
            (Some(old), Some(new)) => {
                match (required(old), required(new)) {
                    (false, true) => {
                        self.report(name, "request body is required", (Breaking, "calls without it fail"));
                    }
                    (true, false) => self.report(name, "request body is optional", (Additive, "it can be left out")),
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
        // One code for another of its kind is one change: the answer, with another number.
        for kind in ['1', '2', '3', '4', '5', 'd'] {
            let of_kind = |codes: &BTreeMap<&'d str, &'d Value>| -> Vec<&'d str> {
                codes.keys().copied().filter(|code| code.starts_with(kind)).collect()
            };
            if let ([gone], [come]) = (of_kind(&old).as_slice(), of_kind(&new).as_slice()) {
                self.report(name, format!("status {come} instead of {gone}"), meaning_of_code(come));
                pairs.extend(old.remove(gone).zip(new.remove(come)).map(|(before, after)| (*come, before, after)));
            }
        }
        for code in old.keys() {
            self.report(name, format!("status {code} removed"), (Neutral, "it is not answered any more"));
        }
        for code in new.keys() {
            self.report(name, format!("status {code} added"), meaning_of_code(code));
        }
        for (code, before, after) in pairs {
            let (before, after) = (resolve(self.old, before), resolve(self.new, after));
            self.content(&format!("{name}, response {code}"), before, after, Use::RECEIVED);
        }
    }

    /// The media types of a body, and what each holds.
    fn content(&mut self, place: &str, old: &'d Value, new: &'d Value, usage: Use) {
        let (old, new) = (children(old, "content"), children(new, "content"));
        for (media, before) in &old {
            match new.get(media) {
                Some(after) => self.optional_schema(place, before.get("schema"), after.get("schema"), usage),
                None => {
                    let removed = usage.class(
                        (Breaking, "what is sent is no longer understood"),
                        (Breaking, "an answer of this type is no longer given"),
                    );
                    self.report(place, format!("media type {media} removed"), removed);
                }
            }
        }
        for media in new.keys().filter(|media| !old.contains_key(*media)) {
            let added = usage.class(
                (Additive, "it can be sent"),
                if old.is_empty() {
                    (Additive, "the answer has a body")
                } else {
                    (Breaking, "answers may be of this type")
                },
            );
            self.report(place, format!("media type {media} added"), added);
        }
    }

    fn optional_schema(&mut self, place: &str, old: Option<&'d Value>, new: Option<&'d Value>, usage: Use) {
        match (old, new) {
            (Some(old), Some(new)) => self.schema(place, old, new, usage),
            (None, None) => {}
            (Some(_), None) => self.report(place, "schema removed", (Breaking, "its type is no longer known")),
            (None, Some(_)) => self.report(place, "schema added", (Additive, "its type is known")),
        }
    }

    /// Each schema that has a name in both documents, once.
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

/// Every operation by method and path.
pub(super) fn operations(document: &Value) -> BTreeMap<String, &Value> {
    members(document.get("paths"))
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| Some((format!("{method} {path}"), item.get(method)?)))
        })
        .collect()
}

/// What a reference leads to; the value itself if it is not a reference. The trim has rejected references in a cycle.
pub(super) fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    reference::resolve(document, value).unwrap_or(value)
}

/// Which schemas are sent and which are received.
fn collect_uses(document: &Value, uses: &mut BTreeMap<String, Use>) {
    for operation in operations(document).values() {
        for (part, usage) in [("parameters", Use::SENT), ("requestBody", Use::SENT), ("responses", Use::RECEIVED)] {
            let mut open: Vec<&Value> = operation.get(part).into_iter().collect();
            while let Some(value) = open.pop() {
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
                    open.extend(reference::find(document, &found.target));
                }
            }
        }
    }
}

fn meaning_of_code(code: &str) -> (Class, &'static str) {
    match code.chars().next() {
        Some('2') if code != "2XX" => (Breaking, "a client that expects another code takes success for failure"),
        Some('2') => (Neutral, "the range holds the code that was answered before"),
        Some('1' | '3') => (Breaking, "the client does not know what to do with it"),
        _ => (Additive, "another failure has a description"),
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

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}
