//! The presences in a body, and whether they say what a page states.

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
pub(crate) fn assert_states(read: &Map<String, Value>, stated: &Map<String, Value>, title: &str) {
    for (name, value) in stated.iter().filter(|(name, value)| !name.contains('@') && !value.is_null()) {
        let value = without_nulls(value.clone());
        assert_eq!(read.get(name), Some(&value), "{title}: `{name}` is not what the page states");
    }
}
