//! The presences in a body, and whether they say what a page states.

use std::fmt::Debug;

use serde_json::{Map, Value};

use crate::call::without_nulls;

/// Every presence in a body: the body itself, or the members of the collection that it is.
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

/// Everything that the page states is read, whole: what it does not show within a property must not be there either.
pub(crate) fn states(read: &Map<String, Value>, stated: &Map<String, Value>) -> Result<(), String> {
    for (name, value) in stated.iter().filter(|(name, value)| !name.contains('@') && !value.is_null()) {
        same(&format!("the property {name}"), &read.get(name), &Some(&without_nulls(value.clone())))?;
    }
    Ok(())
}

/// Says what differs from what the page shows, when it does.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, found: &T, page: &T) -> Result<(), String> {
    if found == page { Ok(()) } else { Err(format!("{what} is not what the page shows: {found:?} and not {page:?}")) }
}
