//! Two schemas compared by meaning: it is one whether a property stands in a schema or in what that is composed of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::Class::{Additive, Breaking, Neutral};
use super::change::Use;
use super::compare::{Comparison, resolve};
use super::json::members;
use super::normalise::OPEN_ENUM;
use super::reference::{pointer, target};

/// Both for closed and for open enums.
const MEMBERS: [&str; 2] = ["enum", OPEN_ENUM];

/// Keywords that are compared one by one; all others restrict values.
const NAMED: [&str; 15] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "deprecated",
    "enum",
    "format",
    "items",
    "nullable",
    "oneOf",
    "properties",
    "readOnly",
    "required",
    "type",
    "writeOnly",
    OPEN_ENUM,
];

impl<'d> Comparison<'d> {
    /// What changed from `old` to `new`, which stand at `place` in their documents.
    pub(super) fn schema(&mut self, place: &str, old: &'d Value, new: &'d Value, usage: Use) {
        if let (Some(before), Some(after)) = (local(old), local(new)) {
            // What has one name in both documents is compared where it stands.
            if before == after || !self.compared.insert((before.to_owned(), after.to_owned())) {
                return;
            }
        }
        let (mut old, mut new) = (Composed::of(old), Composed::of(new));
        let shared: BTreeSet<&str> = old.bases.intersection(&new.bases).copied().collect();
        old.flatten(self.old, &shared);
        new.flatten(self.new, &shared);
        if self.kind(place, &old, &new) {
            return;
        }
        self.nullability(place, &old, &new, usage);
        self.members(place, &old, &new, usage);
        self.properties(place, &old, &new, usage);
        self.parts(place, &old, &new, usage);
        self.restrictions(place, &old, &new, usage);
    }

    /// Whether it is of another type, about which nothing more is to say.
    fn kind(&mut self, place: &str, old: &Composed<'d>, new: &Composed<'d>) -> bool {
        let (before, after) = (old.kind(), new.kind());
        if before == after {
            return false;
        }
        self.report(place, format!("type {after} instead of {before}"), (Breaking, "its type is another"));
        true
    }

    fn nullability(&mut self, place: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        match (old.is("nullable"), new.is("nullable")) {
            (false, true) => {
                let meaning =
                    usage.class((Additive, "null can be sent"), (Breaking, "null comes where a value was promised"));
                self.report(place, "nullable", meaning);
            }
            (true, false) => {
                let meaning = usage.class((Breaking, "null is refused"), (Neutral, "null does not come any more"));
                self.report(place, "not nullable", meaning);
            }
            _ => {}
        }
        for (keyword, meaning) in [
            ("readOnly", (Neutral, "the service decides who writes it")),
            ("writeOnly", (Neutral, "the service decides who reads it")),
            ("deprecated", (Neutral, "it works today; look for its successor")),
        ] {
            if old.is(keyword) != new.is(keyword) {
                let how = if new.is(keyword) { keyword.to_owned() } else { format!("no longer {keyword}") };
                self.report(place, how, meaning);
            }
        }
    }

    fn members(&mut self, place: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        let (before, after) = (old.members(), new.members());
        let open = new.keywords.contains_key(OPEN_ENUM);
        match (before, after) {
            (Some(before), Some(after)) => {
                for member in after.difference(&before) {
                    let received = if open { (Additive, "the enum is open") } else { (Breaking, "the enum is closed") };
                    let meaning = usage.class((Additive, "it can be sent"), received);
                    self.report(place, format!("enum member {member} added"), meaning);
                }
                for member in before.difference(&after) {
                    let meaning = usage.class((Breaking, "it is refused"), (Neutral, "it does not come any more"));
                    self.report(place, format!("enum member {member} removed"), meaning);
                }
                let was_open = old.keywords.contains_key(OPEN_ENUM);
                if open != was_open {
                    let how = if open { "the enum is open" } else { "the enum is closed" };
                    let meaning = usage.class(
                        (Neutral, "its members can be sent as before"),
                        if open {
                            (Breaking, "members that are not listed may come")
                        } else {
                            (Neutral, "no others come")
                        },
                    );
                    self.report(place, how, meaning);
                }
            }
            (Some(_), None) => {
                let meaning = usage.class((Additive, "any value can be sent"), (Breaking, "any value may come"));
                self.report(place, "no enum any more", meaning);
            }
            (None, Some(_)) => {
                let meaning = usage.class((Breaking, "other values are refused"), (Neutral, "no other values come"));
                self.report(place, "an enum now", meaning);
            }
            (None, None) => {}
        }
    }

    fn properties(&mut self, place: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        for (name, before) in &old.properties {
            let Some(after) = new.properties.get(name) else {
                let meaning = usage.class((Breaking, "it cannot be sent"), (Breaking, "it cannot be read"));
                self.report(place, format!("property {name:?} removed"), meaning);
                continue;
            };
            self.schema(&format!("{place}, property {name:?}"), before, after, usage);
            match (old.required.contains(name), new.required.contains(name)) {
                (false, true) => {
                    let meaning = usage.class((Breaking, "calls without it fail"), (Neutral, "it always comes"));
                    self.report(place, format!("property {name:?} is required"), meaning);
                }
                (true, false) => {
                    let meaning = usage.class((Additive, "it can be left out"), (Breaking, "it may be missing"));
                    self.report(place, format!("property {name:?} is optional"), meaning);
                }
                _ => {}
            }
        }
        for name in new.properties.keys().filter(|name| !old.properties.contains_key(*name)) {
            let (how, sent) = if new.required.contains(name) {
                ("added, required", (Breaking, "calls without it fail"))
            } else {
                ("added", (Additive, "it can be sent"))
            };
            let meaning = usage.class(sent, (Additive, "it can be read"));
            self.report(place, format!("property {name:?} {how}"), meaning);
        }
    }

    /// What arrays, maps and alternatives consist of.
    fn parts(&mut self, place: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        for (keyword, what) in [("items", "items"), ("additionalProperties", "other properties")] {
            match (old.keywords.get(keyword), new.keywords.get(keyword)) {
                (Some(before), Some(after)) if before.is_object() && after.is_object() => {
                    self.schema(&format!("{place}, {what}"), before, after, usage);
                }
                (before, after) if before != after => {
                    self.report(place, format!("{what} changed"), (Breaking, "its type is another"));
                }
                _ => {}
            }
        }
        for keyword in ["anyOf", "oneOf"] {
            let count = |composed: &Composed<'d>| composed.alternatives(keyword).len();
            if count(old) == count(new) {
                for (index, (before, after)) in
                    old.alternatives(keyword).iter().zip(new.alternatives(keyword)).enumerate()
                {
                    self.schema(&format!("{place}, {keyword} {index}"), before, after, usage);
                }
            } else {
                let how = format!("{keyword} of {} instead of {}", count(new), count(old));
                self.report(place, how, (Breaking, "its type is another"));
            }
        }
    }

    fn restrictions(&mut self, place: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        let keywords: BTreeSet<&str> = old.keywords.keys().chain(new.keywords.keys()).copied().collect();
        for keyword in keywords.into_iter().filter(|keyword| !NAMED.contains(keyword)) {
            let (before, after) = (old.shown(keyword), new.shown(keyword));
            if before == after {
                continue;
            }
            let sent = if after == "none" {
                (Additive, "values are refused no longer")
            } else {
                (Breaking, "values may be refused that were accepted")
            };
            let meaning = usage.class(sent, (Neutral, "no value of another type comes"));
            self.report(place, format!("{keyword} {after} instead of {before}"), meaning);
        }
    }
}

/// A schema with its inline parts merged into it.
struct Composed<'d> {
    /// The JSON pointers of the named schemas that it is composed of.
    bases: BTreeSet<&'d str>,
    properties: BTreeMap<&'d str, &'d Value>,
    required: BTreeSet<&'d str>,
    /// All else.
    keywords: BTreeMap<&'d str, &'d Value>,
}

impl<'d> Composed<'d> {
    fn of(schema: &'d Value) -> Self {
        let mut composed = Self {
            bases: BTreeSet::new(),
            properties: BTreeMap::new(),
            required: BTreeSet::new(),
            keywords: BTreeMap::new(),
        };
        composed.merge(schema);
        composed
    }

    fn merge(&mut self, schema: &'d Value) {
        if let Some(base) = local(schema) {
            self.bases.insert(base);
            return;
        }
        for (key, value) in members(Some(schema)) {
            match (key.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    self.properties.extend(properties.iter().map(|(name, schema)| (name.as_str(), schema)));
                }
                ("required", Value::Array(names)) => self.required.extend(names.iter().filter_map(Value::as_str)),
                ("allOf", Value::Array(parts)) => parts.iter().for_each(|part| self.merge(part)),
                (key, value) => {
                    self.keywords.entry(key).or_insert(value);
                }
            }
        }
    }

    /// Merges the named schemas that are not `shared`.
    fn flatten(&mut self, document: &'d Value, shared: &BTreeSet<&str>) {
        let mut merged = BTreeSet::new();
        while let Some(base) = self.bases.iter().copied().find(|base| !shared.contains(base) && !merged.contains(base))
        {
            merged.insert(base);
            if let Some(schema) = document.pointer(base) {
                self.merge(resolve(document, schema));
            }
        }
    }

    fn is(&self, keyword: &str) -> bool {
        self.keywords.get(keyword) == Some(&&Value::Bool(true))
    }

    /// Its type and format; what has properties, its own or those of a named schema, need not say that it is an object.
    fn kind(&self) -> String {
        let named = match self.shown("type").as_str() {
            "none" if !self.properties.is_empty() || !self.bases.is_empty() => "object".to_owned(),
            named => named.to_owned(),
        };
        match self.keywords.get("format").and_then(|format| format.as_str()) {
            Some(format) => format!("{named} ({format})"),
            None => named,
        }
    }

    fn shown(&self, keyword: &str) -> String {
        match self.keywords.get(keyword) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => "none".to_owned(),
        }
    }

    fn members(&self) -> Option<BTreeSet<String>> {
        let members = MEMBERS.iter().find_map(|keyword| self.keywords.get(keyword))?.as_array()?;
        Some(members.iter().map(Value::to_string).collect())
    }

    fn alternatives(&self, keyword: &str) -> &'d [Value] {
        self.keywords.get(keyword).and_then(|value| value.as_array()).map_or(&[], Vec::as_slice)
    }
}

/// The JSON pointer of a reference into the document.
fn local(schema: &Value) -> Option<&str> {
    target(schema).and_then(pointer)
}
