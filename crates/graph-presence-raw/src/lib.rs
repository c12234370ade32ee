//! Every presence operation of Microsoft Graph, as the service has it.
//!
//! This client is generated from an OpenAPI document: it sends what it is given and checks nothing. Most programs want
//! the crate `graph-presence`, which is built on this one and knows the service's rules.
//!
//! One client serves v1.0 and beta: the base URL chooses. [`Exec`] is the place to add authorization and transport policy.
//!
//! ```no_run
//! # // A request needs a server, and this crate knows none: the suite of `graph-presence` runs these calls.
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use graph_presence_raw::{Client, Inner};
//!
//! let client = Client::new("http://127.0.0.1:8080/v1.0", Inner::default());
//! let presence = client.users_get_presence("fa8bf3dc-eca7-46b7-bad1-db199b62afc3", None).await?;
//! println!("{:?}", presence.availability);
//! # Ok(())
//! # }
//! ```

#[expect(missing_docs, reason = "the generator puts no documentation on the variants of a choice of types")]
#[rustfmt::skip]
mod generated;
mod hooks;

pub use generated::{ByteStream, Client, ClientInfo, Error, ResponseValue, types};
pub use hooks::{Exec, Execution, Inner};
pub use reqwest;
