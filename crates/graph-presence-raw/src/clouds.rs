//! The operations and the properties of a presence that each cloud of Microsoft Graph supports.
//!
//! National clouds do not support all features of the global service, and this changes over time. This module contains
//! the known facts as data, each with its source and date, so that a program can reject an unsupported operation before
//! it sends a request, and name the source.
//!
//! ```
//! use graph_presence_raw::clouds::{self, Cloud, Version};
//! use graph_presence_raw::operation::Operation;
//!
//! let set = Operation::UserSetPresence.clouds().claim(Version::V1);
//! assert!(set.supports(Cloud::US_GOV_L4));
//! assert!(!set.supports(Cloud::CHINA));
//!
//! let location = clouds::property("presence.workLocation").map(|row| row.claim(Version::V1));
//! assert!(location.is_some_and(|claim| !claim.supports(Cloud::US_GOV_L4)));
//! ```

mod claim;

use crate::generated::clouds as table;

pub use claim::{Claim, Cloud, Differing, Row, Version};

/// Returns the rows of all properties of a presence.
#[must_use]
pub const fn properties() -> &'static [Row] {
    table::PROPERTIES
}

/// Returns the row of a property, such as `presence.workLocation`, or `None` if the table does not contain it.
#[must_use]
pub fn property(name: &str) -> Option<&'static Row> {
    properties().iter().find(|row| row.name == name)
}
