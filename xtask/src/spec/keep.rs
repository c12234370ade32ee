//! `keep.yaml`: the operations that the trim keeps, and those that it drops, with the reasons.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};
use serde::Deserialize;

use super::yaml;
use crate::workspace::display_path;

const FILE: &str = "keep.yaml";

/// The operations to keep of Microsoft's document, and the operations and properties to drop.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keep {
    /// Every operation on these paths and their subpaths must be listed under `keep` or `drop`.
    paths: Vec<String>,
    pub(crate) keep: Vec<String>,
    #[serde(default)]
    drop: Vec<DroppedOperations>,
    #[serde(default)]
    pub(crate) properties: Vec<DroppedProperties>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DroppedOperations {
    reason: String,
    operations: Vec<String>,
}

/// Properties of a schema that the trim drops.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DroppedProperties {
    pub(crate) schema: String,
    pub(crate) drop: Vec<String>,
    reason: String,
}

impl Keep {
    /// Reads and checks the file in the folder `specs`.
    pub(crate) fn read(specs: &Path) -> Result<Self> {
        let path = specs.join(FILE);
        let name = display_path(&path);
        let keep: Self = yaml::read(&path)?;
        let mut listed = BTreeSet::new();
        for operation in keep.keep.iter().chain(keep.dropped()) {
            let path = operation.split_once(' ').map_or("", |(_, path)| path);
            if !keep.covers(path) {
                bail!(
                    "{name}: operation {operation:?} is not on a path listed under `paths`: add the path or \
                     remove the operation"
                );
            }
            if !listed.insert(operation) {
                bail!("{name}: operation {operation:?} is listed twice: remove one entry");
            }
        }
        let reasons = keep.drop.iter().map(|dropped| &dropped.reason);
        if reasons.chain(keep.properties.iter().map(|dropped| &dropped.reason)).any(|reason| reason.trim().is_empty()) {
            bail!("{name}: empty `reason`: state why the operations or properties are dropped");
        }
        Ok(keep)
    }

    /// Returns `true` if `path` is listed under `paths` or is a subpath, so that its operations must be kept or
    /// dropped.
    pub(crate) fn covers(&self, path: &str) -> bool {
        self.paths.iter().any(|root| {
            path.strip_prefix(root.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '(']))
        })
    }

    /// Returns the dropped operations.
    pub(crate) fn dropped(&self) -> impl Iterator<Item = &String> {
        self.drop.iter().flat_map(|dropped| &dropped.operations)
    }
}
