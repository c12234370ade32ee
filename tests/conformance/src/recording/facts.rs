//! What a recording holds of a page's tables.

use std::collections::BTreeMap;

use schemars1::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a page's tables and templates say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
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
    /// The properties of a resource, in page order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Parameter>,
    /// The values that the page lists for a parameter or a property, in page order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Values>,
    /// The states that Teams shows and the pairs that Microsoft Graph has for them, in page order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<State>,
    /// The resources that can be subscribed to, in page order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<Subscribable>,
    /// The numbers that limit calls.
    pub limits: Limits,
}

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
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
    /// The API versions that the row is for, where the table has a column for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// What a permission cell grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// It stands at a place in a table whose order is known.
    Position,
    /// It is the documentation's own word.
    Untranslated,
    /// It is in `translations.yaml`.
    Dictionary,
    /// The row's description keeps the documentation's own word for it.
    Description,
}

/// A parameter of the request body, or a property of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The name and the type, as found.
    pub found: [String; 2],
    /// The name that the JSON uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type, by the documentation's own name for it.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// What the name and the type were understood by.
    pub understood: [Understood; 2],
}

/// The values that a page lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// The parameter or property that has them.
    pub of: String,
    /// The values as found, with what was glued taken apart.
    pub found: Vec<String>,
    /// The values that they mean, sorted: damage changes their order.
    pub values: Vec<String>,
    /// What all of them were understood by.
    pub understood: Understood,
}

/// A state that Teams shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The two cells, as found.
    pub found: [String; 2],
    /// Availability and activity, or the one value that the page has for both.
    pub values: Vec<String>,
    /// Whether the state goes with being out of office, which is no value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub out_of_office: bool,
}

/// A resource that can be subscribed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Subscribable {
    /// The resource, as found.
    pub resource: String,
    /// The kinds of changes, as found.
    pub changes: String,
}

/// The numbers that limit calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Ranges of ISO 8601 durations.
    pub durations: Vec<Durations>,
    /// Request rates.
    pub requests: Vec<Requests>,
    /// The most people of one request or one subscription.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<u64>,
    /// What expires when, unless the caller says otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defaults: Vec<Expiry>,
}

/// A default expiration.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// The availabilities that it is for; none where the page says none, or says "all others".
    pub of: Vec<String>,
    /// When they expire, as a duration of ISO 8601.
    pub after: String,
}

/// A range of ISO 8601 durations.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Durations {
    /// The shortest.
    pub from: String,
    /// The longest.
    pub to: String,
}

/// A request rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// How many requests.
    pub count: u64,
    /// In how many seconds.
    pub seconds: u64,
}
