//! `cargo xtask spec drift`: what a newer document of Microsoft's changes for us.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde_json::{Value, json};

use super::change::{Change, Class};
use super::compare::compare;
use super::keep::Keep;
use super::slice::{Misfit, Slice};
use super::source::Source;
use super::trim::TRIMMED;
use super::yaml;
use crate::output::print;

/// Wide enough for a path and a sentence, and the same wherever it is printed.
const WIDTH: u16 = 140;

/// Compare Microsoft's document with presence.trimmed.yaml, by meaning
///
/// Exit codes: 0 no change, 1 changes, 2 cannot tell.
#[derive(Args)]
pub(crate) struct Drift {
    /// OpenAPI 3.0 document: YAML or JSON, plain or gzip; `-` for standard input
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
        changes.extend(slice.misfits.iter().map(change_of));
        changes.sort();
        if self.json {
            print(format_args!("{:#}", json!({ "changes": changes })))?;
        } else {
            print(table(&changes, &self.file))?;
        }
        Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// Where keep.yaml and the document do not fit together, the document has changed.
fn change_of(misfit: &Misfit) -> Change {
    let (class, place, change, reason) = match misfit {
        Misfit::Gone(operation) => (Class::Breaking, operation, "operation removed", "calls of it fail"),
        Misfit::Undecided(operation) => {
            (Class::Additive, operation, "operation added", "keep.yaml must keep it, or drop it and say why")
        }
        Misfit::IdleDrop(operation) => {
            (Class::Neutral, operation, "operation removed", "keep.yaml drops it; take it out there")
        }
        Misfit::IdleProperty(property) => {
            (Class::Neutral, property, "property removed", "keep.yaml drops it; take it out there")
        }
    };
    Change { class, place: place.clone(), change: change.to_owned(), reason }
}

/// The changes as a maintainer reads them.
fn table(changes: &[Change], file: &Path) -> String {
    if changes.is_empty() {
        return "no change".to_owned();
    }
    let mut table = Table::new();
    table
        .load_style(UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH)
        .set_header(["for our users", "where", "what", "because"]);
    for change in changes {
        table.add_row([change.class.name(), &change.place, &change.change, change.reason]);
    }
    format!("{table}\nTo take it over: cargo xtask spec trim {}, review, cargo xtask regen", file.display())
}
