//! The versions of pages, and the versions of Microsoft Graph in their requests.

use std::fmt;

use schemars1::JsonSchema;
use serde::{Deserialize, Serialize};

/// A version of Microsoft Graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
pub enum Version {
    /// The generally available version.
    #[serde(rename = "v1.0")]
    V1,
    /// The preview version.
    #[serde(rename = "beta")]
    Beta,
}

impl Version {
    /// Returns the version's name in URLs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }

    /// Returns the version with this name in URLs.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::V1, Self::Beta].into_iter().find(|version| version.as_str() == name)
    }
}

/// The version of a page: that of the API reference it belongs to, or `concept` for a page outside the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
pub enum PageVersion {
    /// A page of the v1.0 reference.
    #[serde(rename = "v1.0")]
    V1,
    /// A page of the beta reference.
    #[serde(rename = "beta")]
    Beta,
    /// A page outside the API reference.
    #[serde(rename = "concept")]
    Concept,
}

impl PageVersion {
    /// All page versions.
    pub const ALL: [Self; 3] = [Self::V1, Self::Beta, Self::Concept];

    /// Returns the name in file names.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => Version::V1.as_str(),
            Self::Beta => Version::Beta.as_str(),
            Self::Concept => "concept",
        }
    }

    /// Returns the version of the API, or `None` for a page outside its reference.
    #[must_use]
    pub fn api_version(self) -> Option<Version> {
        match self {
            Self::V1 => Some(Version::V1),
            Self::Beta => Some(Version::Beta),
            Self::Concept => None,
        }
    }
}

impl From<Version> for PageVersion {
    fn from(version: Version) -> Self {
        match version {
            Version::V1 => Self::V1,
            Version::Beta => Self::Beta,
        }
    }
}

impl fmt::Display for PageVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
