//! Atomic writes of generated files, and diffs against the files on disk.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::workspace::display_path;

/// Replaces the file at `path` with `content` atomically: an interrupted run leaves the old file or the new one.
pub(crate) fn write(path: &Path, content: &str) -> Result<()> {
    Staged::new(path, content)?.commit()
}

/// A temporary file that is written and not yet renamed to its final path. A command stages all its files before it
/// renames the first one, so that a failed write leaves every old file in place.
pub(crate) struct Staged<'p> {
    path: &'p Path,
    file: NamedTempFile,
}

impl<'p> Staged<'p> {
    /// Writes `content` to a temporary file in the folder of `path`.
    pub(crate) fn new(path: &'p Path, content: &str) -> Result<Self> {
        let folder = path
            .parent()
            .with_context(|| format!("invalid output path {}: it has no parent folder", path.display()))?;
        fs::create_dir_all(folder).with_context(|| format!("failed to create {}", folder.display()))?;
        let stage = || -> std::io::Result<NamedTempFile> {
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(content.as_bytes())?;
            file.as_file().sync_all()?;
            make_readable(file.as_file())?;
            if path.is_dir() {
                return Err(std::io::ErrorKind::IsADirectory.into());
            }
            Ok(file)
        };
        let file = stage().with_context(|| format!("failed to write {}", path.display()))?;
        Ok(Self { path, file })
    }

    /// Renames the temporary file to its final path.
    pub(crate) fn commit(self) -> Result<()> {
        self.file.persist(self.path).with_context(|| format!("failed to write {}", self.path.display()))?;
        Ok(())
    }
}

/// Makes a file readable for everyone: a temporary file is private to its owner, but generated files are committed.
#[cfg(unix)]
fn make_readable(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Returns a unified diff from the file at `path` to `expected`, or `None` if they are equal. A missing file counts as
/// empty.
pub(crate) fn diff(path: &Path, expected: &str) -> Result<Option<String>> {
    let current = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error).with_context(|| format!("failed to read {}", path.display())),
    };
    if current == expected.as_bytes() {
        return Ok(None);
    }
    let current = String::from_utf8_lossy(&current);
    let name = display_path(path);
    let diff = TextDiff::from_lines(current.as_ref(), expected)
        .unified_diff()
        .header(&format!("{name} (current)"), &format!("{name} (expected)"))
        .to_string();
    Ok(Some(diff))
}
