//! `cargo xtask layers`: checks for import cycles between the files of a crate.

mod graph;
mod imports;
mod modules;
mod packages;
mod references;
mod resolve;
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

/// A pair of files that may refer to each other.
struct Allowed {
    package: &'static str,
    files: [&'static str; 2],
    /// The reason why the cycle cannot be broken.
    reason: &'static str,
}

const ALLOWED: &[Allowed] = &[Allowed {
    package: "graph-presence-raw",
    files: ["src/generated/client.rs", "src/hooks.rs"],
    reason: "the generator writes the hooks' type into the client, and the hooks implement a trait for the client",
}];

/// Check that the source files of each crate do not have import cycles
///
/// Reads the files of each crate's library and binaries. A file refers to another if a `use` declaration or a path in
/// its code, resolved through re-exports, refers to an item that the other file defines. `mod` declarations, re-exports
/// of items of a module's own submodules, and code under `#[cfg(test)]` do not count. In the arguments of macros and
/// attributes, paths are recognized by their tokens, which can miss some; the arguments of `quote!` do not count.
/// Method calls are not resolved.
///
/// For each group of files that depend on each other, prints a shortest cycle and the items that each file uses from
/// the next.
///
/// Exit codes: 0 success, 1 the check found a problem, 2 bad input or failure.
#[derive(Args)]
pub(crate) struct Layers {
    /// Check the workspace of this Cargo.toml instead of xtask's own
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
            problems += check(package, &References::collect(&modules))?;
        }
        match problems {
            0 => {
                print(format_args!("no import cycles: {} crates, {files} files", packages.len()))?;
                Ok(ExitCode::SUCCESS)
            }
            count => {
                let noun = if count == 1 { "problem" } else { "problems" };
                eprintln!("{count} {noun}: to break a cycle, move the shared items into a separate file");
                Ok(ExitCode::from(1))
            }
        }
    }
}

/// Prints the import cycles of the package and the unused exceptions, and returns their number.
fn check(package: &Package, references: &References) -> Result<usize> {
    let allowed: Vec<&Allowed> = ALLOWED.iter().filter(|allowed| allowed.package == package.name).collect();
    let is_allowed = |from: &Path, to: &Path| {
        allowed.iter().any(|allowed| {
            let [one, other] = allowed.files.map(|file| package.folder.join(file));
            (from == one && to == other) || (from == other && to == one)
        })
    };
    let graph = Graph::new(references.edges());
    let cycles = graph.cycles(is_allowed);
    for cycle in &cycles {
        print(describe(package, references, cycle))?;
    }
    let mut problems = cycles.len();
    for allowed in allowed {
        let [one, other] = allowed.files.map(|file| package.folder.join(file));
        if !(graph.has_edge(&one, &other) && graph.has_edge(&other, &one)) {
            let ([one, other], reason) = (allowed.files, allowed.reason);
            print(format_args!(
                "{}: unused exception for {one} and {other}: remove it from ALLOWED in xtask/src/layers.rs ({reason})",
                package.name
            ))?;
            problems += 1;
        }
    }
    Ok(problems)
}

/// Formats a cycle: a line for each file with the items that it uses from the next.
fn describe(package: &Package, references: &References, cycle: &Cycle<'_>) -> String {
    let mut text = format!("{}: import cycle of {} files", package.name, cycle.files.len());
    let next = cycle.files.iter().cycle().skip(1);
    for (from, to) in cycle.files.iter().zip(next) {
        let items: Vec<String> =
            references.items(from, to).map(|(name, line)| format!("{name} (line {line})")).collect();
        text += &format!("\n  {} -> {}: {}", package.display(from), package.display(to), items.join(", "));
    }
    if !cycle.others.is_empty() {
        let others: Vec<String> = cycle.others.iter().map(|file| package.display(file).to_string()).collect();
        text += &format!("\n  in other cycles with these: {}", others.join(", "));
    }
    text
}
