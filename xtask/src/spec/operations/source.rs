//! Generates the table of operations as Rust code.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result};
use heck::{ToPascalCase, ToSnakeCase};

use super::{BINDINGS, Operation};

/// Returns the source of the enums `Operation` and `Action` and their data.
pub(crate) fn source(operations: &[Operation<'_>]) -> Result<String> {
    let mut code = String::from(
        "use super::clouds;
         use crate::operation::{Binding, Facts, Permissions};

         /// An operation of the service: one HTTP method on one path.
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
         pub enum Operation {",
    );
    for operation in operations {
        let Operation { http_method, path, summary, .. } = operation;
        write!(code, "#[doc = \" `{http_method} {path}`: {summary}.\"] {},", operation.variant())?;
    }
    code.push_str(
        "}\nimpl Operation { #[doc = \" Every operation, by path and method.\"] pub const ALL: &'static [Self] = &[",
    );
    for operation in operations {
        write!(code, "Self::{},", operation.variant())?;
    }
    code.push_str(
        "];
         #[doc = \" Returns the action that the operation performs.\"]
         #[must_use]
         pub const fn action(self) -> Action { match self {",
    );
    let actions = actions(operations);
    for (action, performed_by) in &actions {
        let patterns: Vec<_> = performed_by.iter().map(|operation| format!("Self::{}", operation.variant())).collect();
        write!(code, "{} => Action::{},", patterns.join("|"), action.to_pascal_case())?;
    }
    code.push_str("}}");
    for (action, performed_by) in actions.iter().filter(|(_, performed_by)| is_by_every_binding(performed_by)) {
        let documentation = format!(" Returns the operation that performs `{action}` on the paths of `binding`.");
        write!(
            code,
            "#[doc = {documentation:?}] #[must_use] pub const fn {}(binding: Binding) -> Self {{ match binding {{",
            action.to_snake_case()
        )?;
        for operation in performed_by {
            let binding = operation.binding.unwrap_or_default();
            write!(code, "Binding::{binding} => Self::{},", operation.variant())?;
        }
        code.push_str("}}");
    }
    code.push_str(
        "#[doc = \" Returns the operation that a method of the generated client performs.\"]
         pub(crate) fn of_method(name: &str) -> Option<Self> { Some(match name {",
    );
    for operation in operations {
        write!(code, "{:?} => Self::{},", operation.method_name, operation.variant())?;
    }
    code.push_str("_ => return None, }) } pub(crate) const fn facts(self) -> &'static Facts { match self {");
    for operation in operations {
        write!(code, "Self::{} => const {{ &{} }},", operation.variant(), facts(operation))?;
    }
    code.push_str(
        "}}}
         /// The action that an operation performs, independent of its path.
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
         pub enum Action {",
    );
    for action in actions.keys() {
        write!(code, "#[doc = \" `{action}`.\"] {},", action.to_pascal_case())?;
    }
    code.push_str("}\nimpl Action { #[doc = \" Every action, by name.\"] pub const ALL: &'static [Self] = &[");
    for action in actions.keys() {
        write!(code, "Self::{},", action.to_pascal_case())?;
    }
    code.push_str(
        "];
         #[doc = \" Returns the action's name as in the service's URLs, such as `setPresence`.\"]
         #[must_use]
         pub const fn as_str(self) -> &'static str { match self {",
    );
    for action in actions.keys() {
        write!(code, "Self::{} => {action:?},", action.to_pascal_case())?;
    }
    code.push_str("}}}");
    let file = syn::parse_file(&code).context("the table of operations is not valid Rust")?;
    Ok(prettyplease::unparse(&file))
}

/// Returns `true` if there is an operation for each binding.
pub(crate) fn is_by_every_binding(performed_by: &[&Operation<'_>]) -> bool {
    BINDINGS.iter().all(|(_, binding)| performed_by.iter().any(|operation| operation.binding == Some(binding)))
}

/// Returns the actions by name, with the operations that perform them.
pub(crate) fn actions<'a>(operations: &'a [Operation<'a>]) -> BTreeMap<&'a str, Vec<&'a Operation<'a>>> {
    let mut actions: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for operation in operations {
        actions.entry(&operation.action).or_default().push(operation);
    }
    actions
}

fn facts(operation: &Operation<'_>) -> String {
    let Operation { action, http_method, path, is_idempotent, permissions, clouds, .. } = operation;
    let binding = operation.binding.map_or("None".to_owned(), |binding| format!("Some(Binding::{binding})"));
    let name = action.to_snake_case().replace('_', " ");
    let success: String = operation.success.iter().map(|(first, last)| format!("{first}..={last},")).collect();
    let (delegated, application) = (&permissions.delegated, &permissions.application);
    format!(
        "Facts {{ binding: {binding}, name: {name:?}, method: {http_method:?}, path: {path:?},
            is_idempotent: {is_idempotent},
            permissions: Permissions {{ delegated: {delegated:?}, application: {application:?} }},
            success: &[{success}], clouds: clouds::{clouds} }}"
    )
}
