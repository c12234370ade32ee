//! The clouds, and the features that each of them offers.

use std::fmt;
use std::str::FromStr;

use crate::{InvalidInput, Operation};

/// A Microsoft Graph cloud. The national clouds offer fewer presence features than the global cloud.
///
/// ```
/// use graph_presence_emulator::Cloud;
///
/// assert_eq!("l4".parse(), Ok(Cloud::UsGovernmentL4));
/// assert_eq!(
///     "moon".parse::<Cloud>().unwrap_err().to_string(),
///     "invalid cloud \"moon\": expected one of global, l4, l5, china",
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The global cloud: all features.
    #[default]
    Global,
    /// US Government L4: v1.0 only, without work locations, out-of-office settings and sequence numbers.
    UsGovernmentL4,
    /// US Government L5 (DoD): the same features as L4.
    UsGovernmentL5,
    /// China, operated by 21Vianet: no presence.
    China,
}

impl Cloud {
    const ALL: [Self; 4] = [Self::Global, Self::UsGovernmentL4, Self::UsGovernmentL5, Self::China];

    /// Returns the name that [`FromStr`] parses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovernmentL4 => "l4",
            Self::UsGovernmentL5 => "l5",
            Self::China => "china",
        }
    }

    /// Returns the host of Microsoft Graph in the cloud.
    pub(crate) const fn graph(self) -> &'static str {
        match self {
            Self::Global => "graph.microsoft.com",
            Self::UsGovernmentL4 => "graph.microsoft.us",
            Self::UsGovernmentL5 => "dod-graph.microsoft.us",
            Self::China => "microsoftgraph.chinacloudapi.cn",
        }
    }

    pub(crate) fn has_presence(self) -> bool {
        self != Self::China
    }

    /// Returns `true` if the cloud has presence under `/beta`.
    pub(crate) fn has_beta(self) -> bool {
        self == Self::Global
    }

    /// Returns `true` if the cloud offers the operation on a presence.
    pub(crate) fn has(self, operation: Operation) -> bool {
        let is_location = matches!(
            operation,
            Operation::SetManualLocation
                | Operation::SetAutomaticLocation
                | Operation::ClearLocation
                | Operation::ClearAutomaticLocation
        );
        self.has_all_properties() || !is_location
    }

    /// Returns `true` if a presence has a work location, out-of-office settings and a sequence number.
    ///
    /// Inferred: one page also lists setManualLocation for L4 and L5, but the related pages and the metadata do not.
    pub(crate) fn has_all_properties(self) -> bool {
        self == Self::Global
    }
}

impl FromStr for Cloud {
    type Err = InvalidInput;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|cloud| cloud.as_str().eq_ignore_ascii_case(name))
            .ok_or_else(|| InvalidInput::value("cloud", name, "one of global, l4, l5, china"))
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
