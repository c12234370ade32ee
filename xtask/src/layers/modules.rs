//! The modules of a crate and what each of them declares.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use syn::{Attribute, Expr, Ident, Item, ItemMod, Lit, Meta, Token, punctuated::Punctuated};

use super::imports::{Binding, imports, text};
use super::packages::Package;

/// The place of a module in [`Modules`].
pub(super) type ModuleId = usize;

/// What a name in a module stands for.
pub(super) enum Name {
    /// An item that the module defines.
    Item,
    Module(ModuleId),
    /// What a `use` declaration leads to.
    Import(Vec<String>),
    /// A macro that another module exports to the crate's root.
    Exported(ModuleId),
}

/// A module: a file, or a block of one.
pub(super) struct Module {
    pub(super) file: PathBuf,
    pub(super) parent: Option<ModuleId>,
    pub(super) names: BTreeMap<String, Vec<Name>>,
    pub(super) globs: Vec<Vec<String>>,
    /// The names among the items that are of `macro_rules!`.
    pub(super) macros: BTreeSet<String>,
    pub(super) items: Vec<Item>,
}

impl Module {
    /// Whether the module defines any item itself.
    pub(super) fn has_items(&self) -> bool {
        self.items
            .iter()
            .any(|item| !matches!(item, Item::Use(_) | Item::Mod(_) | Item::ExternCrate(_) | Item::Impl(_)))
    }

    fn name(&mut self, name: String, what: Name) {
        self.names.entry(name).or_default().push(what);
    }
}

/// Every module of a package's library and binaries.
pub(super) struct Modules(Vec<Module>);

impl Modules {
    /// Reads the source files of a package.
    pub(super) fn read(package: &Package) -> Result<Self> {
        let mut reader = Reader { package, modules: Vec::new(), open: Vec::new() };
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

    /// The module itself, its parent, and so on to the root.
    pub(super) fn ancestors(&self, id: ModuleId) -> impl Iterator<Item = ModuleId> {
        std::iter::successors(Some(id), |id| self.get(*id).and_then(|module| module.parent))
    }
}

/// Whether an item is compiled for tests only.
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

/// The attributes of an item that a module can hold.
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

/// The name of an item that defines one.
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

/// Where the items that are being read stand.
struct Place {
    file: PathBuf,
    /// Where the files of submodules are.
    submodules: PathBuf,
    /// What the attribute `#[path]` is relative to.
    base: PathBuf,
}

struct Reader<'a> {
    package: &'a Package,
    modules: Vec<Module>,
    /// The files that are being read, each declared by the one before.
    open: Vec<PathBuf>,
}

impl Reader<'_> {
    /// Reads a crate, and gives its root the macros that are exported.
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
                root.name(name, Name::Exported(id));
            }
        }
        Ok(())
    }

    fn file(&mut self, file: &Path, submodules: PathBuf, parent: Option<ModuleId>) -> Result<ModuleId> {
        let shown = self.package.shown(file);
        if self.open.iter().any(|open| open == file) {
            bail!("{shown}: the file declares itself as a module");
        }
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
        let parsed = syn::parse_file(&text).map_err(|error| {
            let start = error.span().start();
            anyhow!("{shown}:{}:{}: {error}", start.line, start.column + 1)
        })?;
        let base = file.parent().unwrap_or(file).to_path_buf();
        self.open.push(file.to_path_buf());
        let id = self.items(parsed.items, &Place { file: file.to_path_buf(), submodules, base }, parent)?;
        self.open.pop();
        Ok(id)
    }

    fn items(&mut self, items: Vec<Item>, place: &Place, parent: Option<ModuleId>) -> Result<ModuleId> {
        let id = self.modules.len();
        let mut module = Module {
            file: place.file.clone(),
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
                    declare(&mut module, &item);
                    module.items.push(item);
                }
            }
        }
        self.modules.push(module);
        for item in submodules {
            let name = text(&item.ident);
            let submodule = self.submodule(item, place, id)?;
            if let Some(module) = self.modules.get_mut(id) {
                module.name(name, Name::Module(submodule));
            }
        }
        Ok(id)
    }

    fn submodule(&mut self, item: ItemMod, place: &Place, parent: ModuleId) -> Result<ModuleId> {
        let name = text(&item.ident);
        let path = item.attrs.iter().find_map(path_attribute);
        if let Some((_, items)) = item.content {
            let folder = path.map_or_else(|| place.submodules.join(&name), |path| place.base.join(path));
            let place = Place { file: place.file.clone(), submodules: folder.clone(), base: folder };
            return self.items(items, &place, Some(parent));
        }
        let (candidates, folder) = match path {
            Some(path) => {
                let file = place.base.join(path);
                let folder = file.parent().unwrap_or(&file).to_path_buf();
                (vec![file], folder)
            }
            None => {
                let folder = place.submodules.join(&name);
                (vec![folder.with_file_name(format!("{name}.rs")), folder.join("mod.rs")], folder)
            }
        };
        let Some(file) = candidates.iter().find(|file| file.exists()) else {
            let expected: Vec<String> = candidates.iter().map(|file| self.package.shown(file).to_string()).collect();
            let (shown, line) = (self.package.shown(&place.file), item.ident.span().start().line);
            bail!("{shown}:{line}: file of module `{name}` not found: expected {}", expected.join(" or "));
        };
        self.file(file, folder, Some(parent))
    }
}

fn declare(module: &mut Module, item: &Item) {
    if let Some(ident) = defined(item) {
        let name = text(ident);
        if matches!(item, Item::Macro(_)) {
            module.macros.insert(name.clone());
        }
        module.name(name, Name::Item);
    }
    match item {
        Item::Use(item) => {
            for import in imports(item) {
                match import.binding {
                    Binding::Name(name) => module.name(name, Name::Import(import.path)),
                    Binding::Glob => module.globs.push(import.path),
                    Binding::Unnamed => {}
                }
            }
        }
        Item::ExternCrate(item) => {
            let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
            let what = if item.ident == "self" { Name::Import(vec!["crate".to_owned()]) } else { Name::Item };
            module.name(text(name), what);
        }
        _ => {}
    }
}

/// The value of `#[path = "…"]`.
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
