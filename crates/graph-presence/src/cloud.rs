//! The clouds and API versions of Microsoft Graph.

use std::fmt;

/// A cloud of Microsoft Graph: the global service or a national one.
///
/// Requests that the cloud does not support are rejected before they are sent. The cloud that 21Vianet operates in
/// China does not have presence. The support of the other clouds changes over time: the error contains the source and
/// its date.
///
/// ```
/// use graph_presence::Cloud;
///
/// assert_eq!(Cloud::UsGovernmentL5.url(), "https://dod-graph.microsoft.us");
/// ```
///
/// Source: documentation page "National cloud deployments".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum Cloud {
    /// The global service.
    #[default]
    Global,
    /// US Government L4.
    UsGovernmentL4,
    /// US Government L5 (DOD).
    UsGovernmentL5,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// Returns the root URL of Microsoft Graph in the cloud, without a version.
    #[must_use]
    pub fn url(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovernmentL4 => "https://graph.microsoft.us",
            Self::UsGovernmentL5 => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Global => "the global service",
            Self::UsGovernmentL4 => "the US Government L4 cloud",
            Self::UsGovernmentL5 => "the US Government L5 (DOD) cloud",
            Self::China => "the 21Vianet cloud in China",
        })
    }
}

/// A version of the API. Both versions have the same presence operations. Beta may change, and is available only in the
/// global cloud.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum ApiVersion {
    /// `v1.0`, for production.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "v1.0"))]
    V1,
    /// `beta`.
    Beta,
}

impl ApiVersion {
    /// Returns the version as it is written in URLs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}
