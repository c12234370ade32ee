//! References (`$ref`) between the parts of a document.

use std::borrow::Cow;
use std::collections::BTreeSet;

use anyhow::{Result, bail};
use serde_json::Value;

use super::json::entries;
use super::pointer::{below, unescape};
use super::schema_keys::Keys;

/// The supported kinds of components.
const KINDS: [&str; 5] = ["headers", "parameters", "requestBodies", "responses", "schemas"];

/// A reference and the pointer to the object that contains it.
pub(crate) struct Reference<'v> {
    pub(crate) at: String,
    /// A target that is not a string is serialized as JSON, so that it is reported as an invalid reference.
    pub(crate) target: Cow<'v, str>,
}

/// Returns every reference in `value`, whose pointer is `at`.
pub(crate) fn references<'v>(value: &'v Value, at: &str, keys: Keys) -> Vec<Reference<'v>> {
    let mut found = Vec::new();
    collect(value, at, keys, &mut found);
    found
}

fn collect<'v>(value: &'v Value, at: &str, keys: Keys, found: &mut Vec<Reference<'v>>) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                if key == "$ref" && keys != Keys::Names {
                    let target = child.as_str().map_or_else(|| Cow::Owned(child.to_string()), Cow::Borrowed);
                    found.push(Reference { at: at.to_owned(), target });
                } else if let Some(child_keys) = keys.below(key, child) {
                    collect(child, &below(at, key), child_keys, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &below(at, index), keys, found);
            }
        }
        _ => {}
    }
}

/// Returns the target if the value is a reference.
pub(crate) fn target(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

/// Returns the JSON pointer of a target, or `None` if the target is in another document.
pub(crate) fn pointer(target: &str) -> Option<&str> {
    target.strip_prefix('#')
}

/// Returns the value that the target of a reference points to.
pub(crate) fn find<'d>(document: &'d Value, target: &str) -> Option<&'d Value> {
    document.pointer(pointer(target)?)
}

/// Returns the kind and the name of the component that a target points to.
///
/// # Errors
///
/// Returns an error if the target is in another document or is not a component of a supported kind.
pub(crate) fn component(target: &str) -> Result<(&str, String)> {
    let Some(pointer) = pointer(target) else {
        bail!("references to other documents are not supported");
    };
    match pointer.strip_prefix("/components/").and_then(|rest| rest.split_once('/')) {
        Some((kind, name)) if KINDS.contains(&kind) && !name.contains('/') => Ok((kind, unescape(name))),
        _ => bail!("reference to an unsupported target: expected a component of one of the kinds {}", KINDS.join(", ")),
    }
}

/// Follows references, starting with `value`, until the value is not a reference. Returns `None` if a target does not
/// exist or the references are cyclic.
pub(crate) fn resolve<'d>(document: &'d Value, value: &'d Value) -> Option<&'d Value> {
    let mut value = value;
    let mut seen = BTreeSet::new();
    while let Some(target) = target(value) {
        if !seen.insert(target) {
            return None;
        }
        value = find(document, target)?;
    }
    Some(value)
}

/// Returns the targets of the references that a component is composed of, without those of its properties.
pub(crate) fn composition(component: &Value) -> Vec<&str> {
    let mut targets: Vec<&str> = target(component).into_iter().collect();
    for key in ["allOf", "anyOf", "oneOf"] {
        targets.extend(entries(component.get(key)).flat_map(composition));
    }
    targets
}
