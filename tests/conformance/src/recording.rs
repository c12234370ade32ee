//! The format of a recording.

mod facts;
mod repair;
mod version;

use std::path::{Path, PathBuf};

use schemars1::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use facts::{
    CloudSupport, Clouds, DefaultExpiration, DurationRange, Evidence, Facts, Limits, Pair, Parameter, Permission,
    PermissionCell, PermissionKind, RateLimit, SubscriptionResource, TeamsState, ValueList,
};
pub use repair::{MessageKind, PageRepair, Repair};
pub use version::{PageVersion, Version};

/// The recorded content of one documentation page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The page's locale. It does not determine the language of the text.
    pub locale: String,
    /// The version that the page documents. A request's own version is in its URL.
    pub version: PageVersion,
    /// The page's name in the documentation, such as `presence-get`.
    pub page: String,
    /// The HTTP examples, in page order.
    pub exchanges: Vec<Exchange>,
    /// The facts in the page's tables, templates and numbers.
    pub facts: Facts,
    /// Damage to the page outside its examples, sorted.
    pub repairs: Vec<PageRepair>,
    /// Content that could not be understood, in page order.
    pub unknown: Vec<UnknownContent>,
}

/// A request and the response that the page shows for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// The response.
    pub response: Response,
    /// The damage that was repaired in both messages, sorted.
    pub repairs: Vec<Repair>,
    /// The caller that sends the request, if the JSON shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Caller>,
    /// The index of the earlier exchange whose request set the status message in this response.
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
    /// The operation of the OpenAPI document that matches the request: its method and path template.
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
pub enum Caller {
    /// A caller other than the user whose presence is read.
    OtherUser,
}

/// Content that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(deny_unknown_fields)]
pub struct UnknownContent {
    /// The element of the page that contains it.
    pub element: PageElement,
    /// The cells or the request, as found. A cell of more than 80 characters is `…`.
    pub found: Vec<String>,
}

/// An element of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(rename_all = "kebab-case")]
pub enum PageElement {
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
    /// Returns the content of the recording's file. The content is deterministic.
    ///
    /// # Errors
    ///
    /// Returns an error if the recording cannot be serialized, which its types rule out.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Returns the JSON Schema of a recording: the content of this crate's file `recording.schema.json`.
    ///
    /// # Errors
    ///
    /// Returns an error if the schema cannot be serialized, which its types rule out.
    pub fn schema() -> Result<String, serde_json::Error> {
        let schema = schemars1::schema_for!(Self);
        let mut schema = serde_json::to_value(schema)?;
        schema.sort_all_objects();
        let mut text = serde_json::to_string_pretty(&schema)?;
        text.push('\n');
        Ok(text)
    }

    /// Returns the path of the recording's file, relative to a folder of recordings.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        Path::new(&self.locale).join(format!("{}.{}.json", self.version, self.page))
    }

    /// Returns the folder of this crate's recordings.
    #[must_use]
    pub fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")
    }
}
