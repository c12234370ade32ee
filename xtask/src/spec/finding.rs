//! What is wrong with a document: where, which rule, and how to mend it.

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace::shown;

/// One thing that is wrong, printed as `file: JSON pointer: rule: how to mend`.
#[derive(Debug)]
struct Finding {
    file: String,
    pointer: String,
    rule: &'static str,
    mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, pointer, rule, mend } = self;
        // The pointer to the whole document is empty, and an empty column is overlooked.
        let pointer = if pointer.is_empty() { "(document)" } else { pointer };
        write!(formatter, "{file}: {pointer}: {rule}: {mend}")
    }
}

/// Everything that one run finds, so that nobody mends one thing a run.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    pub(crate) fn add(&mut self, file: &Path, pointer: &str, rule: &'static str, mend: impl Into<String>) {
        self.list.push(Finding { file: shown(file).to_string(), pointer: pointer.to_owned(), rule, mend: mend.into() });
    }

    /// Prints the findings and fails, if there are any.
    pub(crate) fn refuse(&self) -> Result<()> {
        for finding in &self.list {
            eprintln!("{finding}");
        }
        match self.list.len() {
            0 => Ok(()),
            1 => bail!("1 finding; nothing is written"),
            count => bail!("{count} findings; nothing is written"),
        }
    }
}
