//! Held presence sessions: the client renews a state until it is released.
//!
//! [`UserClient::hold`](crate::UserClient::hold) returns a [`HoldBuilder`], whose [`start`](HoldBuilder::start) returns
//! a [`HoldHandle`]. See [the guide](crate#holding-a-state).

mod builder;
mod circuit_breaker;
mod handle;
mod renewer;
mod schedule;
mod status;
mod visibility;

pub use self::builder::HoldBuilder;
pub use self::handle::{HoldHandle, ReadBack};
pub(crate) use self::renewer::SessionRenewer;
pub use self::status::{HoldStatus, HoldStatuses};
pub use self::visibility::Visibility;
