//! The facts of a recording: the content of a page's tables.

use std::collections::BTreeMap;

use schemars1::JsonSchema;
use serde::{Deserialize, Serialize};

/// The facts in a page's tables, templates and numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The permissions table, by kind of access token.
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
    /// The values that the page lists for parameters and properties, in page order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueList>,
    /// The states that Teams shows and the pairs of Microsoft Graph for them, in page order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<TeamsState>,
    /// The resources that can be subscribed to, in page order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<SubscriptionResource>,
    /// The limits and defaults that the page states.
    pub limits: Limits,
}

/// A kind of access token.
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
    /// The evidence for the meaning of the row's label, sorted. All of it agrees.
    pub evidence: Vec<Evidence>,
    /// The least privileged permissions.
    pub least_privileged: PermissionCell,
    /// The higher privileged permissions. Older pages do not have a column for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub higher_privileged: Option<PermissionCell>,
    /// The API versions that the row applies to, if the table has a column for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// A cell of the permissions table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(rename_all = "kebab-case")]
pub enum PermissionCell {
    /// Permissions are not available for this kind of access token.
    NotAvailable,
    /// This kind of access token cannot be used.
    NotSupported,
    /// Any of these scopes.
    Scopes(Vec<String>),
}

/// The support for the operation in each cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Clouds {
    /// The global service.
    pub global: CloudSupport,
    /// US Government L4.
    pub l4: CloudSupport,
    /// US Government L5 (DOD).
    pub l5: CloudSupport,
    /// China operated by 21Vianet.
    pub china: CloudSupport,
}

/// Whether a cloud supports the operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(rename_all = "kebab-case")]
pub enum CloudSupport {
    /// Supported.
    Yes,
    /// Not supported.
    No,
    /// Not stated on the page.
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
    /// The meaning of the first cell.
    pub availability: String,
    /// The meaning of the second cell.
    pub activity: String,
    /// The evidence for the meaning of each cell, sorted. All of it agrees.
    pub evidence: [Vec<Evidence>; 2],
}

/// Evidence for the meaning of a word in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Its position in a table whose order is known.
    Position,
    /// It is the documentation's own term.
    Untranslated,
    /// It is in `translations.yaml`.
    Translation,
    /// The row's description contains the documentation's own term.
    Description,
}

/// A parameter of the request body, or a property of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The name and the type, as found.
    pub found: [String; 2],
    /// The name in JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type, by the documentation's own name for it.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// The evidence for the meaning of the name and of the type, sorted. All of it agrees.
    pub evidence: [Vec<Evidence>; 2],
}

/// The values that a page lists for a parameter or a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct ValueList {
    /// The name of the parameter or property.
    pub property: String,
    /// The values as found. Values without separators between them are split.
    pub found: Vec<String>,
    /// The meanings of the values, sorted, because damage changes their order.
    pub values: Vec<String>,
    /// The evidence for the meanings of all values, sorted.
    pub evidence: Vec<Evidence>,
}

/// A state that Teams shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct TeamsState {
    /// The two cells, as found.
    pub found: [String; 2],
    /// Availability and activity, or the single value that the page has for both.
    pub values: Vec<String>,
    /// Whether the state is combined with out of office, which is not a value of availability or activity.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub out_of_office: bool,
}

/// A resource that can be subscribed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct SubscriptionResource {
    /// The resource, as found.
    pub resource: String,
    /// The change types, as found.
    pub change_types: String,
}

/// The limits and defaults that a page states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Ranges of ISO 8601 durations.
    pub duration_ranges: Vec<DurationRange>,
    /// Rate limits.
    pub rate_limits: Vec<RateLimit>,
    /// Maximum numbers of users in one request or one subscription.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub max_users: Vec<u64>,
    /// The default expirations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub default_expirations: Vec<DefaultExpiration>,
}

/// A default expiration.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct DefaultExpiration {
    /// The availabilities that it applies to. Empty if the page does not name any, or for "all others".
    pub availabilities: Vec<String>,
    /// The time until they expire, as an ISO 8601 duration.
    pub duration: String,
}

/// A range of ISO 8601 durations.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct DurationRange {
    /// The minimum.
    pub from: String,
    /// The maximum.
    pub to: String,
}

/// A rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// The maximum number of requests in the period.
    pub requests: u64,
    /// The length of the period in seconds.
    pub seconds: u64,
}
