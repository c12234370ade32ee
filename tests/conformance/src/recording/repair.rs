//! The damage that was repaired when a page was recorded.

use std::fmt;

use schemars1::JsonSchema;
use serde::{Deserialize, Serialize};

use super::version::Version;

/// Damage to an example that was repaired.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Repair {
    /// The blank line between the headers and the body is missing.
    BlankLineMissing {
        /// The message without the blank line.
        message: MessageKind,
    },
    /// The Content-Length header differs from the length of the body.
    ContentLengthWrong {
        /// The message with the wrong header.
        message: MessageKind,
        /// The value of the header.
        declared: u64,
        /// The length in bytes of the body as the page shows it.
        actual: u64,
    },
    /// There is a body, but not a Content-Type header.
    ContentTypeMissing {
        /// The message without the header.
        message: MessageKind,
    },
    /// JSON with several lines is not indented.
    IndentationLost {
        /// The message with the body.
        message: MessageKind,
    },
    /// The body was not valid JSON: it had typographic quotation marks, full-width punctuation, non-breaking spaces,
    /// comments or extra commas.
    JsonRepaired {
        /// The message with the body.
        message: MessageKind,
    },
    /// Several lines of the message are joined.
    LineBreaksLost {
        /// The message with the joined lines.
        message: MessageKind,
    },
    /// SDK samples between the request and the response were skipped.
    SnippetsSkipped {
        /// The languages that were recognized, sorted.
        languages: Vec<String>,
    },
    /// The headers and the body are in two blocks of code.
    SplitFenceJoined {
        /// The message that was split.
        message: MessageKind,
    },
    /// The body has the names of types in place of values: it is a sample of a schema.
    TypeNamesAsValues {
        /// The message with the body.
        message: MessageKind,
    },
    /// The version in the request's URL differs from the version of the page.
    VersionDiffers {
        /// The version of the page.
        page: Version,
        /// The version in the URL.
        url: Version,
    },
}

/// One of the two messages of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(crate = "schemars1")]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
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
    /// The page has all text in two languages. Only the documentation's own text is read.
    Bilingual,
    /// The cloud table has no marks, so support is unknown, not "no".
    CloudValuesMissing,
    /// The space between a GUID and a word is missing.
    GuidNotSeparated {
        /// The GUID without the word.
        guid: String,
    },
    /// The line break between a request and a table is missing.
    TableNotSeparated,
    /// The page includes a file that was not saved with it.
    IncludeMissing {
        /// The title of the include.
        name: String,
        /// The name of the file.
        file: String,
    },
}

impl fmt::Display for MessageKind {
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
            Self::BlankLineMissing { message } => {
                write!(f, "blank-line-missing: no blank line between the {message}'s headers and body")
            }
            Self::ContentLengthWrong { message, declared, actual } => {
                write!(f, "content-length-wrong: the {message} declares {declared} bytes, the body has {actual}")
            }
            Self::ContentTypeMissing { message } => {
                write!(f, "content-type-missing: the {message} has a body but no Content-Type")
            }
            Self::IndentationLost { message } => {
                write!(f, "indentation-lost: the {message}'s body is not indented")
            }
            Self::JsonRepaired { message } => write!(f, "json-repaired: the {message}'s body was not valid JSON"),
            Self::LineBreaksLost { message } => {
                write!(f, "line-breaks-lost: lines of the {message} were joined")
            }
            Self::SnippetsSkipped { languages } => {
                write!(f, "snippets-skipped: samples in {}", languages.join(", "))
            }
            Self::SplitFenceJoined { message } => {
                write!(f, "split-fence-joined: the {message}'s body is in the next block of code")
            }
            Self::TypeNamesAsValues { message } => {
                write!(f, "type-names-as-values: the {message}'s body is a sample of a schema")
            }
            Self::VersionDiffers { page, url } => {
                write!(f, "version-differs: the page is for {page}, the request's URL for {url}")
            }
        }
    }
}

impl fmt::Display for PageRepair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bilingual => f.write_str("bilingual: only the documentation's own text is read"),
            Self::CloudValuesMissing => f.write_str("cloud-values-missing: the cloud table has no marks"),
            Self::GuidNotSeparated { guid } => write!(f, "guid-not-separated: no space between {guid} and a word"),
            Self::TableNotSeparated => {
                f.write_str("table-not-separated: no line break between the request and the table")
            }
            Self::IncludeMissing { name, file } => {
                write!(f, "include-missing: {name} is in {file}, which was not saved")
            }
        }
    }
}
