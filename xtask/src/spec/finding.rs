//! Findings: violations of rules in a document, with their location and the fix.

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace::display_path;

/// A violation of a rule, printed as `file: JSON pointer: rule: problem: fix`.
#[derive(Debug)]
struct Finding {
    file: String,
    pointer: String,
    rule: &'static str,
    /// The problem and how to fix it.
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, pointer, rule, message } = self;
        // The pointer to the root of a document is the empty string, which would be easy to overlook.
        let pointer = if pointer.is_empty() { "(document)" } else { pointer };
        write!(formatter, "{file}: {pointer}: {rule}: {message}")
    }
}

/// All findings of a run, so that they can be fixed together.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    pub(crate) fn add(&mut self, file: &Path, pointer: &str, rule: &'static str, message: impl Into<String>) {
        let file = display_path(file).to_string();
        self.list.push(Finding { file, pointer: pointer.to_owned(), rule, message: message.into() });
    }

    /// Prints the findings, and returns an error if there are any.
    pub(crate) fn check(&self) -> Result<()> {
        for finding in &self.list {
            eprintln!("{finding}");
        }
        match self.list.len() {
            0 => Ok(()),
            1 => bail!("1 finding; no file was written"),
            count => bail!("{count} findings; no file was written"),
        }
    }
}
