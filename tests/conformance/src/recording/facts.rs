//! What a recording holds of a page's tables.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a page's tables and templates say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The permissions table, by kind of token.
    pub permissions: BTreeMap<PermissionKind, Permission>,
    /// The national cloud table.
    pub clouds: Clouds,
    /// The request templates, as found, in page order.
    pub paths: Vec<String>,
    /// The supported pairs of availability and activity, in page order.
    pub pairs: Vec<Pair>,
    /// The parameters of the request body, in page order.
    pub parameters: Vec<Parameter>,
    /// The numbers that limit calls.
    pub limits: Limits,
}

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PermissionKind {
    /// Delegated, with a work or school account.
    DelegatedWork,
    /// Delegated, with a personal Microsoft account.
    DelegatedPersonal,
    /// Application.
    Application,
}

/// A row of the permissions table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// The row's cells, as found.
    pub found: Vec<String>,
    /// What the row's label was understood by.
    pub understood: Understood,
    /// The least privileged permissions.
    pub least: Grant,
    /// The higher privileged permissions. Older pages have no column for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub higher: Option<Grant>,
}

/// What a permission cell grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// The kind of token has no such permission.
    NotAvailable,
    /// The kind of token cannot be used.
    NotSupported,
    /// Any of these scopes.
    Scopes(Vec<String>),
}

/// What the page says of each cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clouds {
    /// The global service.
    pub global: Offered,
    /// US Government L4.
    pub l4: Offered,
    /// US Government L5 (DOD).
    pub l5: Offered,
    /// China operated by 21Vianet.
    pub china: Offered,
}

/// Whether a cloud has the operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offered {
    /// It has.
    Yes,
    /// It has not.
    No,
    /// The page does not say.
    #[default]
    Unknown,
}

/// A supported pair of availability and activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The two cells, as found.
    pub found: [String; 2],
    /// The availability they mean.
    pub availability: String,
    /// The activity they mean.
    pub activity: String,
    /// What each cell was understood by.
    pub understood: [Understood; 2],
}

/// The evidence for a meaning, sorted. All of it agrees.
pub type Understood = Vec<Evidence>;

/// Evidence for what a table's word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// It stands at a place in a table whose order is known.
    Position,
    /// It is the documentation's own word.
    Untranslated,
    /// It is in the token file.
    Dictionary,
}

/// A parameter of the request body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The name, as found.
    pub found: String,
    /// The name that the JSON uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type, as found.
    #[serde(rename = "type")]
    pub type_found: String,
}

/// The numbers that limit calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Ranges of ISO 8601 durations.
    pub durations: Vec<Durations>,
    /// Request rates.
    pub requests: Vec<Requests>,
}

/// A range of ISO 8601 durations.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Durations {
    /// The shortest.
    pub from: String,
    /// The longest.
    pub to: String,
}

/// A request rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// How many requests.
    pub count: u64,
    /// In how many seconds.
    pub seconds: u64,
}
