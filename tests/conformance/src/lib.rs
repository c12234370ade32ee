//! Recordings of the HTTP exchanges and table facts on documentation pages, and the recorder that makes them.
//!
//! Microsoft's presence pages exist in many languages, and in each of them translators and scrapers have done damage.
//! [`Recorder`] reads the plain text of one such page and keeps what can be checked: requests, JSON, status lines, scope
//! names and the words of tables, each table word as found and with what it means. What it cannot understand it reports;
//! it never guesses.
//!
//! ```
//! use graph_presence_conformance::{PageName, Recorder};
//!
//! let name: PageName = "en.v1.0.presence-get.txt".parse()?;
//! let page = "GET https://graph.microsoft.com/v1.0/me/presence\n\
//!             HTTP/1.1 200 OK\n\
//!             Content-Type: application/json\n\
//!             {\"id\": \"fa8bf3dc-eca7-46b7-bad1-db199b62afc3\", \"availability\": \"Busy\"}";
//!
//! let recorded = Recorder::new()?.record(&name, page)?;
//! let exchange = &recorded.recording.exchanges[0];
//! assert_eq!(exchange.request.operation.as_deref(), Some("GET /me/presence"));
//! assert_eq!(exchange.response.status, 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod diagnostic;
mod document;
mod exchange;
mod facts;
mod html;
mod inline;
mod json;
mod layout;
mod lines;
mod markdown;
mod markup;
mod message;
mod operation;
mod page;
mod recorder;
mod recording;
mod relevance;
mod source;
mod start_line;
mod table;
mod vocabulary;

pub use diagnostic::{Diagnostic, Severity};
pub use operation::{Operations, SpecError};
pub use page::{PageName, PageNameError, PartialName};
pub use recorder::{PageError, Recorded, Recorder, RecorderError};
pub use recording::{
    Clouds, Durations, Edition, Evidence, Exchange, Expiry, Facts, Grant, Header, Limits, Offered, PageRepair, Pair,
    Parameter, Part, Permission, PermissionKind, Place, Reader, Recording, Repair, Request, Requests, Response, State,
    Subscribable, Understood, Unknown, Values, Version,
};
pub use vocabulary::{Translations, TranslationsError};
