//! The operations of the OpenAPI document.

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
/// let operations = Operations::built_in()?;
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
    /// Returns the operations of `specs/presence.openapi.yaml`, from which the raw client is generated.
    ///
    /// # Errors
    ///
    /// Returns an error if that file is not an OpenAPI document.
    pub fn built_in() -> Result<Self, SpecError> {
        Self::from_openapi(SPEC)
    }

    /// Returns the operations of an OpenAPI document in YAML.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not YAML, or does not have `paths`.
    pub fn from_openapi(document: &str) -> Result<Self, SpecError> {
        let document: Document = serde_saphyr::from_str(document).map_err(|error| SpecError(error.to_string()))?;
        let operations = document.paths.iter().flat_map(|(path, item)| {
            let methods = item.keys().filter(|key| METHODS.contains(&key.as_str()));
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        });
        Ok(Self(operations.collect()))
    }

    /// Returns the operation with this method whose path template matches the path. The path does not include a
    /// version.
    #[must_use]
    pub fn find(&self, method: &str, path: &str) -> Option<&str> {
        let matches = |operation: &&String| {
            operation.split_once(' ').is_some_and(|(operation_method, template)| {
                operation_method == method
                    && template.split('/').count() == path.split('/').count()
                    && template.split('/').zip(path.split('/')).all(|(expected, segment)| {
                        expected == segment || (expected.starts_with('{') && !segment.is_empty())
                    })
            })
        };
        self.0.iter().find(matches).map(String::as_str)
    }
}

/// An error that is returned if an OpenAPI document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError(String);

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to read the OpenAPI document: {}", self.0)
    }
}

impl std::error::Error for SpecError {}
