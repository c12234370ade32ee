//! What a path in a module leads to.

use std::collections::BTreeSet;

use super::modules::{ModuleId, Modules, Name};

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Module(ModuleId),
    /// An item, in the module that defines it or that imports it from another crate.
    Item {
        module: ModuleId,
        name: String,
    },
}

/// Resolves the paths of a crate.
pub(super) struct Names<'a>(pub(super) &'a Modules);

/// The names that are being resolved: an import can lead back to itself.
type Open = Vec<(ModuleId, String)>;

impl Names<'_> {
    /// Returns what `path`, written in `module`, leads to: nothing if that is in another crate, and several things if
    /// the path depends on features or on what kind of name is meant.
    pub(super) fn path(&self, module: ModuleId, path: &[String]) -> BTreeSet<Target> {
        self.follow(module, path, &mut Open::new())
    }

    /// Returns the module whose `macro_rules!` is in scope in `module` as `name` by textual order alone.
    pub(super) fn textual_macro(&self, module: ModuleId, name: &str) -> Option<ModuleId> {
        self.0.ancestors(module).find(|id| self.0.get(*id).is_some_and(|module| module.macros.contains(name)))
    }

    fn follow(&self, module: ModuleId, path: &[String], open: &mut Open) -> BTreeSet<Target> {
        let Some((first, mut rest)) = path.split_first() else {
            return BTreeSet::new();
        };
        let mut found = match first.as_str() {
            "crate" => self.0.ancestors(module).last().map(Target::Module).into_iter().collect(),
            "self" => BTreeSet::from([Target::Module(module)]),
            "super" => self.parents(&BTreeSet::from([Target::Module(module)])),
            name => self.named(module, name, open),
        };
        while let Some((name, tail)) = rest.split_first() {
            rest = tail;
            found = if name == "super" { self.parents(&found) } else { self.members(found, name, open) };
        }
        // One `use` brings in a module and an item of the same name: the item is what the arrow is for.
        if found.iter().any(is_item) {
            found.retain(is_item);
        }
        found
    }

    fn parents(&self, found: &BTreeSet<Target>) -> BTreeSet<Target> {
        let parent = |id| self.0.get(id).and_then(|module| module.parent);
        modules(found).filter_map(parent).map(Target::Module).collect()
    }

    /// What `name` is below what was found so far. What is below an item belongs to the item.
    fn members(&self, found: BTreeSet<Target>, name: &str, open: &mut Open) -> BTreeSet<Target> {
        let below: BTreeSet<Target> = modules(&found).flat_map(|module| self.named(module, name, open)).collect();
        if !below.is_empty() {
            below
        } else if found.iter().any(is_item) {
            found.into_iter().filter(is_item).collect()
        } else {
            // A macro defines it there, or it comes from another crate by a glob.
            modules(&found).map(|module| Target::Item { module, name: name.to_owned() }).collect()
        }
    }

    /// What `name` alone is in a module.
    fn named(&self, id: ModuleId, name: &str, open: &mut Open) -> BTreeSet<Target> {
        let mut found = BTreeSet::new();
        let Some(module) = self.0.get(id) else {
            return found;
        };
        if open.iter().any(|(open, opened)| *open == id && opened == name) {
            return found;
        }
        open.push((id, name.to_owned()));
        let item = |module| Target::Item { module, name: name.to_owned() };
        for what in module.names.get(name).into_iter().flatten() {
            match what {
                Name::Item => found.extend([item(id)]),
                Name::Exported(module) => found.extend([item(*module)]),
                Name::Module(module) => found.extend([Target::Module(*module)]),
                Name::Import(path) => {
                    let imported = self.follow(id, path, open);
                    // From another crate: what refers to it here depends on this module.
                    found.extend(if imported.is_empty() { BTreeSet::from([item(id)]) } else { imported });
                }
            }
        }
        if found.is_empty() {
            for glob in &module.globs {
                for module in modules(&self.follow(id, glob, open)) {
                    found.extend(self.named(module, name, open));
                }
            }
        }
        open.pop();
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
