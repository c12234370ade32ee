//! Which cloud of Microsoft Graph has which operation, and which property of a presence.
//!
//! National clouds lack some of what the global service has, and gain and lose it over time. What is known is data here,
//! each statement with its source and date: a program can refuse what a cloud does not have before it sends anything, and
//! say on whose word.
//!
//! ```
//! use graph_presence_raw::clouds::{self, Cloud, Version};
//!
//! let set = "users_user_presence_set_presence";
//! assert_eq!(clouds::supports(Cloud::US_GOV_L4, Version::V1, set), Some(true));
//! assert_eq!(clouds::supports(Cloud::CHINA, Version::V1, set), Some(false));
//! assert_eq!(clouds::supports(Cloud::GLOBAL, Version::V1, "set_weather"), None);
//!
//! let location = clouds::property("presence.workLocation").map(|row| row.claim(Version::V1));
//! assert!(location.is_some_and(|claim| !claim.supports(Cloud::US_GOV_L4)));
//! ```

#[rustfmt::skip]
mod table;

/// A cloud of Microsoft Graph: the global service, or a national one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cloud(&'static str);

impl Cloud {
    /// The cloud's name in the table.
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

/// What is known about one operation on all its paths, or about one property.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What it is about: an operation's name, or `presence.` and a property's.
    pub name: &'static str,
    /// The names of the generated methods that do it, as [`Exec::exec`](crate::Exec::exec) gets them; none for a property.
    pub methods: &'static [&'static str],
    v1: Claim,
    beta: Claim,
}

impl Row {
    /// What is known of it in `version`.
    #[must_use]
    pub const fn claim(&self, version: Version) -> &Claim {
        match version {
            Version::V1 => &self.v1,
            Version::Beta => &self.beta,
        }
    }
}

/// Where something is there, according to the source that is believed.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The clouds that have it.
    pub clouds: &'static [Cloud],
    /// Who says so.
    pub source: &'static str,
    /// When the source was written, or read: a year and a month, and a day where it is known.
    pub date: &'static str,
    /// What other sources say.
    pub differing: &'static [Differing],
}

impl Claim {
    /// Whether `cloud` has it.
    #[must_use]
    pub fn supports(&self, cloud: Cloud) -> bool {
        self.clouds.contains(&cloud)
    }
}

/// Where something is there, according to a source that is not believed against another.
#[derive(Clone, Copy, Debug)]
pub struct Differing {
    /// The clouds that have it.
    pub clouds: &'static [Cloud],
    /// Who says so.
    pub source: &'static str,
    /// When the source was written, or read.
    pub date: &'static str,
}

/// The row of every operation.
#[must_use]
pub const fn operations() -> &'static [Row] {
    table::OPERATIONS
}

/// The row of every property of a presence.
#[must_use]
pub const fn properties() -> &'static [Row] {
    table::PROPERTIES
}

/// The row of the operation that the generated method `method` carries out.
#[must_use]
pub fn operation(method: &str) -> Option<&'static Row> {
    operations().iter().find(|row| row.methods.contains(&method))
}

/// The row of a property, `presence.workLocation` for instance.
#[must_use]
pub fn property(name: &str) -> Option<&'static Row> {
    properties().iter().find(|row| row.name == name)
}

/// Whether `cloud` has the operation that the generated method `method` carries out, or nothing when no row knows it.
#[must_use]
pub fn supports(cloud: Cloud, version: Version, method: &str) -> Option<bool> {
    operation(method).map(|row| row.claim(version).supports(cloud))
}
