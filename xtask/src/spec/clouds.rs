//! specs/clouds.yaml: which cloud has which operation and property. Read and checked here, written as Rust in `table`.

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

/// What the table is made from.
pub(crate) const FILE: &str = "clouds.yaml";
/// What the raw client calls a presence, and what the rows of its properties begin with.
const PRESENCE: &str = "microsoft.graph.presence";
const PREFIX: &str = "presence.";

/// Returns what specs/clouds.yaml says, checked against the finished document.
pub(crate) fn read(specs: &Path, document: &Value) -> Result<Clouds> {
    let file = specs.join(FILE);
    let clouds: Clouds = yaml::read(&file)?;
    let mut findings = Findings::default();
    let mut check = Check { file: &file, clouds: &clouds, findings: &mut findings, cited: BTreeSet::new() };
    check.operations(document);
    check.properties(document);
    check.sources();
    findings.refuse()?;
    Ok(clouds)
}

struct Check<'a> {
    file: &'a Path,
    clouds: &'a Clouds,
    findings: &'a mut Findings,
    cited: BTreeSet<&'a str>,
}

impl<'a> Check<'a> {
    fn report(&mut self, pointer: &str, rule: &'static str, mend: impl Into<String>) {
        self.findings.add(self.file, pointer, rule, mend);
    }

    fn operations(&mut self, document: &Value) {
        let mut missing: BTreeSet<&str> = operation_ids(document).collect();
        let known = missing.clone();
        for (name, operation) in &self.clouds.operations {
            let pointer = below("/operations", name);
            for (index, id) in operation.ids.iter().enumerate() {
                let pointer = below(&below(&pointer, "ids"), index);
                if !known.contains(id.as_str()) {
                    let mend = format!("`{id}` is no operationId of the document: correct it, or take it out");
                    self.report(&pointer, "operation-unknown", mend);
                } else if !missing.remove(id.as_str()) {
                    self.report(&pointer, "operation-twice", format!("`{id}` stands in two rows: leave one"));
                }
            }
            self.claim(&below(&pointer, "v1.0"), &operation.v1);
            self.claim(&below(&pointer, "beta"), &operation.beta);
        }
        for id in missing {
            self.report("/operations", "operation-missing", format!("`{id}` stands in no row: add it"));
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
                let mend = format!("`{name}` is no property of {PRESENCE} in the document: correct it, or take it out");
                self.report(&pointer, "property-unknown", mend);
            }
            self.claim(&below(&pointer, "v1.0"), &property.v1);
            self.claim(&below(&pointer, "beta"), &property.beta);
        }
        for name in missing {
            self.report("/properties", "property-missing", format!("`{PREFIX}{name}` stands in no row: add it"));
        }
    }

    fn sources(&mut self) {
        for source in self.clouds.sources.keys() {
            if !self.cited.contains(source.as_str()) {
                self.report(&below("/sources", source), "source-unused", "no row cites it: take it out");
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
                self.report(&pointer, "cloud-unknown", format!("`{cloud}` is not among the clouds: add it there"));
            } else if !seen.insert(cloud) {
                self.report(&pointer, "cloud-twice", format!("`{cloud}` stands here twice: leave one"));
            }
        }
        if !self.clouds.sources.contains_key(source) {
            let mend = format!("`{source}` is not among the sources: add it there");
            self.report(&below(pointer, "source"), "source-unknown", mend);
        }
        self.cited.insert(source);
        if !is_date(date) {
            let mend = format!("`{date}` is no date: write 2026-08-20, or 2026-08 where the day is not known");
            self.report(&below(pointer, "date"), "date", mend);
        }
    }
}

/// The properties that a schema has itself or from the parts that it is made of.
fn property_names<'a>(schema: &'a Value, names: &mut BTreeSet<&'a str>) {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    names.extend(properties.map(|(name, _)| name.as_str()));
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        property_names(part, names);
    }
}

/// Whether this is a year and a month, with or without a day.
fn is_date(text: &str) -> bool {
    let bounds: [(usize, u32, u32); 3] = [(4, 2000, 2999), (2, 1, 12), (2, 1, 31)];
    let parts: Vec<&str> = text.split('-').collect();
    (2..=3).contains(&parts.len())
        && parts.iter().zip(bounds).all(|(part, (digits, least, most))| {
            part.len() == digits && part.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number))
        })
}
