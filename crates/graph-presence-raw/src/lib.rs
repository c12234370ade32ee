//! Every presence operation of Microsoft Graph, as the service has it.
//!
//! This client is generated from an OpenAPI document: it sends what it is given and checks nothing. Most programs want
//! the crate `graph-presence`, which is built on this one and knows the service's rules.
//!
//! One client serves v1.0 and beta: the base URL chooses. [`Exec`] is the place to add authorization and transport policy.
//!
//! ```
//! use std::sync::Arc;
//! use graph_presence_emulator::{Caller, Emulator, Guid};
//! use graph_presence_raw::{Client, Exec, Execution, Inner, reqwest};
//!
//! #[derive(Debug)]
//! struct Bearer(String);
//!
//! impl Exec for Bearer {
//!     fn exec<'a>(
//!         &'a self,
//!         client: &'a reqwest::Client,
//!         mut request: reqwest::Request,
//!         _operation: &'static str,
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
#[expect(missing_docs, reason = "the generator puts no documentation on the variants of a choice of types")]
#[rustfmt::skip]
mod generated;
mod hooks;

pub use generated::{ByteStream, Client, ClientInfo, Error, ResponseValue, types};
pub use hooks::{Exec, Execution, Inner};
pub use reqwest;
pub use smol_str;
