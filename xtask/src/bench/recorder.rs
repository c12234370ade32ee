//! `cargo xtask bench recorder`: the number of saved documentation pages that are recorded per second.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;

use super::measure::Runs;
use super::results::Results;

const LONGEST: Duration = Duration::from_secs(60);

/// Measure how many saved pages `cargo xtask record` records per second
#[derive(Args)]
pub(crate) struct RecorderBench {
    /// A folder of saved pages
    #[arg(value_name = "DIR")]
    pages: PathBuf,
    /// The number of runs
    #[arg(long, default_value_t = 9)]
    runs: usize,
}

impl RecorderBench {
    pub(crate) fn of(pages: &Path) -> Self {
        Self { pages: pages.to_owned(), runs: 9 }
    }

    pub(crate) fn measure(&self) -> Result<Results> {
        let folder = tempfile::tempdir().context("failed to create a temporary folder")?;
        let pages = self.pages.canonicalize().with_context(|| format!("failed to find {}", self.pages.display()))?;
        let recordings = folder.path().join("recordings");
        let program = std::env::current_exe()?;
        let command = [&program, Path::new("record"), &pages, Path::new("--out"), &recordings]
            .map(|word| word.display().to_string());
        let runs = Runs::of(&command, folder.path(), self.runs, LONGEST)?;
        let count = count(&recordings)?;
        ensure!(count > 0, "{} has no page", pages.display());
        let mut results = Results::default();
        results.add("recorder/pages_per_second", count as f64 / runs.seconds(), "pages/s");
        results.add("recorder/peak", runs.megabytes(), "MB");
        Ok(results)
    }
}

/// Returns the number of recordings: there is a folder for each locale.
fn count(recordings: &Path) -> Result<usize> {
    let mut count = 0;
    for locale in recordings.read_dir().context("failed to read the recordings")? {
        count += locale?.path().read_dir().context("failed to read the recordings")?.count();
    }
    Ok(count)
}
