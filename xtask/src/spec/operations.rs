//! What the raw client's `Operation` says about each operation: read from the document and checked here, written as Rust
//! in `source`.

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

/// How paths name a user: the start of the path, and the variant of the raw client's `Binding`.
const BINDINGS: [(&str, &str); 3] = [
    ("/me/presence", "Me"),
    ("/users/{user-id}/presence", "User"),
    ("/communications/presences/{presence-id}", "Communications"),
];

/// One operation as the table has it.
pub(crate) struct Operation<'a> {
    /// The name of the generated method.
    pub(crate) method_name: String,
    /// In camel case, as the service writes it.
    action: String,
    /// The variant of the raw client's `Binding`, if the operation is about one user.
    pub(crate) binding: Option<&'static str>,
    http_method: String,
    path: &'a str,
    summary: &'a str,
    is_idempotent: bool,
    permissions: Permissions,
    /// The first and the last status of each range.
    success: Vec<(u16, u16)>,
    /// The constant of its row in the table of clouds.
    clouds: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Permissions {
    delegated: String,
    application: Option<String>,
}

/// Returns every operation of the finished document. `clouds` has a row for each.
pub(crate) fn read<'a>(specs: &Path, document: &'a Value, clouds: &Clouds) -> Result<Vec<Operation<'a>>> {
    let file = specs.join(apply::RESULT);
    let mut findings = Findings::default();
    let mut check = Check { file: &file, findings: &mut findings, variants: BTreeMap::new() };
    let operations: Vec<_> =
        every_operation(document).filter_map(|declared| check.operation(&declared, clouds)).collect();
    findings.refuse()?;
    Ok(operations)
}

struct Check<'a> {
    file: &'a Path,
    findings: &'a mut Findings,
    /// Where each variant was first seen.
    variants: BTreeMap<String, String>,
}

impl Check<'_> {
    fn report(&mut self, pointer: &str, rule: &'static str, mend: impl Into<String>) {
        self.findings.add(self.file, pointer, rule, mend);
    }

    fn operation<'a>(&mut self, declared: &Declared<'a>, clouds: &Clouds) -> Option<Operation<'a>> {
        let pointer = declared.pointer();
        // The lint reports an operation without an id, and the table of clouds one without a row.
        let id = declared.id()?;
        let clouds = constant(clouds, id)?;
        let is_idempotent = self.is_idempotent(&pointer, declared);
        let permissions = self.permissions(&pointer, declared);
        let named = declared.value.get(ACTION).and_then(Value::as_str).map(str::to_owned);
        let last = id.rsplit('.').next().unwrap_or(id);
        let operation = Operation {
            method_name: method_name(id),
            action: named.unwrap_or_else(|| last.to_lower_camel_case()),
            binding: BINDINGS.iter().find(|(start, _)| is_below(declared.path, start)).map(|(_, name)| *name),
            http_method: declared.method.to_uppercase(),
            path: declared.path,
            summary: declared.value.get("summary").and_then(Value::as_str).unwrap_or_default(),
            is_idempotent: is_idempotent?,
            permissions: permissions?,
            success: self.success(&pointer, declared)?,
            clouds,
        };
        if let Some(first) = self.variants.insert(operation.variant(), pointer.clone()) {
            let mend = format!("{first} has the same action `{}`: write another {ACTION}", operation.action);
            self.report(&pointer, "action-twice", mend);
        }
        Some(operation)
    }

    /// RFC 9110 defines whether a method is idempotent, except for what POST and PATCH do.
    fn is_idempotent(&mut self, pointer: &str, declared: &Declared<'_>) -> Option<bool> {
        let written = declared.value.get(IDEMPOTENT);
        match (declared.method, written.and_then(Value::as_bool)) {
            ("post" | "patch", Some(written)) => Some(written),
            ("post" | "patch", None) => {
                let mend =
                    format!("write {IDEMPOTENT}: true if a second identical request has the effect of one, or false");
                self.report(&below(pointer, IDEMPOTENT), "idempotence", mend);
                None
            }
            _ if written.is_some() => {
                let mend = format!("HTTP defines it for {}: remove it", declared.method.to_uppercase());
                self.report(&below(pointer, IDEMPOTENT), "idempotence", mend);
                None
            }
            _ => Some(true),
        }
    }

    fn permissions(&mut self, pointer: &str, declared: &Declared<'_>) -> Option<Permissions> {
        let pointer = below(pointer, PERMISSIONS);
        let Some(written) = declared.value.get(PERMISSIONS) else {
            let mend = "write the least permissions in the overlay: { delegated: …, application: … }, without the latter \
                        where an application's own token is not supported";
            self.report(&pointer, "permissions", mend);
            return None;
        };
        match Permissions::deserialize(written) {
            Ok(permissions) => Some(permissions),
            Err(error) => {
                self.report(&pointer, "permissions", format!("{error}: write {{ delegated: …, application: … }}"));
                None
            }
        }
    }

    /// The ranges of statuses that mean success: `2XX`, or single ones.
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
            self.report(&below(pointer, "responses"), "success-missing", "write the response 2XX");
            return None;
        }
        Some(ranges)
    }
}

impl Operation<'_> {
    /// The variant of the raw client's `Operation`, in Pascal case.
    fn variant(&self) -> String {
        format!("{}{}", self.binding.unwrap_or_default(), self.action.to_pascal_case())
    }
}

/// Whether `path` is `start` or continues with another segment.
fn is_below(path: &str, start: &str) -> bool {
    path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
