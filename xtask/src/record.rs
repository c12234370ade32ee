//! `cargo xtask record`: extracts recordings from saved documentation pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use graph_presence_conformance::{PartialName, Recorded, Recorder, Recording, Severity};

use crate::generated_file::write;
use crate::output::print;

/// Extract HTTP exchanges and facts from saved documentation pages
///
/// A page is a text, Markdown or HTML file, preferably named LOCALE.VERSION.PAGE.txt, .md or .html. Missing parts of
/// the name are taken from the folders or from the page itself. In a folder, every such file is read. Writes each
/// recording to DIR/LOCALE/VERSION.PAGE.json.
///
/// Exit codes: 0 success, 1 a page contains something unrecognized, 2 bad input or failure.
#[derive(Args)]
pub(crate) struct Record {
    /// Saved pages, or folders that contain them
    #[arg(required_unless_present = "schema", value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// Write the recordings to this folder [default: tests/conformance/recordings in this workspace]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print how each line of a page is interpreted, and write nothing
    #[arg(long, conflicts_with = "out")]
    explain: bool,
    /// Print the JSON Schema of a recording
    #[arg(long, exclusive = true)]
    schema: bool,
}

impl Record {
    pub(crate) fn run(self) -> Result<ExitCode> {
        if self.schema {
            print(Recording::schema()?.trim_end())?;
            return Ok(ExitCode::SUCCESS);
        }
        if self.explain {
            let [page] = self.pages.as_slice() else {
                bail!("invalid arguments: --explain requires exactly one page, got {}", self.pages.len())
            };
            return explain(page);
        }
        let out = self.out.unwrap_or_else(Recording::folder);
        let totals = record_all(&self.pages, &out)?;
        print(totals.summary())?;
        Ok(ExitCode::from(totals.code()))
    }
}

/// Prints how each line of a page is interpreted.
fn explain(page: &Path) -> Result<ExitCode> {
    let recorded = record(&Recorder::new()?, page).with_context(|| page.display().to_string())?;
    for diagnostic in &recorded.diagnostics {
        print(format_args!("{}:{diagnostic}", page.display()))?;
    }
    let mut totals = Totals::default();
    totals.add(&recorded);
    print(format_args!("{}: {}", recorded.recording.file().display(), totals.summary()))?;
    Ok(ExitCode::from(totals.code()))
}

/// Writes the recordings of all pages to `out`. Continues after a page that fails.
fn record_all(pages: &[PathBuf], out: &Path) -> Result<Totals> {
    let recorder = Recorder::new()?;
    let mut totals = Totals::default();
    let mut paths = Vec::new();
    for page in pages {
        match files(page) {
            Ok(found) => paths.extend(found),
            Err(error) => {
                eprintln!("{}: error: {error:#}", page.display());
                totals.failed += 1;
            }
        }
    }
    let mut written = BTreeSet::new();
    for path in paths {
        let result = record(&recorder, &path).and_then(|recorded| {
            let file = recorded.recording.file();
            ensure!(
                written.insert(file.clone()),
                "duplicate recording {}: another page has the same locale, version and name",
                file.display()
            );
            write(&out.join(file), &recorded.recording.to_json()?)?;
            Ok(recorded)
        });
        match result {
            Ok(recorded) => {
                let reported = recorded.diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Read);
                for diagnostic in reported {
                    eprintln!("{}:{diagnostic}", path.display());
                }
                totals.add(&recorded);
            }
            Err(error) => {
                eprintln!("{}: error: {error:#}", path.display());
                totals.failed += 1;
            }
        }
    }
    Ok(totals)
}

/// Returns the file itself, or the pages in a folder, sorted by path.
fn files(page: &Path) -> Result<Vec<PathBuf>> {
    if !page.is_dir() {
        return Ok(vec![page.to_owned()]);
    }
    let mut files = Vec::new();
    collect(page, &mut files)?;
    ensure!(!files.is_empty(), "no pages found in the folder: expected .txt, .md or .html files");
    files.sort();
    Ok(files)
}

/// Collects the pages in a folder. Does not follow symbolic links to folders, which can be cyclic.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(&path, files)?;
        } else if path.is_file() && PartialName::of_path(&path).is_some() {
            files.push(path);
        }
    }
    Ok(())
}

/// Reads one page.
fn record(recorder: &Recorder, path: &Path) -> Result<Recorded> {
    let name = PartialName::of_path(path).context("unsupported file type: expected .txt, .md or .html")?;
    let bytes = fs::read(path).context("failed to read the page")?;
    let text = String::from_utf8(bytes).context("invalid UTF-8")?;
    Ok(recorder.record_as(name, &text)?)
}

/// The totals of a run.
#[derive(Debug, Default)]
struct Totals {
    pages: usize,
    exchanges: usize,
    repairs: usize,
    unknown: usize,
    failed: usize,
}

impl Totals {
    fn add(&mut self, Recorded { recording, .. }: &Recorded) {
        let repairs = recording.exchanges.iter().map(|exchange| exchange.repairs.len());
        self.pages += 1;
        self.exchanges += recording.exchanges.len();
        self.repairs += recording.repairs.len() + repairs.sum::<usize>();
        self.unknown += recording.unknown.len();
    }

    fn summary(&self) -> String {
        let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let mut summary =
            [counted(self.pages, "page"), counted(self.exchanges, "exchange"), counted(self.repairs, "repair")]
                .join(", ");
        if self.unknown > 0 {
            summary.push_str(&format!(", {} unrecognized", self.unknown));
        }
        if self.failed > 0 {
            summary.push_str(&format!(", {} failed", self.failed));
        }
        summary
    }

    fn code(&self) -> u8 {
        match (self.failed, self.unknown) {
            (0, 0) => 0,
            (0, _) => 1,
            _ => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "GET https://graph.microsoft.com/v1.0/me/presence\nHTTP/1.1 200 OK\n";

    /// Records pages, and returns the exit code, the summary and the written files.
    fn run(pages: &[(&str, &[u8])]) -> (u8, String, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let paths = pages.iter().map(|(name, bytes)| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            path
        });
        let totals = record_all(&paths.collect::<Vec<_>>(), &out).unwrap();
        let mut files = Vec::new();
        for locale in fs::read_dir(&out).into_iter().flatten() {
            let locale = locale.unwrap().path();
            for file in fs::read_dir(&locale).unwrap() {
                let file = file.unwrap().path();
                files.push(file.strip_prefix(&out).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
        files.sort();
        (totals.code(), totals.summary(), files)
    }

    #[test]
    fn recognized_page_exits_with_0() {
        let (code, summary, files) = run(&[("sv.v1.0.presence-get.txt", PAGE.as_bytes())]);
        assert_eq!((code, summary.as_str()), (0, "1 page, 1 exchange, 0 repairs"));
        assert_eq!(files, ["sv/v1.0.presence-get.json"]);
    }

    #[test]
    fn page_with_unrecognized_parts_is_written_and_exits_with_1() {
        let without_response = format!("{PAGE}GET https://graph.microsoft.com/v1.0/me/presence\n");
        let (code, summary, files) = run(&[("sv.v1.0.presence-get.md", without_response.as_bytes())]);
        assert_eq!((code, summary.as_str()), (1, "1 page, 1 exchange, 0 repairs, 1 unrecognized"));
        assert_eq!(files, ["sv/v1.0.presence-get.json"]);
    }

    #[test]
    fn bad_input_exits_with_2_and_other_pages_are_written() {
        let good = ("sv.v1.0.presence-get.txt", PAGE.as_bytes());
        let cases: [(&str, (&str, &[u8])); 6] = [
            ("empty", ("nb.v1.0.presence-get.txt", b"")),
            ("blank", ("nb.v1.0.presence-get.txt", b" \r\n\t\n")),
            ("not UTF-8", ("nb.v1.0.presence-get.txt", b"\xff\xfepresence")),
            ("not a presence page", ("nb.v1.0.presence-get.txt", b"Nothing to see here.\n")),
            ("unsupported file type", ("nb.v1.0.presence-get.pdf", PAGE.as_bytes())),
            ("duplicate recording", ("sv.v1.0.presence-get.md", PAGE.as_bytes())),
        ];
        for (name, bad) in cases {
            let (code, summary, files) = run(&[good, bad]);
            assert_eq!((code, summary.as_str()), (2, "1 page, 1 exchange, 0 repairs, 1 failed"), "{name}");
            assert_eq!(files, ["sv/v1.0.presence-get.json"], "{name}");
        }
    }

    #[test]
    fn folder_is_read_recursively_and_supplies_locale_and_version() {
        let folder = tempfile::tempdir().unwrap();
        let pages = folder.path().join("pages/zh-CN/beta");
        fs::create_dir_all(&pages).unwrap();
        fs::write(pages.join("presence-get.md"), PAGE).unwrap();
        fs::write(pages.join("presence-sample.html"), format!("<pre>{PAGE}</pre>")).unwrap();
        fs::write(pages.join("picture.png"), [0]).unwrap();
        let out = folder.path().join("out");
        let totals = record_all(&[folder.path().join("pages")], &out).unwrap();
        assert_eq!((totals.code(), totals.pages), (0, 2));
        assert!(out.join("zh-CN/beta.presence-get.json").exists());
        assert!(out.join("zh-CN/beta.presence-sample.json").exists());
    }

    #[test]
    fn folder_without_pages_exits_with_2_and_links_to_folders_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let pages = folder.path().join("pages");
        fs::create_dir_all(&pages).unwrap();
        fs::write(pages.join("picture.png"), [0]).unwrap();
        std::os::unix::fs::symlink(&pages, pages.join("again")).unwrap();
        let record = || record_all(std::slice::from_ref(&pages), &folder.path().join("out")).unwrap();
        assert_eq!((record().code(), record().pages), (2, 0));
        fs::write(pages.join("sv.v1.0.presence-get.txt"), PAGE).unwrap();
        assert_eq!((record().code(), record().pages), (0, 1));
    }

    #[test]
    fn missing_page_exits_with_2() {
        let folder = tempfile::tempdir().unwrap();
        let totals = record_all(&[folder.path().join("sv.v1.0.presence-get.txt")], folder.path()).unwrap();
        assert_eq!(totals.code(), 2);
    }

    #[test]
    fn recording_is_deterministic_and_leaves_no_temporary_files() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("sv.v1.0.presence-get.txt");
        fs::write(&page, PAGE).unwrap();
        let recording = folder.path().join("sv/v1.0.presence-get.json");
        let mut bytes = Vec::new();
        for _ in 0..2 {
            record_all(std::slice::from_ref(&page), folder.path()).unwrap();
            bytes.push(fs::read(&recording).unwrap());
        }
        assert_eq!(bytes[0], bytes[1]);
        assert_eq!(fs::read_dir(folder.path().join("sv")).unwrap().count(), 1);
    }
}
