//! Files that commands write: whole or not at all, and comparable with what is there.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::workspace::shown;

/// Replaces `path` with `content` in one step: a reader, or an interruption, sees the old file or the new one.
pub(crate) fn write(path: &Path, content: &str) -> Result<()> {
    Staged::new(path, content)?.write()
}

/// A file that is written beside the one that it takes the place of: of several, all are there before the first is used.
pub(crate) struct Staged<'p> {
    path: &'p Path,
    file: NamedTempFile,
}

impl<'p> Staged<'p> {
    /// `content`, for `path`.
    pub(crate) fn new(path: &'p Path, content: &str) -> Result<Self> {
        let folder = path.parent().with_context(|| format!("{} names no file", path.display()))?;
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let stage = || -> std::io::Result<NamedTempFile> {
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(content.as_bytes())?;
            file.as_file().sync_all()?;
            readable_like_any_file(file.as_file())?;
            if path.is_dir() {
                return Err(std::io::ErrorKind::IsADirectory.into());
            }
            Ok(file)
        };
        let file = stage().with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path, file })
    }

    /// Lets it take its place.
    pub(crate) fn write(self) -> Result<()> {
        self.file.persist(self.path).with_context(|| format!("cannot write {}", self.path.display()))?;
        Ok(())
    }
}

/// Temporary files are private to their owner; what is committed is not.
#[cfg(unix)]
fn readable_like_any_file(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_like_any_file(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// A unified diff that turns the file at `path` into `expected`, or `None` when it already is that.
pub(crate) fn difference(path: &Path, expected: &str) -> Result<Option<String>> {
    let present = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    if present == expected.as_bytes() {
        return Ok(None);
    }
    let present = String::from_utf8_lossy(&present);
    let name = shown(path);
    let diff = TextDiff::from_lines(present.as_ref(), expected)
        .unified_diff()
        .header(&format!("{name} (as it is)"), &format!("{name} (as it should be)"))
        .to_string();
    Ok(Some(diff))
}
