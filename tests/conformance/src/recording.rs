//! What a recording file holds.

mod facts;
mod repair;
mod version;

use std::path::{Path, PathBuf};

use schemars1::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use facts::{
    Clouds, Durations, Evidence, Expiry, Facts, Grant, Limits, Offered, Pair, Parameter, Permission, PermissionKind,
    Requests, State, Subscribable, Understood, Values,
};
pub use repair::{PageRepair, Part, Repair};
pub use version::{Edition, Version};

/// The facts of one documentation page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The page's locale. It does not tell the language of the text.
    pub locale: String,
    /// What the page is filed under. A request's own version is in its URL.
    pub version: Edition,
    /// The page's name in the documentation, such as `presence-get`.
    pub page: String,
    /// The HTTP examples, in page order.
    pub exchanges: Vec<Exchange>,
    /// What the page's tables and templates say.
    pub facts: Facts,
    /// Damage to the page outside its examples, sorted.
    pub repairs: Vec<PageRepair>,
    /// What could not be understood, in page order.
    pub unknown: Vec<Unknown>,
}

/// One request and the response that the page shows for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// What is sent.
    pub request: Request,
    /// What comes back.
    pub response: Response,
    /// What had to be mended to read the two, sorted.
    pub repairs: Vec<Repair>,
    /// The caller that reads the presence, if the JSON shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<Reader>,
    /// The index of the earlier exchange whose request set what this response shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<usize>,
}

/// The request of an [`Exchange`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// The absolute URL, as found.
    pub url: String,
    /// The API version in the URL.
    pub version: Version,
    /// The operation of the OpenAPI document that the request is for: its method and path template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The headers, as found.
    pub headers: Vec<Header>,
    /// The JSON body, keys sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// The response of an [`Exchange`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The HTTP status code.
    pub status: u16,
    /// The headers, as found.
    pub headers: Vec<Header>,
    /// The JSON body, keys sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// A header of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The header's name, as found.
    pub name: String,
    /// The header's value, as found.
    pub value: String,
}

/// The caller that reads a presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// A caller that is not the user whose presence is read.
    Other,
}

/// Something that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// Where it stands.
    pub place: Place,
    /// The cells or the request, as found. A cell of more than 80 characters is `…`.
    pub found: Vec<String>,
}

/// A part of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The national cloud table.
    Clouds,
    /// An HTTP example.
    Exchange,
    /// The table of supported pairs.
    Pairs,
    /// The table of the request body's parameters.
    Parameters,
    /// The permissions table.
    Permissions,
    /// The table of a resource's properties.
    Properties,
    /// An unknown table.
    Table,
    /// A list of values.
    Values,
}

impl Recording {
    /// The recording as its file holds it. The same recording gives the same bytes.
    ///
    /// # Errors
    ///
    /// When the recording is no JSON, which its types rule out.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// The JSON Schema of a recording, as the file `recording.schema.json` of this crate holds it.
    ///
    /// # Errors
    ///
    /// When the schema is no JSON, which its types rule out.
    pub fn schema() -> Result<String, serde_json::Error> {
        let schema = schemars1::schema_for!(Self);
        let mut schema = serde_json::to_value(schema)?;
        schema.sort_all_objects();
        let mut text = serde_json::to_string_pretty(&schema)?;
        text.push('\n');
        Ok(text)
    }

    /// The place of the recording's file inside a folder of recordings.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        Path::new(&self.locale).join(format!("{}.{}.json", self.version, self.page))
    }

    /// The folder of the recordings that belong to this crate.
    #[must_use]
    pub fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")
    }
}
