//! `cargo xtask interop`: Microsoft's own SDKs against the emulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::output::print;
use crate::workspace::workspace_root;

mod emulator;
mod sdk;
mod verdict;

use self::sdk::{Language, SDKS, Sdk, Told};
use self::verdict::Verdict;

/// Run Microsoft's own SDKs against the emulator and compare what they tell with what is expected
///
/// They are installed into a folder that goes afterwards. What is expected is in tests/interop.
///
/// Exit codes: 0 as expected, 1 something differs, 2 cannot run.
#[derive(Args)]
pub(crate) struct Interop {
    /// Leave out the SDKs of other languages
    #[arg(long, value_name = "LANGUAGE")]
    only: Option<Language>,
}

impl Interop {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let source = workspace_root().join("tests/interop");
        let mut verdict = Verdict::read(&source)?;
        let languages: Vec<_> = Language::value_variants()
            .iter()
            .copied()
            .filter(|language| self.only.is_none_or(|only| only == *language))
            .collect();
        if let Some(program) = languages.iter().find_map(|language| language.missing()) {
            bail!("{program} is not installed; --only leaves out what cannot be run");
        }
        let program = emulator::build()?;
        // Where cargo builds, there is room, and what an interruption leaves is found.
        let place = program.parent().context("the emulator is in no folder")?;
        let folder = tempfile::Builder::new().prefix("interop-").tempdir_in(place).context("no temporary folder")?;
        emulator::certify(folder.path())?;
        // Each language installs and runs its own, side by side.
        let told = thread::scope(|scope| {
            let (source, program, folder) = (&source, &program, folder.path());
            let running: Vec<_> =
                languages.iter().map(|language| scope.spawn(move || language.tell(source, folder, program))).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| bail!("a thread panicked")))
                .collect::<Result<Vec<_>>>()
        })?;
        for (sdk, told) in told.into_iter().flatten() {
            verdict.add(sdk, &sdk.version(&source)?, &told);
        }
        print(verdict.report())?;
        Ok(if verdict.is_good() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

impl Language {
    fn folder(self) -> &'static str {
        match self {
            Self::Js => "javascript",
            Self::Python => "python",
        }
    }

    /// What is needed and not there.
    fn missing(self) -> Option<&'static str> {
        let needed: &[&str] = match self {
            Self::Js => &["node", "npm"],
            Self::Python => &["python3"],
        };
        needed.iter().find(|program| !sdk::is_there(program)).copied()
    }

    /// Installs what the SDKs of the language need into `folder`, and has each of them tell what it sees.
    fn tell(self, source: &Path, folder: &Path, program: &Path) -> Result<Vec<(&'static Sdk, Told)>> {
        let place = folder.join(self.folder());
        copy(&source.join(self.folder()), &place)?;
        fs::copy(source.join("users.json"), folder.join("users.json")).context("cannot copy users.json")?;
        let interpreter = match self {
            Self::Js => sdk::install_from_npm(&place),
            Self::Python => sdk::install_from_pypi(&place),
        }?;
        let of_language = SDKS.iter().filter(|sdk| sdk.language == self);
        of_language
            .map(|sdk| {
                let emulator = emulator::Running::start(program, &folder.join("users.json"))?;
                Ok((sdk, sdk.tell(&interpreter, &place, &emulator.url, folder)?))
            })
            .collect()
    }
}

/// Copies the files of a folder, so that nothing is ever written beside them.
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
    copy().with_context(|| format!("cannot copy {}", from.display()))
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
