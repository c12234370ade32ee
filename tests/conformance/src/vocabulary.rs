//! The terms of tables and headings: the documentation's own terms, their translations, and recognition of cells.

mod clouds;
mod error;
mod permissions;
mod states;
mod subscriptions;
mod term_group;
mod terms;
mod translations;

pub(crate) use clouds::{cloud_support, government_cloud};
pub use error::TranslationsError;
pub(crate) use permissions::{
    is_permission_cell_or_versions, leading_permission_cell, permission_cell, scope, versions,
};
pub(crate) use states::{state_pair, state_value};
pub(crate) use subscriptions::is_subscription_resource;
pub(crate) use term_group::ascii;
pub(crate) use terms::{Cloud, Heading, Section, Unit, split_values, values_of};
pub use translations::Translations;
