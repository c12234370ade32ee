//! The data of the raw client's `Operation`: read from the document and checked here, generated as Rust code in
//! `source`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use heck::{ToLowerCamelCase, ToPascalCase};
use serde::Deserialize;
use serde_json::Value;

use super::apply;
use super::clouds::{Clouds, constant};
use super::finding::Findings;
use super::lint::{Declared, every_operation, method_name};
use super::pointer::below;

mod source;

pub(crate) use self::source::{actions, is_by_every_binding, source};

const ACTION: &str = "x-action";
const IDEMPOTENT: &str = "x-idempotent";
const PERMISSIONS: &str = "x-permissions";

/// The ways to address a user in a path: the prefix of the path, and the variant of the raw client's `Binding`.
const BINDINGS: [(&str, &str); 3] = [
    ("/me/presence", "Me"),
    ("/users/{user-id}/presence", "User"),
    ("/communications/presences/{presence-id}", "Communications"),
];

/// An operation with the data that the generated table contains.
pub(crate) struct Operation<'a> {
    /// The name of the generated method.
    pub(crate) method_name: String,
    /// In camel case, as in the service's URLs.
    action: String,
    /// The variant of the raw client's `Binding`, if the operation addresses one user.
    pub(crate) binding: Option<&'static str>,
    http_method: String,
    path: &'a str,
    summary: &'a str,
    is_idempotent: bool,
    permissions: Permissions,
    /// The first and the last status of each range.
    success: Vec<(u16, u16)>,
    /// The constant of the operation's row in the table of clouds.
    clouds: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Permissions {
    delegated: String,
    application: Option<String>,
}

/// Returns every operation of the document. `clouds` must contain a row for each.
pub(crate) fn read<'a>(specs: &Path, document: &'a Value, clouds: &Clouds) -> Result<Vec<Operation<'a>>> {
    let file = specs.join(apply::RESULT);
    let mut findings = Findings::default();
    let mut check = Check { file: &file, findings: &mut findings, variants: BTreeMap::new() };
    let operations: Vec<_> =
        every_operation(document).filter_map(|declared| check.operation(&declared, clouds)).collect();
    findings.check()?;
    Ok(operations)
}

struct Check<'a> {
    file: &'a Path,
    findings: &'a mut Findings,
    /// The pointer of the first operation for each variant.
    variants: BTreeMap<String, String>,
}

impl Check<'_> {
    fn report(&mut self, pointer: &str, rule: &'static str, message: impl Into<String>) {
        self.findings.add(self.file, pointer, rule, message);
    }

    fn operation<'a>(&mut self, declared: &Declared<'a>, clouds: &Clouds) -> Option<Operation<'a>> {
        let pointer = declared.pointer();
        // The lint reports an operation without an id, and `clouds` one without a row.
        let id = declared.id()?;
        let clouds = constant(clouds, id)?;
        let is_idempotent = self.is_idempotent(&pointer, declared);
        let permissions = self.permissions(&pointer, declared);
        let explicit_action = declared.value.get(ACTION).and_then(Value::as_str).map(str::to_owned);
        let last_part = id.rsplit('.').next().unwrap_or(id);
        let operation = Operation {
            method_name: method_name(id),
            action: explicit_action.unwrap_or_else(|| last_part.to_lower_camel_case()),
            binding: BINDINGS.iter().find(|(prefix, _)| is_subpath(declared.path, prefix)).map(|(_, name)| *name),
            http_method: declared.method.to_uppercase(),
            path: declared.path,
            summary: declared.value.get("summary").and_then(Value::as_str).unwrap_or_default(),
            is_idempotent: is_idempotent?,
            permissions: permissions?,
            success: self.success(&pointer, declared)?,
            clouds,
        };
        if let Some(first) = self.variants.insert(operation.variant(), pointer.clone()) {
            let message =
                format!("duplicate action `{}`: {first} has the same one, set a different {ACTION}", operation.action);
            self.report(&pointer, "action-duplicate", message);
        }
        Some(operation)
    }

    /// Returns whether the operation is idempotent, or `None` after reporting a finding. RFC 9110 defines this for all
    /// methods except POST and PATCH, for which it depends on the operation.
    fn is_idempotent(&mut self, pointer: &str, declared: &Declared<'_>) -> Option<bool> {
        let value = declared.value.get(IDEMPOTENT);
        match (declared.method, value.and_then(Value::as_bool)) {
            ("post" | "patch", Some(is_idempotent)) => Some(is_idempotent),
            ("post" | "patch", None) => {
                let message = format!(
                    "{IDEMPOTENT} missing or not a boolean: set it to true if a repeated request has no further \
                     effect, else to false"
                );
                self.report(&below(pointer, IDEMPOTENT), "idempotency", message);
                None
            }
            _ if value.is_some() => {
                let message = format!(
                    "{IDEMPOTENT} is redundant for {}: remove it, RFC 9110 defines it",
                    declared.method.to_uppercase()
                );
                self.report(&below(pointer, IDEMPOTENT), "idempotency", message);
                None
            }
            _ => Some(true),
        }
    }

    fn permissions(&mut self, pointer: &str, declared: &Declared<'_>) -> Option<Permissions> {
        let pointer = below(pointer, PERMISSIONS);
        let Some(value) = declared.value.get(PERMISSIONS) else {
            let message = "least permissions missing: set { delegated: …, application: … } in the overlay, without \
                           application if app-only access is not supported";
            self.report(&pointer, "permissions", message);
            return None;
        };
        match Permissions::deserialize(value) {
            Ok(permissions) => Some(permissions),
            Err(error) => {
                self.report(&pointer, "permissions", format!("{error}: expected {{ delegated: …, application: … }}"));
                None
            }
        }
    }

    /// Returns the ranges of success statuses: `2XX`, or single statuses.
    fn success(&mut self, pointer: &str, declared: &Declared<'_>) -> Option<Vec<(u16, u16)>> {
        let responses = declared.value.get("responses").and_then(Value::as_object).into_iter().flatten();
        let statuses = responses.map(|(status, _)| status).filter(|status| status.starts_with('2'));
        let ranges: Vec<_> = statuses
            .filter_map(|status| match status.as_str() {
                "2XX" => Some((200, 299)),
                single => single.parse().ok().map(|status| (status, status)),
            })
            .collect();
        if ranges.is_empty() {
            self.report(&below(pointer, "responses"), "success-missing", "no success response: declare 2XX");
            return None;
        }
        Some(ranges)
    }
}

impl Operation<'_> {
    /// Returns the name of the variant of the raw client's `Operation`.
    fn variant(&self) -> String {
        format!("{}{}", self.binding.unwrap_or_default(), self.action.to_pascal_case())
    }
}

/// Returns `true` if `path` is `prefix` or a subpath of it.
fn is_subpath(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
