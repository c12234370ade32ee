//! A generated client for all presence operations of Microsoft Graph.
//!
//! The client is generated from an OpenAPI document, and does not validate arguments before it sends them. Most
//! programs should use the crate `graph-presence`, which is built on this one and implements the service's rules.
//!
//! The base URL determines the version: v1.0 or beta. Implement [`Exec`] to add authorization, retries and logging.
//! [`Operation`] lists the operations as data.
//!
//! ```
//! use std::sync::Arc;
//! use graph_presence_emulator::{Caller, Emulator, Guid};
//! use graph_presence_raw::{Client, Exec, Execution, Inner, Operation, reqwest};
//!
//! #[derive(Debug)]
//! struct Bearer(String);
//!
//! impl Exec for Bearer {
//!     fn exec<'a>(
//!         &'a self,
//!         client: &'a reqwest::Client,
//!         mut request: reqwest::Request,
//!         _operation: Operation,
//!     ) -> Execution<'a> {
//!         if let Ok(value) = format!("Bearer {}", self.0).try_into() {
//!             request.headers_mut().insert(reqwest::header::AUTHORIZATION, value);
//!         }
//!         Box::pin(client.execute(request))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start().await?;
//! let ada = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
//! emulator.sign_in(Guid::parse(ada)?, "Busy", "InAMeeting");
//!
//! let bearer = Bearer(emulator.token(Caller::user(Guid::parse(ada)?)));
//! let client = Client::new(&format!("{}/v1.0", emulator.url()), Inner::new(Arc::new(bearer)));
//! let presence = client.users_get_presence(ada, None).await?;
//! assert_eq!(presence.activity.as_deref(), Some("InAMeeting"));
//! # Ok(())
//! # }
//! ```

pub mod clouds;
mod hooks;
pub mod operation;

/// The output of `cargo xtask regen`.
#[rustfmt::skip]
mod generated {
    pub(crate) mod actions;
    #[expect(missing_docs, reason = "the generator does not document the variants of `anyOf` types")]
    pub(crate) mod client;
    pub(crate) mod clouds;
    pub(crate) mod operations;
}

pub use generated::client::{ByteStream, Client, ClientInfo, Error, ResponseValue, types};
pub use hooks::{Exec, Execution, Inner};
pub use operation::{Operation, UserPath};
pub use reqwest;
pub use smol_str;
