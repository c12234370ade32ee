//! The one way in which the files of the specs folder are read and written.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::workspace::shown;

/// What a reader looks for first in a document; everything else is sorted by name.
const FIRST: [&str; 5] = ["openapi", "info", "servers", "paths", "components"];

/// `document` as YAML with sorted keys, after `head` as comment lines: the same bytes for the same document.
pub(crate) fn write(document: &Value, head: &str) -> Result<String> {
    let mut text = String::new();
    for line in head.lines() {
        text.push_str(format!("# {line}").trim_end());
        text.push('\n');
    }
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    // Whether a map keeps the order of insertion is up to a feature that any dependency may switch on.
    let mut document = document.clone();
    document.sort_all_objects();
    let written = match &document {
        Value::Object(map) => serde_saphyr::to_fmt_writer_with_options(&mut text, &Top(map), options),
        other => serde_saphyr::to_fmt_writer_with_options(&mut text, other, options),
    };
    written.context("cannot write YAML")?;
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

/// What is in the file at `path`.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let name = shown(path);
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    parse(&text).map_err(|error| {
        let (line, column) = place(&error);
        anyhow!("{name}:{line}:{column}: {}", message(&error))
    })
}

/// YAML 1.2, in which `yes` is a text, as in JSON.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, serde_saphyr::Error> {
    serde_saphyr::from_str_with_options(
        text,
        serde_saphyr::options! {
            strict_booleans: true,
            with_snippet: false,
        },
    )
}

/// Line and column of an error, counted from one.
pub(super) fn place(error: &serde_saphyr::Error) -> (u64, u64) {
    error.location().map_or((1, 1), |location| (location.line(), location.column()))
}

/// What is wrong, without where.
pub(super) fn message(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().render_with_formatter(&serde_saphyr::UserMessageFormatter);
    text.split(" at line ").next().unwrap_or_default().trim_end().to_owned()
}
