//! Name resolution: finds the module or item that a path refers to.

use std::collections::BTreeSet;

use super::modules::{Declaration, ModuleId, Modules};

/// The target of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Module(ModuleId),
    /// An item, with the module that defines it or imports it from another crate.
    Item {
        module: ModuleId,
        name: String,
    },
}

/// Resolves the paths of a crate.
pub(super) struct Resolver<'a>(pub(super) &'a Modules);

/// The names that are being resolved, to detect imports that refer to themselves.
type InProgress = Vec<(ModuleId, String)>;

impl Resolver<'_> {
    /// Resolves `path` in `module`. Returns no target for paths into other crates, and several if the target depends on
    /// features or on the namespace.
    pub(super) fn resolve(&self, module: ModuleId, path: &[String]) -> BTreeSet<Target> {
        self.resolve_path(module, path, &mut InProgress::new())
    }

    /// Returns the module whose `macro_rules!` macro `name` is in textual scope in `module`.
    pub(super) fn textual_macro(&self, module: ModuleId, name: &str) -> Option<ModuleId> {
        self.0.ancestors(module).find(|id| self.0.get(*id).is_some_and(|module| module.macros.contains(name)))
    }

    fn resolve_path(&self, module: ModuleId, path: &[String], in_progress: &mut InProgress) -> BTreeSet<Target> {
        let Some((first, mut rest)) = path.split_first() else {
            return BTreeSet::new();
        };
        let mut found = match first.as_str() {
            "crate" => self.0.ancestors(module).last().map(Target::Module).into_iter().collect(),
            "self" => BTreeSet::from([Target::Module(module)]),
            "super" => self.parents(&BTreeSet::from([Target::Module(module)])),
            name => self.resolve_name(module, name, in_progress),
        };
        while let Some((name, tail)) = rest.split_first() {
            rest = tail;
            found = if name == "super" { self.parents(&found) } else { self.members(found, name, in_progress) };
        }
        // A `use` can import a module and an item of the same name. Only the item makes a file refer to another.
        if found.iter().any(is_item) {
            found.retain(is_item);
        }
        found
    }

    fn parents(&self, found: &BTreeSet<Target>) -> BTreeSet<Target> {
        let parent = |id| self.0.get(id).and_then(|module| module.parent);
        modules(found).filter_map(parent).map(Target::Module).collect()
    }

    /// Resolves `name` in the modules among `found`. Associated items count as the item that they belong to.
    fn members(&self, found: BTreeSet<Target>, name: &str, in_progress: &mut InProgress) -> BTreeSet<Target> {
        let members: BTreeSet<Target> =
            modules(&found).flat_map(|module| self.resolve_name(module, name, in_progress)).collect();
        if !members.is_empty() {
            members
        } else if found.iter().any(is_item) {
            found.into_iter().filter(is_item).collect()
        } else {
            // A macro defines the name there, or a glob imports it from another crate.
            modules(&found).map(|module| Target::Item { module, name: name.to_owned() }).collect()
        }
    }

    /// Resolves a single name in a module.
    fn resolve_name(&self, id: ModuleId, name: &str, in_progress: &mut InProgress) -> BTreeSet<Target> {
        let mut found = BTreeSet::new();
        let Some(module) = self.0.get(id) else {
            return found;
        };
        if in_progress.iter().any(|(module, resolving)| *module == id && resolving == name) {
            return found;
        }
        in_progress.push((id, name.to_owned()));
        let item = |module| Target::Item { module, name: name.to_owned() };
        for declaration in module.names.get(name).into_iter().flatten() {
            match declaration {
                Declaration::Item => found.extend([item(id)]),
                Declaration::Exported(module) => found.extend([item(*module)]),
                Declaration::Module(module) => found.extend([Target::Module(*module)]),
                Declaration::Import(path) => {
                    let imported = self.resolve_path(id, path, in_progress);
                    // An import from another crate counts as an item of this module.
                    found.extend(if imported.is_empty() { BTreeSet::from([item(id)]) } else { imported });
                }
            }
        }
        if found.is_empty() {
            for glob in &module.globs {
                for module in modules(&self.resolve_path(id, glob, in_progress)) {
                    found.extend(self.resolve_name(module, name, in_progress));
                }
            }
        }
        in_progress.pop();
        found
    }
}

fn is_item(target: &Target) -> bool {
    matches!(target, Target::Item { .. })
}

fn modules(found: &BTreeSet<Target>) -> impl Iterator<Item = ModuleId> {
    found.iter().filter_map(|target| match target {
        Target::Module(module) => Some(*module),
        Target::Item { .. } => None,
    })
}
