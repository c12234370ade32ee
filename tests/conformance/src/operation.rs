//! The operations that requests are for.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::IgnoredAny;

const SPEC: &str = include_str!("../../../specs/presence.openapi.yaml");
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The operations of an OpenAPI document, found by method and path.
///
/// ```
/// use graph_presence_conformance::Operations;
///
/// let operations = Operations::of_this_workspace()?;
/// assert_eq!(operations.find("GET", "/users/66825e03/presence"), Some("GET /users/{user-id}/presence"));
/// assert_eq!(operations.find("PUT", "/users/66825e03/presence"), None);
/// # Ok::<(), graph_presence_conformance::SpecError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Operations(Vec<String>);

#[derive(Deserialize)]
struct Document {
    paths: BTreeMap<String, BTreeMap<String, IgnoredAny>>,
}

impl Operations {
    /// The operations of the document that the raw client is generated from.
    ///
    /// # Errors
    ///
    /// When that document is no OpenAPI document.
    pub fn of_this_workspace() -> Result<Self, SpecError> {
        Self::of(SPEC)
    }

    /// The operations of an OpenAPI document in YAML.
    ///
    /// # Errors
    ///
    /// When the document has no paths.
    pub fn of(document: &str) -> Result<Self, SpecError> {
        let document: Document = serde_saphyr::from_str(document).map_err(|error| SpecError(error.to_string()))?;
        let operations = document.paths.iter().flat_map(|(path, item)| {
            let methods = item.keys().filter(|key| METHODS.contains(&key.as_str()));
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        });
        Ok(Self(operations.collect()))
    }

    /// The operation of this method whose path template fits a path without its version.
    #[must_use]
    pub fn find(&self, method: &str, path: &str) -> Option<&str> {
        let fits = |operation: &&String| {
            operation.split_once(' ').is_some_and(|(its_method, template)| {
                its_method == method
                    && template.split('/').count() == path.split('/').count()
                    && template.split('/').zip(path.split('/')).all(|(expected, segment)| {
                        expected == segment || (expected.starts_with('{') && !segment.is_empty())
                    })
            })
        };
        self.0.iter().find(fits).map(String::as_str)
    }
}

/// An OpenAPI document that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError(String);

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the OpenAPI document cannot be read: {}", self.0)
    }
}

impl std::error::Error for SpecError {}
