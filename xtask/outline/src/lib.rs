//! Microsoft's complete OpenAPI document: 29 MB of YAML, of which a trim needs only a few hundred lines.
//!
//! An [`Outline`] finds the paths and components of a [`Source`] in one pass, and parses only those that are requested.
//! This is a separate crate because it is compiled with optimization, which would multiply the build time of xtask.

mod outline;
mod source;
pub mod yaml;

pub use outline::Outline;
pub use source::Source;
