//! The references between files, with the items that they use.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use syn::visit::{self, Visit};
use syn::{Attribute, Block, ImplItemFn, Item, ItemUse, Macro, Meta, PatIdent, Stmt, Visibility};

use super::imports::{Binding, EXTERNAL, imports, is_exported, text};
use super::modules::{Module, ModuleId, Modules, attributes, defined, is_for_tests};
use super::resolve::{Resolver, Target};
use super::tokens::{PathCandidate, path_candidates, paths_in_strings};

/// Macros whose arguments are generated code.
const QUOTE_MACROS: [&str; 4] = ["parse_quote", "parse_quote_spanned", "quote", "quote_spanned"];

/// The edges between files: for each, the used items with the line of the first use.
#[derive(Default)]
pub(super) struct References(BTreeMap<(PathBuf, PathBuf), BTreeMap<String, usize>>);

impl References {
    /// Collects the references in all modules of a crate.
    pub(super) fn collect(modules: &Modules) -> Self {
        let mut references = Self::default();
        for (id, module) in modules.iter() {
            let mut visitor = Visitor {
                modules,
                resolver: Resolver(modules),
                module: id,
                blocks: Vec::new(),
                references: &mut references,
            };
            for item in &module.items {
                visitor.item(item);
            }
        }
        references
    }

    pub(super) fn edges(&self) -> impl Iterator<Item = (&Path, &Path)> {
        self.0.keys().map(|(from, to)| (from.as_path(), to.as_path()))
    }

    /// Returns the items that `from` uses from `to`, with their lines, sorted by line.
    pub(super) fn items(&self, from: &Path, to: &Path) -> impl Iterator<Item = (&str, usize)> {
        let key = (from.to_path_buf(), to.to_path_buf());
        let items = self.0.get(&key).into_iter().flatten();
        let mut items: Vec<_> = items.map(|(name, line)| (name.as_str(), *line)).collect();
        items.sort_by_key(|(_, line)| *line);
        items.into_iter()
    }
}

/// The names that a block declares. The value is the path of an import, or `None` for an item.
type BlockNames = BTreeMap<String, Option<Vec<String>>>;

struct Visitor<'a> {
    modules: &'a Modules,
    resolver: Resolver<'a>,
    module: ModuleId,
    blocks: Vec<BlockNames>,
    references: &'a mut References,
}

impl Visitor<'_> {
    /// Visits an item of the module itself. Imports count, except re-exports of items of its submodules.
    fn item(&mut self, item: &Item) {
        match item {
            Item::Use(item) => self.import(item),
            item => self.visit_item(item),
        }
    }

    fn import(&mut self, item: &ItemUse) {
        let is_exported = is_exported(&item.vis);
        for import in imports(item) {
            for target in self.resolver.resolve(self.module, &import.path) {
                let (module, name) = match (target, &import.binding) {
                    (Target::Item { module, name }, _) => (module, name),
                    (Target::Module(module), Binding::Glob) if self.has_items(module) => (module, "*".to_owned()),
                    (Target::Module(_), _) => continue,
                };
                if !(is_exported && self.contains(module)) {
                    self.add(module, name, import.line);
                }
            }
        }
    }

    /// Returns `true` if `other` is this module or a submodule at any depth.
    fn contains(&self, other: ModuleId) -> bool {
        self.modules.ancestors(other).any(|ancestor| ancestor == self.module)
    }

    fn has_items(&self, module: ModuleId) -> bool {
        self.modules.get(module).is_some_and(Module::has_items)
    }

    fn add(&mut self, to: ModuleId, name: String, line: usize) {
        let (Some(from), Some(to)) = (self.modules.get(self.module), self.modules.get(to)) else {
            return;
        };
        if from.file != to.file {
            let items = self.references.0.entry((from.file.clone(), to.file.clone())).or_default();
            let first = items.entry(name).or_insert(line);
            *first = line.min(*first);
        }
    }

    /// Adds the references of a path in code.
    fn path(&mut self, path: &[String], line: usize) {
        let Some(path) = self.without_block_names(path) else {
            return;
        };
        for target in self.resolver.resolve(self.module, &path) {
            if let Target::Item { module, name } = target {
                self.add(module, name, line);
            }
        }
    }

    /// Replaces an import of a block by its path. Returns `None` if a block declares an item of that name.
    fn without_block_names(&self, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        match self.blocks.iter().rev().find_map(|block| block.get(first)) {
            None => Some(path.to_vec()),
            Some(None) => None,
            Some(Some(imported)) => Some(imported.iter().chain(rest).cloned().collect()),
        }
    }

    fn tokens(&mut self, path_candidates: Vec<PathCandidate>) {
        for PathCandidate { path, line, is_group } in path_candidates {
            self.path(&path, line);
            if is_group {
                for target in self.resolver.resolve(self.module, &path) {
                    if let Target::Module(module) = target
                        && self.has_items(module)
                    {
                        self.add(module, "*".to_owned(), line);
                    }
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        // Submodules are visited separately. Modules in blocks are not supported.
        if !is_for_tests(attributes(item)) && !matches!(item, Item::Mod(_)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(item);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.blocks.push(declared(block));
        visit::visit_block(self, block);
        self.blocks.pop();
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let (None, Some(first)) = (path.leading_colon, path.segments.first()) {
            let line = line(first.ident.span());
            let names: Vec<String> = path.segments.iter().map(|segment| text(&segment.ident)).collect();
            self.path(&names, line);
        }
        visit::visit_path(self, path);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        let name = text(&pattern.ident);
        // A name in lower case is a new variable.
        if name.starts_with(char::is_uppercase) {
            self.path(&[name], line(pattern.ident.span()));
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if let Some(ident) = call.path.get_ident() {
            let name = text(ident);
            if self.resolver.resolve(self.module, std::slice::from_ref(&name)).is_empty()
                && let Some(module) = self.resolver.textual_macro(self.module, &name)
            {
                self.add(module, name, line(ident.span()));
            }
        }
        // The arguments of `quote!` and similar macros are code of another crate or file.
        let is_quoted =
            call.path.segments.last().is_some_and(|last| QUOTE_MACROS.iter().any(|name| last.ident == name));
        if is_quoted {
            self.visit_path(&call.path);
        } else {
            visit::visit_macro(self, call);
        }
    }

    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        self.tokens(path_candidates(tokens.clone()));
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        const WITHOUT_PATHS: [&str; 8] = ["allow", "cfg", "deny", "doc", "expect", "forbid", "path", "warn"];
        if WITHOUT_PATHS.iter().any(|name| attribute.path().is_ident(name)) {
            return;
        }
        if let Meta::List(list) = &attribute.meta {
            self.tokens(paths_in_strings(list.tokens.clone()));
        }
        visit::visit_attribute(self, attribute);
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// Returns the names that the statements of a block declare.
fn declared(block: &Block) -> BlockNames {
    let mut names = BlockNames::new();
    for statement in &block.stmts {
        match statement {
            Stmt::Item(Item::Use(item)) => {
                for import in imports(item) {
                    // An import such as `use name;` refers to the name in the scope around the block.
                    if let Binding::Name(name) = import.binding
                        && import.path != [name.clone()]
                    {
                        let is_external = import.path.first().is_some_and(|first| first == EXTERNAL);
                        names.insert(name, Some(import.path).filter(|_| !is_external));
                    }
                }
            }
            Stmt::Item(item) => names.extend(defined(item).map(|ident| (text(ident), None))),
            _ => {}
        }
    }
    names
}

fn line(span: Span) -> usize {
    span.start().line
}
