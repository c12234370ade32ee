//! `cargo xtask spec apply`: trimmed + overlay = presence.openapi.yaml.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Map, Value};

use super::finding::Findings;
use super::json::type_name;
use super::lint::lint;
use super::overlay::Overlay;
use super::trim::TRIMMED;
use super::yaml;
use crate::generated_file::{difference, write};
use crate::output::print;
use crate::workspace::shown;

const OVERLAY: &str = "presence.overlay.yaml";
/// What is generated from.
pub(crate) const RESULT: &str = "presence.openapi.yaml";
const COMMAND: &str = "cargo xtask spec apply";
const HEAD: &str = "\
What the raw client is generated from: presence.trimmed.yaml with presence.overlay.yaml applied.
Written by `cargo xtask spec apply`: do not edit, change the overlay and run it again.";

/// Apply the overlay to the trimmed document, and check the result before it is written
///
/// specs/presence.trimmed.yaml with specs/presence.overlay.yaml (OpenAPI Overlay 1.0.0) becomes
/// specs/presence.openapi.yaml. An action that selects nothing or changes nothing fails, and so does a result that is no
/// OpenAPI 3.0 or that the generator cannot make good code of. Each finding is `file: JSON pointer: rule: how to mend`;
/// all are printed, and then nothing is written.
///
/// Exit codes: 0 done, 1 the check found something, 2 bad input or failure.
#[derive(Args)]
pub(crate) struct Apply {
    /// Write nothing: print what would change, and exit with 1 if anything would
    #[arg(long)]
    check: bool,
}

impl Apply {
    pub(crate) fn run(self, specs: &Path) -> Result<ExitCode> {
        let text = applied(specs)?.text;
        let result = specs.join(RESULT);
        let Some(diff) = difference(&result, &text)? else {
            print(format_args!("{} is up to date", shown(&result)))?;
            return Ok(ExitCode::SUCCESS);
        };
        if self.check {
            print(diff.trim_end_matches('\n'))?;
            eprintln!("{} is not trimmed + overlay; run: {COMMAND}", shown(&result));
            return Ok(ExitCode::from(1));
        }
        write(&result, &text)?;
        print(format_args!("{} written", shown(&result)))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A document, and how it is written.
pub(crate) struct Applied {
    pub(crate) document: Value,
    pub(crate) text: String,
}

/// What the trimmed document and the overlay in `specs` make, checked.
pub(crate) fn applied(specs: &Path) -> Result<Applied> {
    let mut document = Value::Object(read(&specs.join(TRIMMED))?);
    let file = specs.join(OVERLAY);
    let content = read(&file)?;
    let mut findings = Findings::default();
    let overlay = Overlay { file: &file, content: &content };
    overlay.apply(&mut document, &mut findings);
    // A document that is half corrected has findings that mend themselves.
    findings.refuse()?;
    lint(&specs.join(RESULT), &document, &mut findings);
    findings.refuse()?;
    let text = yaml::write(&document, HEAD)?;
    Ok(Applied { document, text })
}

/// A YAML file as the object that it holds.
fn read(path: &Path) -> Result<Map<String, Value>> {
    match yaml::read(path)? {
        Value::Object(map) => Ok(map),
        other => bail!("{} holds {}, not an object", shown(path), type_name(&other)),
    }
}
