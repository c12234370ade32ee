//! The text that a command was given: from a file or standard input, plain or gzip.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use flate2::read::MultiGzDecoder;

/// Nine times Microsoft's document of today: what is longer is a mistake or a bomb.
const LONGEST: u64 = 256 * 1024 * 1024;

/// A text and the name to call it by in messages.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Source {
    /// The text of `file`, or of standard input when that is `-`.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let (name, bytes) = if file == Path::new("-") {
            ("standard input".to_owned(), limited(io::stdin().lock()))
        } else {
            let name = file.display().to_string();
            (name, File::open(file).and_then(limited))
        };
        let bytes = bytes.with_context(|| format!("cannot read {name}"))?;
        Self::from_bytes(name, bytes)
    }

    fn from_bytes(name: String, mut bytes: Vec<u8>) -> Result<Self> {
        if bytes.starts_with(&[0x1f, 0x8b]) {
            bytes = limited(MultiGzDecoder::new(bytes.as_slice())).with_context(|| format!("{name}: broken gzip"))?;
        }
        let mut text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let (line, column) = place(&String::from_utf8_lossy(valid), valid.len());
            anyhow!("{name}:{line}:{column}: this is no UTF-8 text")
        })?;
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        if text.trim().is_empty() {
            bail!("{name}:1:1: nothing there");
        }
        Ok(Self { name, text })
    }

    /// `name:line:column` of a slice of the text.
    pub(crate) fn place_of(&self, slice: &str) -> String {
        let (line, column) = self.line_and_column(slice);
        format!("{}:{line}:{column}", self.name)
    }

    /// Where in the text one of its slices starts, counted from one.
    pub(crate) fn line_and_column(&self, slice: &str) -> (usize, usize) {
        place(&self.text, (slice.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize))
    }
}

/// Line and column, counted from one, of a byte offset.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

fn limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("longer than {} MiB", LONGEST / 1024 / 1024)));
    }
    Ok(bytes)
}
