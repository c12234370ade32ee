//! A client for presence in Microsoft Graph: reads and sets the presence that Teams shows for a user.
//!
//! Input that the service would reject is rejected before it is sent, and the error message states the violated rule.
//! Values that the service adds later are preserved. Error messages do not identify users. Everything can be tried
//! without a tenant, with the emulator in `graph-presence-emulator`:
//!
//! ```
//! use graph_presence::{AccessToken, Client, Expiration, SessionId, SessionState, StatusMessage, UserId};
//! use graph_presence_emulator::{Caller, Emulator, Guid};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start().await?;
//! let ada = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
//! let token = emulator.token(Caller::user(Guid::parse(ada)?));
//!
//! let client = Client::builder(AccessToken::new(token))
//!     .base_url(emulator.url())
//!     .session_id(SessionId::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?)
//!     .build()?;
//! let user = client.user(UserId::parse(ada)?);
//! user.set_presence(SessionState::InACall).expires_after(Expiration::hours(1)?).await?;
//! user.set_status_message(StatusMessage::text("Back at five")?).await?;
//!
//! let presence = client.me().get_presence().await?;
//! assert_eq!(presence.availability.as_str(), "Busy");
//! assert_eq!(presence.activity.as_str(), "InACall");
//! # Ok(())
//! # }
//! ```
//!
//! The guide: [sessions](#sessions-and-precedence), [holding a state](#holding-a-state),
//! [status messages](#status-messages-and-time-zones), [reading many users](#reading-many-users), [watching](#watching),
//! [permissions](#permissions), [clouds](#clouds), [tokens, timeouts and retries](#tokens-timeouts-retries-and-the-quota),
//! [errors](#errors), [testing](#testing-with-the-emulator), [moving from raw calls](#moving-from-raw-http-calls) and
//! [features](#features). [`pitfalls`] lists known problems of the service, and how this crate handles them.
//!
//! The crate root has the types that most programs name. The other types are in [`user_client`], [`presences`],
//! [`watch`], [`hold`] and [`subscription`].
//!
#![doc = include_str!("guide/sessions.md")]
#![doc = include_str!("guide/holding.md")]
#![doc = include_str!("guide/status_message.md")]
#![doc = include_str!("guide/many.md")]
#![doc = include_str!("guide/watching.md")]
#![doc = include_str!("guide/permissions.md")]
#![doc = include_str!("guide/clouds.md")]
#![doc = include_str!("guide/reliability.md")]
#![doc = include_str!("guide/errors.md")]
#![doc = include_str!("guide/testing.md")]
#![doc = include_str!("guide/raw_calls.md")]
//! # Features
//!
//! Features are additive.
//!
//! - `rustls` (default): TLS with the platform's certificate store. Without it, only `http` on loopback works.
//! - `serde`: `Serialize` and `Deserialize` for value types, in the service's format. Values are validated when they
//!   are deserialized: a [`SessionState`] is a supported pair, and a [`UserId`] a GUID. A [`Presence`] preserves
//!   properties that this version does not recognize. Requests and tokens cannot be serialized.
//! - `schemars`: JSON Schemas (schemars 1) of these types. The schemas of open enums allow other values. Enables
//!   `serde`.
//! - `tracing`: a span for each call and for each attempt, with the attributes of OpenTelemetry's conventions for HTTP
//!   clients (`http.request.method`, `url.template`, `server.address`, `server.port`, `http.response.status_code`,
//!   `http.request.resend_count`, `error.type`), and events for waits and for the end of retries. They do not contain
//!   ids, texts or tokens; of a URL's path, only the template.
//! - `uuid`: conversions between [`UserId`], [`SessionId`] and `uuid::Uuid`.
//! - `azure`: `AzureCredential`, a token source that uses a credential of the Azure SDK (crate `azure_identity`).
//!
//! # Version policy
//!
//! The public API contains types of these crates: `bytes`, `futures_core`, `http`, `jiff` and `url`, and behind
//! features, `azure_core` (`azure`), `uuid` (`uuid`) and `tower` (once there is a feature for it). A new major version
//! of one of them requires a new major version of this crate. `serde` and `schemars` appear only as trait
//! implementations, behind the features of the same names. All other dependencies can change in any release. The
//! minimum supported Rust version is 1.95; raising it is a minor change.

#[cfg(feature = "azure")]
mod azure;
mod binding;
mod client;
mod clock;
mod cloud;
mod core;
mod date_time;
mod error;
pub mod hold;
mod http_client;
mod id;
#[cfg(feature = "schemars")]
mod impl_json_schema;
#[cfg(feature = "serde")]
mod impl_serde_as_string;
mod iso8601;
#[cfg(feature = "schemars")]
mod json_schema;
mod loopback;
mod open_enum;
mod operation;
mod preferred;
mod presence;
pub mod presences;
mod quota;
mod rate_limiter;
mod request;
mod retry;
#[cfg(feature = "serde")]
mod serde_impls;
mod session;
mod state;
mod status_message;
pub mod subscription;
mod telemetry;
mod token;
mod token_cache;
mod transience;
mod transport;
pub mod user_client;
pub mod watch;
mod workplace;

#[cfg(feature = "azure")]
pub use azure::AzureCredential;
pub use bytes;
pub use client::{Client, ClientBuilder};
pub use clock::{Clock, Sleep};
pub use cloud::{ApiVersion, Cloud};
pub use date_time::DateTimeTimeZone;
pub use error::{Error, Result};
pub use http;
pub use http_client::{HttpClient, HttpFuture};
pub use id::{SessionId, UserId};
pub use jiff;
pub use open_enum::UnrecognizedValue;
pub use operation::Permissions;
pub use preferred::PreferredState;
pub use presence::{OutOfOfficeSettings, Presence, WorkLocation, WorkLocationSource, WorkLocationType};
pub use quota::Quota;
pub use request::RequestFuture;
pub use retry::RetryPolicy;
pub use session::{Expiration, SessionState};
pub use state::{Activity, Availability};
pub use status_message::StatusMessage;
pub use token::{AccessToken, TokenFuture, TokenSource, token_fn};
#[doc(inline)]
pub use user_client::UserClient;
#[cfg(feature = "uuid")]
pub use uuid;
pub use workplace::Workplace;

#[doc = include_str!("guide/pitfalls.md")]
pub mod pitfalls {}

/// The workspace's README, whose example runs as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

/// The crate's README, whose example runs as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod crate_readme {}
