//! Recordings of the HTTP examples and table facts on documentation pages, and the recorder that creates them.
//!
//! Microsoft's presence pages are published in many languages, and translators and scrapers have damaged each copy.
//! [`Recorder`] reads such a page and records what can be checked: requests, JSON, status lines, scopes, and the words
//! of tables, each as found and with its meaning. Content that it cannot understand is reported, never guessed.
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
    Caller, CloudSupport, Clouds, DefaultExpiration, DurationRange, Evidence, Exchange, Facts, Header, Limits,
    MessageKind, PageElement, PageRepair, PageVersion, Pair, Parameter, Permission, PermissionCell, PermissionKind,
    RateLimit, Recording, Repair, Request, Response, SubscriptionResource, TeamsState, UnknownContent, ValueList,
    Version,
};
pub use vocabulary::{Translations, TranslationsError};
