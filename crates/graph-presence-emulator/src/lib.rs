#![doc = include_str!("../README.md")]

mod builder;
mod caller;
mod clock;
mod cloud;
mod delivery;
mod device;
mod emulator;
#[cfg(feature = "rich")]
mod envelope;
mod fault;
mod guid;
mod http;
mod input;
mod journal;
mod line;
mod outbox;
mod pulse;
mod quota;
mod scope;
mod server;
mod snapshot;
mod state;
mod tenant;
mod token;

pub use builder::{Builder, Shape};
pub use caller::Caller;
pub use clock::{Clock, ScaledClock, SteppedClock, SystemClock};
pub use cloud::Cloud;
pub use delivery::Delivery;
pub use emulator::Emulator;
pub use fault::{Fault, FaultRule, RetryAfter};
pub use guid::{Guid, InvalidGuid};
pub use input::InvalidInput;
pub use journal::LoggedRequest;
pub use quota::Quota;
pub use state::WorkLocationType;
pub use tenant::Tenant;
