//! The names that `use` declarations import.

use syn::ext::IdentExt;
use syn::{Ident, ItemUse, UseTree, Visibility};

/// The first segment of a path that begins with `::`, which refers to another crate.
pub(super) const EXTERNAL: &str = "::";

/// A path of a `use` declaration.
pub(super) struct Import {
    pub(super) path: Vec<String>,
    pub(super) binding: Binding,
    pub(super) line: usize,
}

/// The name that a path of a `use` declaration binds.
pub(super) enum Binding {
    Name(String),
    /// `as _`.
    Unnamed,
    /// `*`.
    Glob,
}

/// Returns the paths of a `use` declaration, with groups expanded.
pub(super) fn imports(item: &ItemUse) -> Vec<Import> {
    let mut found = Vec::new();
    let start = item.leading_colon.iter().map(|_| EXTERNAL.to_owned()).collect();
    collect(&item.tree, start, &mut found);
    found
}

/// Returns `true` if an item is visible outside of its module.
pub(super) fn is_exported(visibility: &Visibility) -> bool {
    match visibility {
        Visibility::Inherited => false,
        Visibility::Restricted(restricted) => !restricted.path.is_ident("self"),
        _ => true,
    }
}

/// Returns an identifier without `r#`.
pub(super) fn text(ident: &Ident) -> String {
    ident.unraw().to_string()
}

fn collect(tree: &UseTree, mut path: Vec<String>, found: &mut Vec<Import>) {
    match tree {
        UseTree::Path(tree) => {
            path.push(text(&tree.ident));
            collect(&tree.tree, path, found);
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, path.clone(), found);
            }
        }
        UseTree::Glob(glob) => {
            let line = glob.star_token.spans.first().map_or(0, |span| span.start().line);
            found.push(Import { path, binding: Binding::Glob, line });
        }
        UseTree::Name(name) => {
            push(&mut path, &name.ident);
            let binding = path.last().map_or(Binding::Unnamed, |last| Binding::Name(last.clone()));
            found.push(Import { path, binding, line: name.ident.span().start().line });
        }
        UseTree::Rename(name) => {
            push(&mut path, &name.ident);
            let binding = if name.rename == "_" { Binding::Unnamed } else { Binding::Name(text(&name.rename)) };
            found.push(Import { path, binding, line: name.ident.span().start().line });
        }
    }
}

/// Appends the last segment, except `self` in a group, which refers to the path before it.
fn push(path: &mut Vec<String>, ident: &Ident) {
    if ident != "self" || path.is_empty() {
        path.push(text(ident));
    }
}
