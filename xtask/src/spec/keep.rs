//! `keep.yaml`: which operations the trim keeps, which it drops and why.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};
use serde::Deserialize;

use super::yaml;
use crate::workspace::shown;

const FILE: &str = "keep.yaml";

/// What to keep of Microsoft's document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keep {
    /// Every operation at or below one of these paths must be named.
    below: Vec<String>,
    pub(crate) keep: Vec<String>,
    #[serde(default)]
    drop: Vec<DroppedOperations>,
    #[serde(default)]
    pub(crate) properties: Vec<DroppedProperties>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DroppedOperations {
    why: String,
    operations: Vec<String>,
}

/// Properties of a schema that nobody here needs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DroppedProperties {
    pub(crate) schema: String,
    pub(crate) drop: Vec<String>,
    why: String,
}

impl Keep {
    /// The decisions in the folder `specs`.
    pub(crate) fn read(specs: &Path) -> Result<Self> {
        let path = specs.join(FILE);
        let name = shown(&path);
        let keep: Self = yaml::read(&path)?;
        let mut named = BTreeSet::new();
        for operation in keep.keep.iter().chain(keep.dropped()) {
            let path = operation.split_once(' ').map_or("", |(_, path)| path);
            if !keep.judges(path) {
                bail!("{name}: {operation:?} is below none of the paths that `below` names");
            }
            if !named.insert(operation) {
                bail!("{name}: {operation:?} is named twice");
            }
        }
        let reasons = keep.drop.iter().map(|dropped| &dropped.why);
        if reasons.chain(keep.properties.iter().map(|dropped| &dropped.why)).any(|why| why.trim().is_empty()) {
            bail!("{name}: a `why` is empty");
        }
        Ok(keep)
    }

    /// Whether the operations of `path` must be kept or dropped by name.
    pub(crate) fn judges(&self, path: &str) -> bool {
        self.below.iter().any(|root| {
            path.strip_prefix(root.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '(']))
        })
    }

    /// The operations that are dropped.
    pub(crate) fn dropped(&self) -> impl Iterator<Item = &String> {
        self.drop.iter().flat_map(|dropped| &dropped.operations)
    }
}
