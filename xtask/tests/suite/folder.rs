//! A specs folder of a test's own, and the command that works in it.

use std::fmt;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A specs folder that goes away with the test.
pub(crate) struct Folder(TempDir);

/// What a run of the command said, with the folder's path taken out.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    /// A folder with these files in it.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, content) in files {
            folder.write(name, content);
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        self.find(name).unwrap_or_else(|| panic!("{name} was not written"))
    }

    /// What is in a file, or nothing when it is not there.
    pub(crate) fn find(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path().join(name)).ok()
    }

    /// The names of what is in the folder, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs `cargo xtask` with these arguments on this folder, and in it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        Self::outcome(self.on_specs(arguments), self.path())
    }

    /// Runs it with a file of the folder as its standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], name: &str) -> Outcome {
        let mut command = self.on_specs(arguments);
        command.stdin(File::open(self.path().join(name)).unwrap());
        Self::outcome(command, self.path())
    }

    /// Runs a command that is not about specs in this folder, and has what it builds be there.
    pub(crate) fn build(&self, arguments: &[&str]) -> Outcome {
        let mut command = self.command(arguments);
        command.env("CARGO_TARGET_DIR", self.path().join("target"));
        Self::outcome(command, self.path())
    }

    fn on_specs(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.arg("--specs").arg(self.path());
        command
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        command
    }

    fn outcome(mut command: Command, folder: &Path) -> Outcome {
        let output = command.output().unwrap();
        let folder = folder.display().to_string();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&folder, "SPECS");
        Outcome { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}exit {}", self.stdout, self.stderr, self.code)
    }
}
