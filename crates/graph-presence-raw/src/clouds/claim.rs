//! The types of the rows of the table of clouds.

/// A cloud of Microsoft Graph: the global service, or a national one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cloud(pub(crate) &'static str);

impl Cloud {
    /// Returns the cloud's name in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// A version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// v1.0.
    V1,
    /// beta.
    Beta,
}

/// The clouds that support a group of operations or a property, by version.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The name of an action or of a group of operations, or `presence.` and the name of a property.
    pub name: &'static str,
    pub(crate) v1: Claim,
    pub(crate) beta: Claim,
}

impl Row {
    /// Returns the claim for a version.
    #[must_use]
    pub const fn claim(&self, version: Version) -> &Claim {
        match version {
            Version::V1 => &self.v1,
            Version::Beta => &self.beta,
        }
    }
}

/// The clouds that support a row's operations or property, according to the chosen source.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The clouds with support.
    pub clouds: &'static [Cloud],
    /// The chosen source.
    pub source: &'static str,
    /// The date at which the source was written or read: year and month, and the day if it is known.
    pub date: &'static str,
    /// The claims of sources that contradict the chosen source.
    pub differing: &'static [Differing],
}

impl Claim {
    /// Returns `true` if `cloud` has support.
    #[must_use]
    pub fn supports(&self, cloud: Cloud) -> bool {
        self.clouds.contains(&cloud)
    }
}

/// The clouds with support, according to a source that contradicts the chosen source.
#[derive(Clone, Copy, Debug)]
pub struct Differing {
    /// The clouds with support.
    pub clouds: &'static [Cloud],
    /// The contradicting source.
    pub source: &'static str,
    /// The date at which the source was written or read.
    pub date: &'static str,
}
