//! The words of tables and headings: the documentation's own terms, their translations, and the recognizers of cells.

mod clouds;
mod error;
mod group;
mod permissions;
mod states;
mod subscriptions;
mod translations;
mod words;

pub(crate) use clouds::{government_cloud, offered};
pub use error::TranslationsError;
pub(crate) use group::ascii;
pub(crate) use permissions::{grant, is_grant_or_versions, leading_grant, scope, versions};
pub(crate) use states::{state_pair, state_value};
pub(crate) use subscriptions::is_subscribable;
pub use translations::Translations;
pub(crate) use words::{Cloud, Heading, Section, Unit, segmented, values_of};
