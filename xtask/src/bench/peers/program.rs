//! The programs of the clients: in tests/peers, each takes the emulator's URL, a token, a case and a number of calls.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::bench::build;
use crate::interop::{install_javascript, install_python};
use crate::workspace::workspace_root;

/// A client and its program.
pub(super) struct Program {
    /// The package's name.
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    kind: Kind,
    /// The numbers of calls of the cases: enough to last a second or so. `None` if the client does not offer the operation.
    pub(super) calls: [Option<u32>; 2],
}

enum Kind {
    /// The file with `main`, and the dependencies, each with its pinned version.
    Rust(&'static str, &'static str),
    JavaScript(&'static str),
    Python(&'static str),
}

pub(super) const OURS: &str = "graph-presence";

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: OURS,
        version: env!("CARGO_PKG_VERSION"),
        kind: Kind::Rust("graph_presence.rs", "graph-presence = { path = \"crates/graph-presence\" }\n"),
        calls: [Some(5001), Some(501)],
    },
    Program {
        name: "graph-rs-sdk",
        version: "3.0.1",
        kind: Kind::Rust(
            "graph_rs_sdk.rs",
            "graph-rs-sdk = { version = \"=3.0.1\", default-features = false, features = [\"rustls-tls\", \"test-util\"] }\n\
             serde_json = \"1\"\n",
        ),
        calls: [Some(5001), Some(501)],
    },
    Program {
        name: "@microsoft/microsoft-graph-client",
        version: "3.0.7",
        kind: Kind::JavaScript("graph-client.mjs"),
        calls: [Some(1001), Some(101)],
    },
    Program {
        name: "@microsoft/msgraph-sdk",
        version: "1.0.0-preview.90",
        kind: Kind::JavaScript("msgraph-sdk.mjs"),
        calls: [Some(1001), None],
    },
    Program {
        name: "msgraph-sdk",
        version: "1.65.0",
        kind: Kind::Python("msgraph_sdk.py"),
        calls: [Some(201), Some(3)],
    },
];

impl Program {
    /// Returns the folder of the program's file in tests/peers.
    pub(super) fn folder(&self) -> &'static str {
        match self.kind {
            Kind::Rust(..) => "rust",
            Kind::JavaScript(_) => "javascript",
            Kind::Python(_) => "python",
        }
    }

    /// Installs or builds the program in a folder with its files, and returns the command that runs it.
    pub(super) fn install(&self, folder: &Path) -> Result<Vec<String>> {
        let words: Vec<_> = match self.kind {
            Kind::Rust(main, dependencies) => {
                let source = folder.join(main);
                let source =
                    fs::read_to_string(&source).with_context(|| format!("failed to read {}", source.display()))?;
                let crates = workspace_root().join("crates").display().to_string();
                let dependencies = dependencies.replace("crates", &crates)
                    + "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
                vec![build::Program { name: self.name, dependencies, main: source }.build_in(folder)?]
            }
            Kind::JavaScript(file) => {
                copy_pinned("javascript", &["package.json", "package-lock.json", ".npmrc"], folder)?;
                vec![install_javascript(folder)?, folder.join(file)]
            }
            Kind::Python(file) => {
                copy_pinned("python", &["requirements.txt"], folder)?;
                vec![install_python(folder)?, folder.join(file)]
            }
        };
        Ok(words.iter().map(|word| word.display().to_string()).collect())
    }
}

/// Copies the lists of packages that tests/interop pins.
fn copy_pinned(language: &str, files: &[&str], folder: &Path) -> Result<()> {
    let source = workspace_root().join("tests/interop").join(language);
    for file in files {
        fs::copy(source.join(file), folder.join(file)).with_context(|| format!("failed to copy {file}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_that_are_pinned() {
        let read = |path: &str| fs::read_to_string(workspace_root().join(path)).unwrap();
        let npm: serde_json::Value = serde_json::from_str(&read("tests/interop/javascript/package.json")).unwrap();
        let python = read("tests/interop/python/requirements.txt");
        for program in PROGRAMS {
            let (name, version) = (program.name, program.version);
            match program.kind {
                Kind::Rust(_, dependencies) => {
                    assert!(name == OURS || dependencies.contains(&format!("\"={version}\"")), "{name}");
                }
                Kind::JavaScript(_) => assert_eq!(npm["dependencies"][name].as_str(), Some(version), "{name}"),
                Kind::Python(_) => assert!(python.lines().any(|line| line == format!("{name}=={version}")), "{name}"),
            }
        }
    }
}
