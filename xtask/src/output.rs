//! What commands print.

use std::fmt::Display;
use std::io::{self, Write};

use anyhow::Result;

/// Prints a line, or several. A reader that has seen enough and went away is no failure.
pub(crate) fn print(text: impl Display) -> Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
