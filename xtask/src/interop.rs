//! `cargo xtask interop`: runs Microsoft's own SDKs against the emulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::output::print;
use crate::workspace::workspace_root;

mod emulator;
mod report;
mod sdk;

use self::report::Report;
use self::sdk::{Language, SDKS, Sdk, SdkRun};

/// Run Microsoft's own SDKs against the emulator and compare the outcomes with the expected ones
///
/// Installs the SDKs into a temporary folder. Reads the expected outcomes and the known differences from tests/interop.
///
/// Exit codes: 0 no differences except known ones, 1 differences, 2 bad input or failure.
#[derive(Args)]
pub(crate) struct Interop {
    /// Run only the SDKs of this language
    #[arg(long, value_name = "LANGUAGE")]
    only: Option<Language>,
    /// Run this build of graph-presence-emulator instead of building it
    #[arg(long, value_name = "FILE")]
    emulator: Option<PathBuf>,
}

impl Interop {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let source = workspace_root().join("tests/interop");
        let mut report = Report::read(&source)?;
        let languages: Vec<_> = Language::value_variants()
            .iter()
            .copied()
            .filter(|language| self.only.is_none_or(|only| only == *language))
            .collect();
        if let Some(program) = languages.iter().find_map(|language| language.missing_program()) {
            bail!("{program} not found: install it, or select another language with --only");
        }
        let program = match self.emulator {
            Some(program) => program.canonicalize().with_context(|| format!("failed to find {}", program.display()))?,
            None => emulator::build()?,
        };
        // The target folder has enough space, and `cargo clean` removes the remains of an interrupted run.
        let target = program.parent().context("failed to locate the target folder")?;
        let folder = tempfile::Builder::new()
            .prefix("interop-")
            .tempdir_in(target)
            .context("failed to create a temporary folder")?;
        emulator::write_certificate(folder.path())?;
        // The languages run concurrently.
        let runs = thread::scope(|scope| {
            let (source, program, folder) = (&source, &program, folder.path());
            let running: Vec<_> =
                languages.iter().map(|language| scope.spawn(move || language.run(source, folder, program))).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| bail!("thread of an SDK panicked")))
                .collect::<Result<Vec<_>>>()
        })?;
        for (sdk, run) in runs.into_iter().flatten() {
            report.add(sdk, &sdk.version(&source)?, &run);
        }
        print(&report)?;
        Ok(if report.is_success() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

impl Language {
    fn folder(self) -> &'static str {
        match self {
            Self::Js => "javascript",
            Self::Python => "python",
        }
    }

    /// Returns the first required program that is not installed.
    fn missing_program(self) -> Option<&'static str> {
        let required: &[&str] = match self {
            Self::Js => &["node", "npm"],
            Self::Python => &["python3"],
        };
        required.iter().find(|program| !sdk::is_installed(program)).copied()
    }

    /// Installs the SDKs of the language into `folder`, and runs the program of each against a new emulator.
    fn run(self, source: &Path, folder: &Path, program: &Path) -> Result<Vec<(&'static Sdk, SdkRun)>> {
        let sdk_folder = folder.join(self.folder());
        copy(&source.join(self.folder()), &sdk_folder)?;
        fs::copy(source.join("users.json"), folder.join("users.json")).context("failed to copy users.json")?;
        let interpreter = match self {
            Self::Js => sdk::install_from_npm(&sdk_folder),
            Self::Python => sdk::install_from_pypi(&sdk_folder),
        }?;
        let of_language = SDKS.iter().filter(|sdk| sdk.language == self);
        of_language
            .map(|sdk| {
                let emulator = emulator::RunningEmulator::start(program, &folder.join("users.json"))?;
                Ok((sdk, sdk.run(&interpreter, &sdk_folder, &emulator.url, folder)?))
            })
            .collect()
    }
}

/// Copies the files of a folder, so that installing the SDKs does not write to the repository.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let copy = || -> std::io::Result<()> {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), to.join(entry.file_name()))?;
            }
        }
        Ok(())
    };
    copy().with_context(|| format!("failed to copy {}", from.display()))
}

/// Builds the emulator's program and returns its path.
pub(crate) fn build_emulator() -> Result<PathBuf> {
    emulator::build()
}

/// Installs the packages of a folder's `package-lock.json` into it and returns the interpreter.
pub(crate) fn install_javascript(folder: &Path) -> Result<PathBuf> {
    sdk::install_from_npm(folder)
}

/// Installs the packages of a folder's `requirements.txt` into it and returns the interpreter.
pub(crate) fn install_python(folder: &Path) -> Result<PathBuf> {
    sdk::install_from_pypi(folder)
}
