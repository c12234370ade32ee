#![doc = include_str!("../README.md")]

mod builder;
mod caller;
mod clock;
mod cloud;
mod connection;
mod delivery;
mod delivery_queue;
mod device_code;
mod emulator;
#[cfg(feature = "rich")]
mod encrypted_content;
mod endpoint_validator;
mod fault;
mod fault_kind;
mod guid;
mod http;
mod invalid_input;
mod loopback;
mod notification;
mod notification_client;
mod notifier;
mod operation;
mod quota;
mod request_log;
mod scope;
mod server;
mod service;
mod snapshot;
mod state;
mod state_signal;
mod tenant;
mod token_issuer;

pub use builder::{Builder, Shape};
pub use caller::Caller;
pub use clock::{Clock, ScaledClock, SteppedClock, SystemClock};
pub use cloud::Cloud;
pub use delivery::Delivery;
pub use emulator::Emulator;
pub use fault::{Fault, FaultRule, RetryAfter};
pub use guid::{Guid, InvalidGuid};
pub use invalid_input::InvalidInput;
pub use operation::Operation;
pub use quota::Quota;
pub use request_log::LoggedRequest;
pub use state::WorkLocationType;
pub use tenant::Tenant;
