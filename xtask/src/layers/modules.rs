//! The modules of a crate and the names that each of them declares.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use syn::{Attribute, Expr, Ident, Item, ItemMod, Lit, Meta, Token, punctuated::Punctuated};

use super::imports::{Binding, imports, text};
use super::packages::Package;

/// The index of a module in [`Modules`].
pub(super) type ModuleId = usize;

/// A declaration of a name in a module.
pub(super) enum Declaration {
    /// An item that the module defines.
    Item,
    Module(ModuleId),
    /// An import, with the path of the `use` declaration.
    Import(Vec<String>),
    /// A macro that another module exports to the crate root.
    Exported(ModuleId),
}

/// A module, in its own file or inline.
pub(super) struct Module {
    pub(super) file: PathBuf,
    pub(super) parent: Option<ModuleId>,
    pub(super) names: BTreeMap<String, Vec<Declaration>>,
    pub(super) globs: Vec<Vec<String>>,
    /// The names of the module's `macro_rules!` macros.
    pub(super) macros: BTreeSet<String>,
    pub(super) items: Vec<Item>,
}

impl Module {
    /// Returns `true` if the module itself defines an item.
    pub(super) fn has_items(&self) -> bool {
        self.items
            .iter()
            .any(|item| !matches!(item, Item::Use(_) | Item::Mod(_) | Item::ExternCrate(_) | Item::Impl(_)))
    }

    fn declare(&mut self, name: String, declaration: Declaration) {
        self.names.entry(name).or_default().push(declaration);
    }
}

/// All modules of a package's library and binaries.
pub(super) struct Modules(Vec<Module>);

impl Modules {
    /// Reads the source files of a package.
    pub(super) fn read(package: &Package) -> Result<Self> {
        let mut reader = Reader { package, modules: Vec::new(), open_files: Vec::new() };
        for root in &package.roots {
            let folder = root.parent().unwrap_or(root);
            reader.root(root, folder)?;
        }
        Ok(Self(reader.modules))
    }

    pub(super) fn get(&self, id: ModuleId) -> Option<&Module> {
        self.0.get(id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        self.0.iter().enumerate()
    }

    pub(super) fn files(&self) -> BTreeSet<&Path> {
        self.0.iter().map(|module| module.file.as_path()).collect()
    }

    /// Returns the module itself, its parent, and so on up to the crate root.
    pub(super) fn ancestors(&self, id: ModuleId) -> impl Iterator<Item = ModuleId> {
        std::iter::successors(Some(id), |id| self.get(*id).and_then(|module| module.parent))
    }
}

/// Returns `true` if an item is compiled only for tests.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.filter_map(|attribute| attribute.parse_args::<Meta>().ok()).any(|condition| requires_test(&condition))
}

fn requires_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => list
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .is_ok_and(|all| all.iter().any(requires_test)),
        _ => false,
    }
}

/// Returns the attributes of an item.
pub(super) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Returns the name that an item defines, if any.
pub(super) fn defined(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::TraitAlias(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

/// The location of the items that are being read.
struct Location {
    file: PathBuf,
    /// The folder with the files of submodules.
    submodules: PathBuf,
    /// The folder that `#[path]` attributes are relative to.
    base: PathBuf,
}

struct Reader<'a> {
    package: &'a Package,
    modules: Vec<Module>,
    /// The files that are being read, each declared as a module by the previous one.
    open_files: Vec<PathBuf>,
}

impl Reader<'_> {
    /// Reads a crate, and adds its exported macros to the root module.
    fn root(&mut self, file: &Path, folder: &Path) -> Result<()> {
        let root = self.file(file, folder.to_path_buf(), None)?;
        let mut exported = Vec::new();
        for (id, module) in self.modules.iter().enumerate().skip(root) {
            for item in &module.items {
                if let (Item::Macro(item), Some(name)) = (item, defined(item))
                    && item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"))
                {
                    exported.push((text(name), id));
                }
            }
        }
        if let Some(root) = self.modules.get_mut(root) {
            for (name, id) in exported {
                root.declare(name, Declaration::Exported(id));
            }
        }
        Ok(())
    }

    fn file(&mut self, file: &Path, submodules: PathBuf, parent: Option<ModuleId>) -> Result<ModuleId> {
        let file_name = self.package.display(file);
        if self.open_files.iter().any(|open_file| open_file == file) {
            bail!("{file_name}: cyclic module declaration: the file declares itself as a module");
        }
        let text = fs::read_to_string(file).with_context(|| format!("failed to read {file_name}"))?;
        let parsed = syn::parse_file(&text).map_err(|error| {
            let start = error.span().start();
            anyhow!("{file_name}:{}:{}: {error}", start.line, start.column + 1)
        })?;
        let base = file.parent().unwrap_or(file).to_path_buf();
        self.open_files.push(file.to_path_buf());
        let id = self.items(parsed.items, &Location { file: file.to_path_buf(), submodules, base }, parent)?;
        self.open_files.pop();
        Ok(id)
    }

    fn items(&mut self, items: Vec<Item>, location: &Location, parent: Option<ModuleId>) -> Result<ModuleId> {
        let id = self.modules.len();
        let mut module = Module {
            file: location.file.clone(),
            parent,
            names: BTreeMap::new(),
            globs: Vec::new(),
            macros: BTreeSet::new(),
            items: Vec::new(),
        };
        let mut submodules = Vec::new();
        for item in items.into_iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                Item::Mod(item) => submodules.push(item),
                item => {
                    declare_item(&mut module, &item);
                    module.items.push(item);
                }
            }
        }
        self.modules.push(module);
        for item in submodules {
            let name = text(&item.ident);
            let submodule = self.submodule(item, location, id)?;
            if let Some(module) = self.modules.get_mut(id) {
                module.declare(name, Declaration::Module(submodule));
            }
        }
        Ok(id)
    }

    fn submodule(&mut self, item: ItemMod, location: &Location, parent: ModuleId) -> Result<ModuleId> {
        let name = text(&item.ident);
        let path = item.attrs.iter().find_map(path_attribute);
        if let Some((_, items)) = item.content {
            let folder = path.map_or_else(|| location.submodules.join(&name), |path| location.base.join(path));
            let location = Location { file: location.file.clone(), submodules: folder.clone(), base: folder };
            return self.items(items, &location, Some(parent));
        }
        let (candidates, folder) = match path {
            Some(path) => {
                let file = location.base.join(path);
                let folder = file.parent().unwrap_or(&file).to_path_buf();
                (vec![file], folder)
            }
            None => {
                let folder = location.submodules.join(&name);
                (vec![folder.with_file_name(format!("{name}.rs")), folder.join("mod.rs")], folder)
            }
        };
        let Some(file) = candidates.iter().find(|file| file.exists()) else {
            let expected: Vec<String> = candidates.iter().map(|file| self.package.display(file).to_string()).collect();
            let (file_name, line) = (self.package.display(&location.file), item.ident.span().start().line);
            bail!("{file_name}:{line}: file of module `{name}` not found: expected {}", expected.join(" or "));
        };
        self.file(file, folder, Some(parent))
    }
}

fn declare_item(module: &mut Module, item: &Item) {
    if let Some(ident) = defined(item) {
        let name = text(ident);
        if matches!(item, Item::Macro(_)) {
            module.macros.insert(name.clone());
        }
        module.declare(name, Declaration::Item);
    }
    match item {
        Item::Use(item) => {
            for import in imports(item) {
                match import.binding {
                    Binding::Name(name) => module.declare(name, Declaration::Import(import.path)),
                    Binding::Glob => module.globs.push(import.path),
                    Binding::Unnamed => {}
                }
            }
        }
        Item::ExternCrate(item) => {
            let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
            let declaration =
                if item.ident == "self" { Declaration::Import(vec!["crate".to_owned()]) } else { Declaration::Item };
            module.declare(text(name), declaration);
        }
        _ => {}
    }
}

/// Returns the value of `#[path = "…"]`.
fn path_attribute(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}
