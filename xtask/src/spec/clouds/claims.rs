//! The content of clouds.yaml.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clouds {
    pub(super) clouds: BTreeMap<String, String>,
    pub(super) sources: BTreeMap<String, String>,
    pub(super) operations: BTreeMap<String, Operation>,
    pub(super) properties: BTreeMap<String, Property>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operation {
    pub(super) ids: Vec<String>,
    #[serde(rename = "v1.0")]
    pub(super) v1: Claim,
    pub(super) beta: Claim,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Property {
    #[serde(rename = "v1.0")]
    pub(super) v1: Claim,
    pub(super) beta: Claim,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claim {
    pub(super) clouds: Vec<String>,
    pub(super) source: String,
    pub(super) date: String,
    #[serde(default)]
    pub(super) differing: Vec<Differing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Differing {
    pub(super) clouds: Vec<String>,
    pub(super) source: String,
    pub(super) date: String,
}
