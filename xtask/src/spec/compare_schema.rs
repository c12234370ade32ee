//! Semantic comparison of two schemas: moving a property between a schema and the parts that it is composed of does not
//! count as a change.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::Class::{Additive, Breaking, Neutral};
use super::change::Use;
use super::compare::{Comparison, resolve};
use super::json::members;
use super::normalize::EXTENSIBLE_ENUM;
use super::reference::{pointer, target};

/// The keywords with the members of closed and of evolvable enums.
const MEMBER_KEYWORDS: [&str; 2] = ["enum", EXTENSIBLE_ENUM];

/// Keywords that are compared individually. All others restrict the values.
const COMPARED: [&str; 15] = [
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
    EXTENSIBLE_ENUM,
];

impl<'d> Comparison<'d> {
    /// Reports the changes from `old` to `new`.
    pub(super) fn schema(&mut self, location: &str, old: &'d Value, new: &'d Value, usage: Use) {
        if let (Some(before), Some(after)) = (local(old), local(new)) {
            // `schemas` compares named schemas that exist in both documents.
            if before == after || !self.compared.insert((before.to_owned(), after.to_owned())) {
                return;
            }
        }
        let (mut old, mut new) = (Composed::of(old), Composed::of(new));
        let shared: BTreeSet<&str> = old.bases.intersection(&new.bases).copied().collect();
        old.flatten(self.old, &shared);
        new.flatten(self.new, &shared);
        if self.kind(location, &old, &new) {
            return;
        }
        self.nullability(location, &old, &new, usage);
        self.members(location, &old, &new, usage);
        self.properties(location, &old, &new, usage);
        self.parts(location, &old, &new, usage);
        self.restrictions(location, &old, &new, usage);
    }

    /// Returns `true` if the types differ, in which case nothing else is compared.
    fn kind(&mut self, location: &str, old: &Composed<'d>, new: &Composed<'d>) -> bool {
        let (before, after) = (old.kind(), new.kind());
        if before == after {
            return false;
        }
        self.report(location, format!("type {after} instead of {before}"), (Breaking, "the type differs"));
        true
    }

    fn nullability(&mut self, location: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        match (old.is("nullable"), new.is("nullable")) {
            (false, true) => {
                let effect = usage.class((Additive, "null can be sent"), (Breaking, "the value can be null"));
                self.report(location, "nullable", effect);
            }
            (true, false) => {
                let effect = usage.class((Breaking, "null is rejected"), (Neutral, "the value is never null"));
                self.report(location, "not nullable", effect);
            }
            _ => {}
        }
        for (keyword, effect) in [
            ("readOnly", (Neutral, "the service specifies who can write it")),
            ("writeOnly", (Neutral, "the service specifies who can read it")),
            ("deprecated", (Neutral, "it still works: look for its replacement")),
        ] {
            if old.is(keyword) != new.is(keyword) {
                let change = if new.is(keyword) { keyword.to_owned() } else { format!("no longer {keyword}") };
                self.report(location, change, effect);
            }
        }
    }

    fn members(&mut self, location: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        let (before, after) = (old.members(), new.members());
        let is_evolvable = new.keywords.contains_key(EXTENSIBLE_ENUM);
        match (before, after) {
            (Some(before), Some(after)) => {
                for member in after.difference(&before) {
                    let received = if is_evolvable {
                        (Additive, "the enum is evolvable")
                    } else {
                        (Breaking, "the enum is closed")
                    };
                    let effect = usage.class((Additive, "it can be sent"), received);
                    self.report(location, format!("enum member {member} added"), effect);
                }
                for member in before.difference(&after) {
                    let effect = usage.class((Breaking, "it is rejected"), (Neutral, "the service no longer sends it"));
                    self.report(location, format!("enum member {member} removed"), effect);
                }
                let was_evolvable = old.keywords.contains_key(EXTENSIBLE_ENUM);
                if is_evolvable != was_evolvable {
                    let change = if is_evolvable { "the enum is evolvable" } else { "the enum is closed" };
                    let effect = usage.class(
                        (Neutral, "the listed members are still accepted"),
                        if is_evolvable {
                            (Breaking, "the service can send unlisted members")
                        } else {
                            (Neutral, "the service sends only the listed members")
                        },
                    );
                    self.report(location, change, effect);
                }
            }
            (Some(_), None) => {
                let effect =
                    usage.class((Additive, "any value can be sent"), (Breaking, "the service can send any value"));
                self.report(location, "no longer an enum", effect);
            }
            (None, Some(_)) => {
                let effect = usage.class(
                    (Breaking, "other values are rejected"),
                    (Neutral, "the service sends only the listed values"),
                );
                self.report(location, "now an enum", effect);
            }
            (None, None) => {}
        }
    }

    fn properties(&mut self, location: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        for (name, before) in &old.properties {
            let Some(after) = new.properties.get(name) else {
                let effect = usage.class((Breaking, "it cannot be sent"), (Breaking, "it cannot be read"));
                self.report(location, format!("property {name:?} removed"), effect);
                continue;
            };
            self.schema(&format!("{location}, property {name:?}"), before, after, usage);
            match (old.required.contains(name), new.required.contains(name)) {
                (false, true) => {
                    let effect =
                        usage.class((Breaking, "requests without it fail"), (Neutral, "the service always sends it"));
                    self.report(location, format!("property {name:?} is required"), effect);
                }
                (true, false) => {
                    let effect = usage.class((Additive, "it can be omitted"), (Breaking, "it can be missing"));
                    self.report(location, format!("property {name:?} is optional"), effect);
                }
                _ => {}
            }
        }
        for name in new.properties.keys().filter(|name| !old.properties.contains_key(*name)) {
            let (change, sent) = if new.required.contains(name) {
                ("added, required", (Breaking, "requests without it fail"))
            } else {
                ("added", (Additive, "it can be sent"))
            };
            let effect = usage.class(sent, (Additive, "it can be read"));
            self.report(location, format!("property {name:?} {change}"), effect);
        }
    }

    /// Compares the items of arrays, the additional properties, and the alternatives.
    fn parts(&mut self, location: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        for (keyword, name) in [("items", "items"), ("additionalProperties", "additional properties")] {
            match (old.keywords.get(keyword), new.keywords.get(keyword)) {
                (Some(before), Some(after)) if before.is_object() && after.is_object() => {
                    self.schema(&format!("{location}, {name}"), before, after, usage);
                }
                (before, after) if before != after => {
                    self.report(location, format!("{name} changed"), (Breaking, "the type differs"));
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
                    self.schema(&format!("{location}, {keyword} {index}"), before, after, usage);
                }
            } else {
                let change = format!("{keyword} of {} instead of {}", count(new), count(old));
                self.report(location, change, (Breaking, "the type differs"));
            }
        }
    }

    fn restrictions(&mut self, location: &str, old: &Composed<'d>, new: &Composed<'d>, usage: Use) {
        let keywords: BTreeSet<&str> = old.keywords.keys().chain(new.keywords.keys()).copied().collect();
        for keyword in keywords.into_iter().filter(|keyword| !COMPARED.contains(keyword)) {
            let (before, after) = (old.display(keyword), new.display(keyword));
            if before == after {
                continue;
            }
            let sent = if after == "none" {
                (Additive, "values are no longer rejected")
            } else {
                (Breaking, "values that were valid can be rejected")
            };
            let effect = usage.class(sent, (Neutral, "the type of the values is unchanged"));
            self.report(location, format!("{keyword} {after} instead of {before}"), effect);
        }
    }
}

/// A schema with its inline parts merged.
struct Composed<'d> {
    /// The JSON pointers of the named schemas that it is composed of.
    bases: BTreeSet<&'d str>,
    properties: BTreeMap<&'d str, &'d Value>,
    required: BTreeSet<&'d str>,
    /// All other keywords.
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

    /// Merges the named schemas that are not in `shared`.
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

    /// Returns the type and format. A schema with properties or named parts is an object, even without the keyword
    /// `type`.
    fn kind(&self) -> String {
        let name = match self.display("type").as_str() {
            "none" if !self.properties.is_empty() || !self.bases.is_empty() => "object".to_owned(),
            name => name.to_owned(),
        };
        match self.keywords.get("format").and_then(|format| format.as_str()) {
            Some(format) => format!("{name} ({format})"),
            None => name,
        }
    }

    fn display(&self, keyword: &str) -> String {
        match self.keywords.get(keyword) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => "none".to_owned(),
        }
    }

    fn members(&self) -> Option<BTreeSet<String>> {
        let members = MEMBER_KEYWORDS.iter().find_map(|keyword| self.keywords.get(keyword))?.as_array()?;
        Some(members.iter().map(Value::to_string).collect())
    }

    fn alternatives(&self, keyword: &str) -> &'d [Value] {
        self.keywords.get(keyword).and_then(|value| value.as_array()).map_or(&[], Vec::as_slice)
    }
}

/// Returns the JSON pointer if the schema is a reference into the document.
fn local(schema: &Value) -> Option<&str> {
    target(schema).and_then(pointer)
}
