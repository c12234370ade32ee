//! Microsoft Graph presence: reading and setting what a person's Teams dot says.
//!
//! What the service would refuse is refused here first, with the rule in the message; what the service adds tomorrow is
//! read as it comes; what fails says why without naming a person. Everything can be tried with no tenant against the
//! emulator in `graph-presence-emulator`:
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
//!     .session(SessionId::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?)
//!     .build()?;
//! let user = client.user(UserId::parse(ada)?);
//! user.set(SessionState::InACall).expires_after(Expiration::hours(1)?).send().await?;
//! user.status_message(StatusMessage::text("Back at five")?).send().await?;
//!
//! let mine = client.me().get().send().await?;
//! assert_eq!(mine.availability.as_str(), "Busy");
//! assert_eq!(mine.activity.as_str(), "InACall");
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `rustls` (default): TLS, with the certificates that the platform trusts. Without it, only `http` on loopback works.

mod client;
mod cloud;
mod date_time;
mod error;
mod id;
mod open_set;
mod operation;
mod person;
mod presence;
mod presences;
mod session;
mod state;
mod status_message;
mod token;
mod transport;

pub use client::{Client, ClientBuilder};
pub use cloud::{ApiVersion, Cloud};
pub use date_time::DateTimeTimeZone;
pub use error::{Error, Result};
pub use http;
pub use id::{SessionId, UserId};
pub use jiff;
pub use open_set::Unrecognised;
pub use person::{Communications, GetPresence, Me, SetPresence, SetStatusMessage, User};
pub use presence::{OutOfOfficeSettings, Presence, WorkLocation, WorkLocationSource, WorkLocationType};
pub use presences::GetPresences;
pub use session::{Expiration, SessionState};
pub use state::{Activity, Availability};
pub use status_message::StatusMessage;
pub use token::{AccessToken, TokenFuture, TokenSource};

/// The workspace's README, whose example is run with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
