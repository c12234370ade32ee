//! The committed recordings.

use std::fs;
use std::path::{Path, PathBuf};

use graph_presence_conformance::Recording;

/// Returns all recordings, sorted by locale, version and page.
pub(crate) fn all() -> Vec<Recording> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings"), &mut files);
    files.sort();
    assert!(!files.is_empty(), "no recordings found");
    files
        .iter()
        .map(|file| {
            serde_json::from_str(&fs::read_to_string(file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect()
}

/// Returns the title of a recording in messages, such as `es v1.0.presence-get`.
pub(crate) fn title(recording: &Recording) -> String {
    format!("{} {}.{}", recording.locale, recording.version, recording.page)
}

/// Returns the recording with this title.
pub(crate) fn named(name: &str) -> Recording {
    all()
        .into_iter()
        .find(|recording| title(recording) == name)
        .unwrap_or_else(|| panic!("recording not found: {name}"))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
}
