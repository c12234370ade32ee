//! `cargo xtask layers`: no import cycles between the files of a crate.

mod graph;
mod imports;
mod modules;
mod names;
mod packages;
mod references;
mod tokens;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use self::graph::{Cycle, Graph};
use self::modules::Modules;
use self::packages::Package;
use self::references::References;
use crate::output::print;
use crate::workspace::workspace_root;

/// Two files that may refer to each other.
struct Allowed {
    package: &'static str,
    files: [&'static str; 2],
    /// Why neither file can do without the other.
    reason: &'static str,
}

const ALLOWED: &[Allowed] = &[Allowed {
    package: "graph-presence-raw",
    files: ["src/generated/client.rs", "src/hooks.rs"],
    reason: "the generator writes the hooks' type into the client, and the hooks implement a trait for the client",
}];

/// Check that the source files of each crate have no import cycles
///
/// Reads the files of each crate's library and binaries. A file refers to another if a `use` declaration or a path in its
/// code, followed through re-exports, leads to an item that the other file defines. A `mod` declaration, a module's
/// re-export of what its own submodules define, and code under `#[cfg(test)]` do not count. In the arguments of macros and
/// attributes, paths are recognized by their tokens, which can miss some; what `quote!` holds does not count. Method calls
/// are not followed.
///
/// For each group of files that depend on each other, prints a shortest cycle and the items that each arrow stands for.
///
/// Exit codes: 0 done, 1 the check found something, 2 bad input or failure.
#[derive(Args)]
pub(crate) struct Layers {
    /// Check the workspace of this Cargo.toml in place of the one that xtask belongs to
    #[arg(long, value_name = "FILE", hide = true)]
    manifest_path: Option<PathBuf>,
}

impl Layers {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let manifest = self.manifest_path.unwrap_or_else(|| workspace_root().join("Cargo.toml"));
        let packages = packages::of_workspace(&manifest)?;
        let mut problems = 0;
        let mut files = 0;
        for package in &packages {
            let modules = Modules::read(package)?;
            files += modules.files().len();
            problems += check(package, &References::of(&modules))?;
        }
        match problems {
            0 => {
                print(format_args!("no import cycles: {} crates, {files} files", packages.len()))?;
                Ok(ExitCode::SUCCESS)
            }
            count => {
                eprintln!("problems: {count}; to break a cycle, move what its files share into a file below them");
                Ok(ExitCode::from(1))
            }
        }
    }
}

/// Prints what is wrong with the package's references, and returns the number of problems.
fn check(package: &Package, references: &References) -> Result<usize> {
    let allowed: Vec<&Allowed> = ALLOWED.iter().filter(|allowed| allowed.package == package.name).collect();
    let is_allowed = |from: &Path, to: &Path| {
        allowed.iter().any(|allowed| {
            let [one, other] = allowed.files.map(|file| package.folder.join(file));
            (from == one && to == other) || (from == other && to == one)
        })
    };
    let graph = Graph::new(references.arrows());
    let cycles = graph.cycles(is_allowed);
    for cycle in &cycles {
        print(shown(package, references, cycle))?;
    }
    let mut problems = cycles.len();
    for allowed in allowed {
        let [one, other] = allowed.files.map(|file| package.folder.join(file));
        if !(graph.has(&one, &other) && graph.has(&other, &one)) {
            let ([one, other], reason) = (allowed.files, allowed.reason);
            print(format_args!(
                "{}: {one} and {other} do not refer to each other: remove them from ALLOWED ({reason})",
                package.name
            ))?;
            problems += 1;
        }
    }
    Ok(problems)
}

/// A cycle, an arrow a line, with the items that tie its files.
fn shown(package: &Package, references: &References, cycle: &Cycle<'_>) -> String {
    let mut text = format!("{}: import cycle of {} files", package.name, cycle.files.len());
    let next = cycle.files.iter().cycle().skip(1);
    for (from, to) in cycle.files.iter().zip(next) {
        let items: Vec<String> =
            references.items(from, to).map(|(name, line)| format!("{name} (line {line})")).collect();
        text += &format!("\n  {} -> {}: {}", package.shown(from), package.shown(to), items.join(", "));
    }
    if !cycle.others.is_empty() {
        let others: Vec<String> = cycle.others.iter().map(|file| package.shown(file).to_string()).collect();
        text += &format!("\n  in other cycles with these: {}", others.join(", "));
    }
    text
}
