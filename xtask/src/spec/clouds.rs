//! `clouds.yaml`: the clouds that offer each operation and property. Read and checked here, generated as Rust code in
//! `table`.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::finding::Findings;
use super::lint::operation_ids;
use super::pointer::below;
use super::yaml;

mod claims;
mod table;

use self::claims::Claim;
pub(crate) use self::claims::Clouds;
pub(crate) use self::table::{constant, source};

/// The name of the file in the specs folder.
pub(crate) const FILE: &str = "clouds.yaml";
/// The schema whose properties have rows.
const PRESENCE: &str = "microsoft.graph.presence";
/// The prefix of the names of these rows.
const PREFIX: &str = "presence.";

/// Reads clouds.yaml and checks it against the document.
pub(crate) fn read(specs: &Path, document: &Value) -> Result<Clouds> {
    let file = specs.join(FILE);
    let clouds: Clouds = yaml::read(&file)?;
    let mut findings = Findings::default();
    let mut check = Check { file: &file, clouds: &clouds, findings: &mut findings, cited: BTreeSet::new() };
    check.operations(document);
    check.properties(document);
    check.sources();
    findings.check()?;
    Ok(clouds)
}

struct Check<'a> {
    file: &'a Path,
    clouds: &'a Clouds,
    findings: &'a mut Findings,
    cited: BTreeSet<&'a str>,
}

impl<'a> Check<'a> {
    fn report(&mut self, pointer: &str, rule: &'static str, message: impl Into<String>) {
        self.findings.add(self.file, pointer, rule, message);
    }

    fn operations(&mut self, document: &Value) {
        let mut missing: BTreeSet<&str> = operation_ids(document).collect();
        let known = missing.clone();
        for (name, operation) in &self.clouds.operations {
            let pointer = below("/operations", name);
            for (index, id) in operation.ids.iter().enumerate() {
                let pointer = below(&below(&pointer, "ids"), index);
                if !known.contains(id.as_str()) {
                    let message = format!("unknown operationId `{id}`: correct or remove it");
                    self.report(&pointer, "operation-unknown", message);
                } else if !missing.remove(id.as_str()) {
                    self.report(&pointer, "operation-duplicate", format!("`{id}` is listed twice: remove one entry"));
                }
            }
            self.claim(&below(&pointer, "v1.0"), &operation.v1);
            self.claim(&below(&pointer, "beta"), &operation.beta);
        }
        for id in missing {
            self.report("/operations", "operation-missing", format!("`{id}` is not listed: add it to a row"));
        }
    }

    fn properties(&mut self, document: &Value) {
        let mut missing = BTreeSet::new();
        if let Some(presence) = document.pointer(&below("/components/schemas", PRESENCE)) {
            property_names(presence, &mut missing);
        }
        for (name, property) in &self.clouds.properties {
            let pointer = below("/properties", name);
            if !name.strip_prefix(PREFIX).is_some_and(|name| missing.remove(name)) {
                let message = format!("unknown property `{name}` of {PRESENCE}: correct or remove it");
                self.report(&pointer, "property-unknown", message);
            }
            self.claim(&below(&pointer, "v1.0"), &property.v1);
            self.claim(&below(&pointer, "beta"), &property.beta);
        }
        for name in missing {
            self.report("/properties", "property-missing", format!("`{PREFIX}{name}` is not listed: add a row"));
        }
    }

    fn sources(&mut self) {
        for source in self.clouds.sources.keys() {
            if !self.cited.contains(source.as_str()) {
                self.report(&below("/sources", source), "source-unused", "no row refers to this source: remove it");
            }
        }
    }

    fn claim(&mut self, pointer: &str, claim: &'a Claim) {
        self.statement(pointer, &claim.clouds, &claim.source, &claim.date);
        for (index, other) in claim.differing.iter().enumerate() {
            let pointer = below(&below(pointer, "differing"), index);
            self.statement(&pointer, &other.clouds, &other.source, &other.date);
        }
    }

    fn statement(&mut self, pointer: &str, clouds: &[String], source: &'a str, date: &str) {
        let mut seen = BTreeSet::new();
        for (index, cloud) in clouds.iter().enumerate() {
            let pointer = below(&below(pointer, "clouds"), index);
            if !self.clouds.clouds.contains_key(cloud) {
                self.report(
                    &pointer,
                    "cloud-unknown",
                    format!("unknown cloud `{cloud}`: correct it or add it to clouds"),
                );
            } else if !seen.insert(cloud) {
                self.report(&pointer, "cloud-duplicate", format!("`{cloud}` is listed twice: remove one entry"));
            }
        }
        if !self.clouds.sources.contains_key(source) {
            let message = format!("unknown source `{source}`: correct it or add it to sources");
            self.report(&below(pointer, "source"), "source-unknown", message);
        }
        self.cited.insert(source);
        if !is_date(date) {
            let message = format!("invalid date `{date}`: expected 2026-08-20, or 2026-08 if the day is not known");
            self.report(&below(pointer, "date"), "date", message);
        }
    }
}

/// Collects the names of the properties of a schema and of the parts that it is composed of.
fn property_names<'a>(schema: &'a Value, names: &mut BTreeSet<&'a str>) {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    names.extend(properties.map(|(name, _)| name.as_str()));
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        property_names(part, names);
    }
}

/// Returns `true` if `text` is a year and a month, with or without a day.
fn is_date(text: &str) -> bool {
    let bounds: [(usize, u32, u32); 3] = [(4, 2000, 2999), (2, 1, 12), (2, 1, 31)];
    let parts: Vec<&str> = text.split('-').collect();
    (2..=3).contains(&parts.len())
        && parts.iter().zip(bounds).all(|(part, (digits, least, most))| {
            part.len() == digits && part.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number))
        })
}
