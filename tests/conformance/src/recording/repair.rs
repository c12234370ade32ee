//! What a recording holds of the damage that was mended.

use std::fmt;

use schemars1::JsonSchema;
use serde::{Deserialize, Serialize};

use super::version::Version;

/// Damage to an example that was mended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Repair {
    /// Nothing separates the headers from the body.
    BlankLineMissing {
        /// The message it is missing from.
        part: Part,
    },
    /// The Content-Length header contradicts the body.
    ContentLengthWrong {
        /// The message that is wrong.
        part: Part,
        /// What the header says.
        said: u64,
        /// The bytes of the body as the page shows it.
        has: u64,
    },
    /// There is a body, and no Content-Type header.
    ContentTypeMissing {
        /// The message it is missing from.
        part: Part,
    },
    /// JSON of several lines has no indentation.
    IndentationLost {
        /// The message that lost it.
        part: Part,
    },
    /// The body was no JSON: its quotation marks, colons or spaces were others, or it had commentary or commas too many.
    JsonMended {
        /// The message whose body it is.
        part: Part,
    },
    /// One line had the start of the message and what should follow it.
    LineBreaksLost {
        /// The message that lost them.
        part: Part,
    },
    /// SDK samples stood between the request and the response.
    SnippetsSkipped {
        /// The languages that were recognised, sorted.
        languages: Vec<String>,
    },
    /// The headers and the body stood in two blocks of code.
    SplitFenceJoined {
        /// The message that was split.
        part: Part,
    },
    /// The body has the names of types in the place of values: a sample of a schema that was sent as it is.
    TypeNamesAsValues {
        /// The message whose body it is.
        part: Part,
    },
    /// The request's URL has another version than the page.
    VersionDiffers {
        /// The version the page is filed under.
        page: Version,
        /// The version in the URL.
        url: Version,
    },
}

/// A half of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The request.
    Request,
    /// The response.
    Response,
}

/// Damage to a page outside its examples.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PageRepair {
    /// Each text stood there twice, in two languages: the documentation's own is kept.
    Bilingual,
    /// The cloud table has no marks below the clouds: they are unknown, not "no".
    CloudValuesMissing,
    /// A word is glued to a GUID.
    GluedToken {
        /// The GUID alone.
        guid: String,
    },
    /// A table is glued to the request before it.
    GluedTable,
    /// The page includes a file that was not saved with it.
    IncludeMissing {
        /// What the page calls it.
        name: String,
        /// The name of the file.
        file: String,
    },
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Response => "response",
        })
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BlankLineMissing { part } => write!(f, "blank-line-missing: the {part}'s body follows its headers"),
            Self::ContentLengthWrong { part, said, has } => {
                write!(f, "content-length-wrong: the {part} says {said} and has {has} bytes")
            }
            Self::ContentTypeMissing { part } => write!(f, "content-type-missing: the {part} has a body all the same"),
            Self::IndentationLost { part } => write!(f, "indentation-lost: the {part}'s body is read by its braces"),
            Self::JsonMended { part } => write!(f, "json-mended: the {part}'s body was no JSON and became some"),
            Self::LineBreaksLost { part } => {
                write!(f, "line-breaks-lost: the {part} stands in fewer lines than it has")
            }
            Self::SnippetsSkipped { languages } => {
                write!(f, "snippets-skipped: samples in {}", languages.join(", "))
            }
            Self::SplitFenceJoined { part } => {
                write!(f, "split-fence-joined: the {part}'s body stands in the next block of code")
            }
            Self::TypeNamesAsValues { part } => {
                write!(f, "type-names-as-values: the {part}'s body is a sample of a schema")
            }
            Self::VersionDiffers { page, url } => {
                write!(f, "version-differs: the request of a {page} page goes to {url}")
            }
        }
    }
}

impl fmt::Display for PageRepair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bilingual => f.write_str("bilingual: the documentation's own words are kept"),
            Self::CloudValuesMissing => f.write_str("cloud-values-missing: the clouds have no marks"),
            Self::GluedToken { guid } => write!(f, "glued-token: a word is glued to {guid}"),
            Self::GluedTable => f.write_str("glued-table: a table is glued to the request"),
            Self::IncludeMissing { name, file } => {
                write!(f, "include-missing: {name} is in {file}, which was not saved")
            }
        }
    }
}
