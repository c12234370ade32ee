//! Where Graph is, and in which version.

/// A national cloud that has presence.
///
/// The cloud that 21Vianet operates in China has none, so it is not listed.
///
/// ```
/// use graph_presence::Cloud;
///
/// assert_eq!(Cloud::UsGovernmentL5.url(), "https://dod-graph.microsoft.us");
/// ```
///
/// Source: documentation page "National cloud deployments".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The global service.
    #[default]
    Global,
    /// US Government L4.
    UsGovernmentL4,
    /// US Government L5 (DOD).
    UsGovernmentL5,
}

impl Cloud {
    /// The root of the cloud's Graph, without a version.
    #[must_use]
    pub fn url(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovernmentL4 => "https://graph.microsoft.us",
            Self::UsGovernmentL5 => "https://dod-graph.microsoft.us",
        }
    }
}

/// A version of the API. They agree on presence; beta may change, and is for the global cloud only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiVersion {
    /// `v1.0`, for production.
    #[default]
    V1,
    /// `beta`.
    Beta,
}

impl ApiVersion {
    /// The version as URLs have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}
