//! The words of tables and headings: the documentation's own terms, their translations, and the recognizers of cells.

mod clouds;
mod error;
mod term_group;
mod permissions;
mod states;
mod subscriptions;
mod translations;
mod terms;

pub(crate) use clouds::{government_cloud, offered};
pub use error::TranslationsError;
pub(crate) use term_group::ascii;
pub(crate) use permissions::{grant, is_permission_cell_or_versions, leading_permission_cell, scope, versions};
pub(crate) use states::{state_pair, state_value};
pub(crate) use subscriptions::is_subscription_resource;
pub use translations::Translations;
pub(crate) use terms::{Cloud, Heading, Section, Unit, split_values, values_of};
