//! What pages are filed under, and the versions of Microsoft Graph in their requests.

use std::fmt;

use schemars1::JsonSchema;
use serde::{Deserialize, Serialize};

/// A version of Microsoft Graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
pub enum Version {
    /// The version for production.
    #[serde(rename = "v1.0")]
    V1,
    /// The preview.
    #[serde(rename = "beta")]
    Beta,
}

impl Version {
    /// The version's name in URLs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }

    /// The version with this name in URLs.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::V1, Self::Beta].into_iter().find(|version| version.as_str() == name)
    }
}

/// What a page is filed under: a version of the API reference, or the concepts, which have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
pub enum Edition {
    /// The reference of v1.0.
    #[serde(rename = "v1.0")]
    V1,
    /// The reference of beta.
    #[serde(rename = "beta")]
    Beta,
    /// The pages about concepts.
    #[serde(rename = "concept")]
    Concept,
}

impl Edition {
    /// Every edition.
    pub const ALL: [Self; 3] = [Self::V1, Self::Beta, Self::Concept];

    /// The edition's name in file names.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => Version::V1.as_str(),
            Self::Beta => Version::Beta.as_str(),
            Self::Concept => "concept",
        }
    }

    /// The version of the API, for a page of its reference.
    #[must_use]
    pub fn version(self) -> Option<Version> {
        match self {
            Self::V1 => Some(Version::V1),
            Self::Beta => Some(Version::Beta),
            Self::Concept => None,
        }
    }
}

impl From<Version> for Edition {
    fn from(version: Version) -> Self {
        match version {
            Version::V1 => Self::V1,
            Version::Beta => Self::Beta,
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
