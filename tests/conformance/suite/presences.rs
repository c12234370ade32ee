//! The presences in a response body, and how they are compared with the page's.

use std::fmt::Debug;

use serde_json::{Map, Value};

use crate::call::without_nulls;

/// Returns the presences in a body, which is one presence or a collection.
pub(crate) fn presences(body: Option<&Value>) -> impl Iterator<Item = Map<String, Value>> {
    let members = match body {
        Some(Value::Array(members)) => members.clone(),
        Some(body) => match body.get("value") {
            Some(Value::Array(members)) => members.clone(),
            _ => vec![body.clone()],
        },
        None => Vec::new(),
    };
    members.into_iter().filter_map(|member| match member {
        Value::Object(presence) => Some(presence),
        _ => None,
    })
}

/// Returns an error if a property that the page shows was not read or has another value.
///
/// Values are compared completely: a member that the page does not show is a difference too.
pub(crate) fn compare_properties(read: &Map<String, Value>, page: &Map<String, Value>) -> Result<(), String> {
    for (name, value) in page.iter().filter(|(name, value)| !name.contains('@') && !value.is_null()) {
        compare(&format!("the property {name}"), &read.get(name), &Some(&without_nulls(value.clone())))?;
    }
    Ok(())
}

/// Returns an error if a value differs from the page's.
pub(crate) fn compare<T: PartialEq + Debug>(name: &str, actual: &T, page: &T) -> Result<(), String> {
    if actual == page {
        Ok(())
    } else {
        Err(format!("{name} differs from the page: expected {page:?}, got {actual:?}"))
    }
}
