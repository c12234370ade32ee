//! The types of the table's rows.

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

/// A version of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// v1.0.
    V1,
    /// beta.
    Beta,
}

/// What is known about a group of operations, or about one property.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The name of an action or of a group of operations, or `presence.` and the name of a property.
    pub name: &'static str,
    pub(crate) v1: Claim,
    pub(crate) beta: Claim,
}

impl Row {
    /// Returns what is known for `version`.
    #[must_use]
    pub const fn claim(&self, version: Version) -> &Claim {
        match version {
            Version::V1 => &self.v1,
            Version::Beta => &self.beta,
        }
    }
}

/// Which clouds offer something, according to the source in force.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The clouds that offer it.
    pub clouds: &'static [Cloud],
    /// The source in force.
    pub source: &'static str,
    /// When the source was written or read: year and month, and the day if it is known.
    pub date: &'static str,
    /// What other sources claim.
    pub differing: &'static [Differing],
}

impl Claim {
    /// Returns `true` if `cloud` offers it.
    #[must_use]
    pub fn supports(&self, cloud: Cloud) -> bool {
        self.clouds.contains(&cloud)
    }
}

/// Which clouds offer something, according to a source that contradicts the one in force.
#[derive(Clone, Copy, Debug)]
pub struct Differing {
    /// The clouds that offer it.
    pub clouds: &'static [Cloud],
    /// The source.
    pub source: &'static str,
    /// When the source was written or read.
    pub date: &'static str,
}
