//! Input documents: read from a file or standard input, plain or gzip-compressed.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use flate2::read::MultiGzDecoder;

/// The maximum size of a decompressed document, nine times the size of Microsoft's. Guards against decompression bombs.
const MAX_SIZE: u64 = 256 * 1024 * 1024;

/// A document's text and its name in messages.
#[derive(Debug)]
pub struct Source {
    /// The name in messages.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// Reads `file`, or standard input if `file` is `-`.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read or decompressed, is too large, not UTF-8, or empty.
    pub fn read(file: &Path) -> Result<Self> {
        let (name, bytes) = if file == Path::new("-") {
            ("standard input".to_owned(), read_limited(io::stdin().lock()))
        } else {
            let name = file.display().to_string();
            (name, File::open(file).and_then(read_limited))
        };
        let bytes = bytes.with_context(|| format!("failed to read {name}"))?;
        Self::from_bytes(name, bytes)
    }

    fn from_bytes(name: String, mut bytes: Vec<u8>) -> Result<Self> {
        if bytes.starts_with(&[0x1f, 0x8b]) {
            bytes = read_limited(MultiGzDecoder::new(bytes.as_slice()))
                .with_context(|| format!("{name}: failed to decompress gzip"))?;
        }
        let mut text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let (line, column) = line_and_column(&String::from_utf8_lossy(valid), valid.len());
            anyhow!("{name}:{line}:{column}: invalid UTF-8")
        })?;
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        if text.trim().is_empty() {
            bail!("{name}:1:1: document is empty: expected OpenAPI 3.0 as YAML or JSON");
        }
        Ok(Self { name, text })
    }

    /// Returns the location of a slice of the text as `name:line:column`.
    #[must_use]
    pub fn location(&self, slice: &str) -> String {
        let (line, column) = self.line_and_column(slice);
        format!("{}:{line}:{column}", self.name)
    }

    /// Returns line and column of the start of a slice of the text, counted from one.
    #[must_use]
    pub fn line_and_column(&self, slice: &str) -> (usize, usize) {
        line_and_column(&self.text, (slice.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize))
    }
}

/// Returns line and column of a byte offset, counted from one.
fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

fn read_limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_SIZE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {} MiB", MAX_SIZE / 1024 / 1024)));
    }
    Ok(bytes)
}
