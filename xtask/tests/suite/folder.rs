//! A temporary folder with a test's input files, and runs of the commands in it.

use std::fmt;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A temporary folder, used as specs folder and as current directory of the commands.
pub(crate) struct Folder(TempDir);

/// The result of running a command, with the folder's path replaced by `DIR`.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    /// Creates a folder with these files.
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

    /// Writes a file and creates its parent folders.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Reads a file, which must exist.
    pub(crate) fn read(&self, name: &str) -> String {
        self.find(name).unwrap_or_else(|| panic!("{name} not found"))
    }

    /// Reads a file, or returns `None` if it does not exist.
    pub(crate) fn find(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path().join(name)).ok()
    }

    /// Returns the names of the files and folders in the folder, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs the command with this folder as specs folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        Self::outcome(self.specs_command(arguments), self.path())
    }

    /// Runs the command with this folder as the specs folder, and the file `name` of this folder as standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], name: &str) -> Outcome {
        let mut command = self.specs_command(arguments);
        command.stdin(File::open(self.path().join(name)).unwrap());
        Self::outcome(command, self.path())
    }

    /// Runs a command that does not use a specs folder, with a target folder inside of this folder.
    pub(crate) fn build(&self, arguments: &[&str]) -> Outcome {
        self.build_with_env(arguments, &[])
    }

    /// Runs like [`Folder::build`], with these environment variables.
    pub(crate) fn build_with_env(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let mut command = self.command(arguments);
        command.env("CARGO_TARGET_DIR", self.path().join("target")).envs(variables.iter().copied());
        Self::outcome(command, self.path())
    }

    fn specs_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.arg("--specs").arg(self.path());
        command
    }

    /// Writes a shell script that can be executed.
    pub(crate) fn write_script(&self, name: &str, script: &str) {
        self.write(name, format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.path().join(name), Permissions::from_mode(0o755)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        command
    }

    fn outcome(mut command: Command, folder: &Path) -> Outcome {
        let output = command.output().unwrap();
        let folder = folder.display().to_string();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&folder, "DIR");
        Outcome { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}exit {}", self.stdout, self.stderr, self.code)
    }
}
