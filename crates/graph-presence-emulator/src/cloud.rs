//! National clouds, and what each of them lacks.

use std::fmt;
use std::str::FromStr;

use crate::{InvalidInput, Operation};

/// A cloud that Microsoft runs Graph in. The others have less of presence than the global one.
///
/// ```
/// use graph_presence_emulator::Cloud;
///
/// assert_eq!("l4".parse(), Ok(Cloud::UsGovernmentL4));
/// assert_eq!(
///     "moon".parse::<Cloud>().unwrap_err().to_string(),
///     "cloud \"moon\": must be one of global, l4, l5, china",
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// Everything.
    #[default]
    Global,
    /// US Government L4: v1.0 only, without the work location, out-of-office settings and sequence numbers.
    UsGovernmentL4,
    /// US Government L5 (DOD): as L4.
    UsGovernmentL5,
    /// China, run by 21Vianet: no presence at all.
    China,
}

impl Cloud {
    const ALL: [Self; 4] = [Self::Global, Self::UsGovernmentL4, Self::UsGovernmentL5, Self::China];

    /// The name by which [`FromStr`] knows it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovernmentL4 => "l4",
            Self::UsGovernmentL5 => "l5",
            Self::China => "china",
        }
    }

    /// The host of Graph there.
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

    /// Whether there is presence under `/beta`.
    pub(crate) fn has_beta(self) -> bool {
        self == Self::Global
    }

    /// Returns `true` if a presence has this operation.
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

    /// Whether a presence has a work location, out-of-office settings and a sequence number.
    ///
    /// Inferred: one page lists setManualLocation for L4 and L5 as well, against its siblings and the metadata.
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
            .ok_or_else(|| InvalidInput::new("cloud", name, "must be one of global, l4, l5, china"))
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
