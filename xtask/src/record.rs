//! `cargo xtask record`: recordings from saved documentation pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;
use graph_presence_conformance::{PageName, Recorded, Recorder, Recording};

use crate::generated_file::write;
use crate::output::print;

/// Record the HTTP exchanges and table facts of saved documentation pages
///
/// A page is a text file named LOCALE.VERSION.PAGE.txt or .md. Its recording is written to
/// DIR/LOCALE/VERSION.PAGE.json.
///
/// Exit codes: 0 everything was understood, 1 something on a page was not, 2 a page is no such page or cannot be read.
#[derive(Args)]
pub(crate) struct Record {
    /// The saved pages
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// The folder of the recordings [default: tests/conformance/recordings of this workspace]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Record {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let out = self.out.unwrap_or_else(Recording::folder);
        let totals = record_all(&self.pages, &out)?;
        print(totals.summary())?;
        Ok(ExitCode::from(totals.code()))
    }
}

/// Records pages into a folder. A bad page does not keep the others from being recorded.
fn record_all(pages: &[PathBuf], out: &Path) -> Result<Totals> {
    let recorder = Recorder::new()?;
    let mut totals = Totals::default();
    let mut written = BTreeSet::new();
    for path in pages {
        let outcome = record(&recorder, path).and_then(|recorded| {
            let file = recorded.recording.file();
            ensure!(written.insert(file.clone()), "another page has the same recording, {}", file.display());
            write(&out.join(file), &recorded.recording.to_json()?)?;
            Ok(recorded)
        });
        match outcome {
            Ok(recorded) => {
                for diagnostic in &recorded.diagnostics {
                    eprintln!("{}:{diagnostic}", path.display());
                }
                totals.add(&recorded);
            }
            Err(error) => {
                eprintln!("{}: {error:#}", path.display());
                totals.bad += 1;
            }
        }
    }
    Ok(totals)
}

/// Reads one page.
fn record(recorder: &Recorder, path: &Path) -> Result<Recorded> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name: PageName = name.parse()?;
    let bytes = fs::read(path).context("cannot read the page")?;
    let text = String::from_utf8(bytes).context("the page is not UTF-8 text")?;
    Ok(recorder.record(&name, &text)?)
}

/// What was recorded.
#[derive(Debug, Default)]
struct Totals {
    pages: usize,
    exchanges: usize,
    repairs: usize,
    unknown: usize,
    bad: usize,
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
            summary.push_str(&format!(", {} not understood", self.unknown));
        }
        if self.bad > 0 {
            summary.push_str(&format!(", {} not read", self.bad));
        }
        summary
    }

    fn code(&self) -> u8 {
        match (self.bad, self.unknown) {
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

    /// Records the pages of one folder into another, and says the exit code, the summary and the files.
    fn outcome(pages: &[(&str, &[u8])]) -> (u8, String, Vec<String>) {
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
    fn a_page_that_is_understood_ends_with_zero() {
        let (code, summary, files) = outcome(&[("sv.v1.0.presence-get.txt", PAGE.as_bytes())]);
        assert_eq!((code, summary.as_str()), (0, "1 page, 1 exchange, 0 repairs"));
        assert_eq!(files, ["sv/v1.0.presence-get.json"]);
    }

    #[test]
    fn a_page_that_is_not_understood_is_written_and_ends_with_one() {
        let cut = format!("{PAGE}GET https://graph.microsoft.com/v1.0/me/presence\n");
        let (code, summary, files) = outcome(&[("sv.v1.0.presence-get.md", cut.as_bytes())]);
        assert_eq!((code, summary.as_str()), (1, "1 page, 1 exchange, 0 repairs, 1 not understood"));
        assert_eq!(files, ["sv/v1.0.presence-get.json"]);
    }

    #[test]
    fn bad_input_ends_with_two_and_keeps_no_other_page_from_being_written() {
        let good = ("sv.v1.0.presence-get.txt", PAGE.as_bytes());
        let cases: [(&str, (&str, &[u8])); 8] = [
            ("empty", ("nb.v1.0.presence-get.txt", b"")),
            ("blank", ("nb.v1.0.presence-get.txt", b" \r\n\t\n")),
            ("not UTF-8", ("nb.v1.0.presence-get.txt", b"\xff\xfepresence")),
            ("no presence page", ("nb.v1.0.presence-get.txt", b"Nothing to see here.\n")),
            ("no version", ("nb.presence-get.txt", PAGE.as_bytes())),
            ("no such version", ("nb.v2.0.presence-get.txt", PAGE.as_bytes())),
            ("no text file", ("nb.v1.0.presence-get.html", PAGE.as_bytes())),
            ("the same recording twice", ("sv.v1.0.presence-get.md", PAGE.as_bytes())),
        ];
        for (name, bad) in cases {
            let (code, summary, files) = outcome(&[good, bad]);
            assert_eq!((code, summary.as_str()), (2, "1 page, 1 exchange, 0 repairs, 1 not read"), "{name}");
            assert_eq!(files, ["sv/v1.0.presence-get.json"], "{name}");
        }
    }

    #[test]
    fn a_page_that_is_not_there_ends_with_two() {
        let folder = tempfile::tempdir().unwrap();
        let totals = record_all(&[folder.path().join("sv.v1.0.presence-get.txt")], folder.path()).unwrap();
        assert_eq!(totals.code(), 2);
    }

    #[test]
    fn the_same_page_gives_the_same_bytes_and_leaves_no_other_file() {
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
