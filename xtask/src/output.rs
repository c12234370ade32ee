//! Standard output of the commands.

use std::fmt::Display;
use std::io::{self, Write};

use anyhow::Result;

/// Prints one or more lines to standard output. Ignores a closed pipe, as when the output is piped to `head`.
pub(crate) fn print(text: impl Display) -> Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
