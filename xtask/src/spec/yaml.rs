//! Reading and writing of the YAML files in the specs folder.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use xtask_outline::yaml::{location, message, parse};

use crate::workspace::display_path;

/// The keys that come first in a document. All others are sorted by name.
const FIRST: [&str; 5] = ["openapi", "info", "servers", "paths", "components"];

/// Serializes `document` as YAML, after comment lines with the text `header`. Keys are sorted, so the output is
/// deterministic.
pub(crate) fn write(document: &Value, header: &str) -> Result<String> {
    let mut text = String::new();
    for line in header.lines() {
        text.push_str(format!("# {line}").trim_end());
        text.push('\n');
    }
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    // A map preserves insertion order if any dependency enables serde_json's feature `preserve_order`.
    let mut document = document.clone();
    document.sort_all_objects();
    let written = match &document {
        Value::Object(map) => serde_saphyr::to_fmt_writer_with_options(&mut text, &Top(map), options),
        other => serde_saphyr::to_fmt_writer_with_options(&mut text, other, options),
    };
    written.context("failed to serialize YAML")?;
    Ok(text)
}

struct Top<'a>(&'a Map<String, Value>);

impl Serialize for Top<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let first = FIRST.iter().filter_map(|key| self.0.get_key_value(*key));
        let rest = self.0.iter().filter(|(key, _)| !FIRST.contains(&key.as_str()));
        serializer.collect_map(first.chain(rest))
    }
}

/// Reads and deserializes the file at `path`.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let name = display_path(path);
    let text = fs::read_to_string(path).with_context(|| format!("failed to read {name}"))?;
    parse(&text).map_err(|error| {
        let (line, column) = location(&error);
        anyhow!("{name}:{line}:{column}: {}", message(&error))
    })
}
