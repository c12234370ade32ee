//! Held presence sessions: a state that is renewed until it is released.
//!
//! [`UserClient::hold`](crate::UserClient::hold) returns a [`HoldBuilder`]; started, it becomes a [`HoldHandle`]. See
//! [the guide](crate#holding-a-state).

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
