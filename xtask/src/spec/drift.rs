//! `cargo xtask spec drift`: compares a newer version of Microsoft's document with the trimmed document.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde_json::{Value, json};
use xtask_outline::Source;

use super::change::{Change, Class};
use super::compare::compare;
use super::keep::Keep;
use super::slice::{Mismatch, Slice};
use super::trim::TRIMMED;
use super::yaml;
use crate::output::print;

/// The width of the table in columns: fixed, so that the output does not depend on the terminal.
const TABLE_WIDTH: u16 = 140;

/// Compare Microsoft's document with presence.trimmed.yaml
///
/// Reports semantic changes and classifies each as breaking, additive or neutral. Changes of formatting, prose or
/// order, and schemas that are only inlined or extracted, do not count.
///
/// Exit codes: 0 no changes, 1 changes, 2 bad input or failure.
#[derive(Args)]
pub(crate) struct Drift {
    /// OpenAPI 3.0 document as YAML or JSON, plain or gzip; `-` for standard input
    file: PathBuf,
    /// Print the changes as JSON
    #[arg(long)]
    json: bool,
}

impl Drift {
    pub(crate) fn run(self, specs: &Path) -> Result<ExitCode> {
        let keep = Keep::read(specs)?;
        let trimmed: Value = yaml::read(&specs.join(TRIMMED))?;
        let source = Source::read(&self.file)?;
        let slice = Slice::cut(&source, &keep)?;
        let mut changes = compare(&trimmed, &slice.document);
        changes.extend(slice.mismatches.iter().map(change_of));
        changes.sort();
        if self.json {
            print(format_args!("{:#}", json!({ "changes": changes })))?;
        } else {
            print(table(&changes, &self.file))?;
        }
        Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// Returns the change that caused a mismatch between keep.yaml and the document.
fn change_of(mismatch: &Mismatch) -> Change {
    let (class, location, change, reason) = match mismatch {
        Mismatch::MissingOperation(operation) => {
            (Class::Breaking, operation, "operation removed", "requests to it fail")
        }
        Mismatch::UnlistedOperation(operation) => {
            (Class::Additive, operation, "operation added", "add it to keep.yaml, under keep or drop")
        }
        Mismatch::UnusedDrop(operation) => {
            (Class::Neutral, operation, "operation removed", "remove it from drop in keep.yaml")
        }
        Mismatch::UnusedPropertyDrop(property) => {
            (Class::Neutral, property, "property removed", "remove it from drop in keep.yaml")
        }
    };
    Change { class, location: location.clone(), change: change.to_owned(), reason }
}

/// Formats the changes as a table.
fn table(changes: &[Change], file: &Path) -> String {
    if changes.is_empty() {
        return "no changes".to_owned();
    }
    let mut table = Table::new();
    table
        .load_style(UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(TABLE_WIDTH)
        .set_header(["class", "location", "change", "reason"]);
    for change in changes {
        table.add_row([change.class.name(), &change.location, &change.change, change.reason]);
    }
    format!(
        "{table}\nTo adopt the changes: run `cargo xtask spec trim {}`, review the result, run `cargo xtask regen`",
        file.display()
    )
}
