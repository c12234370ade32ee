#![doc = include_str!("../README.md")]

mod builder;
mod caller;
mod clock;
mod emulator;
mod guid;
mod http;
mod scope;
mod server;
mod state;

pub use builder::{Builder, Shape};
pub use caller::Caller;
pub use clock::{Clock, SteppedClock, SystemClock};
pub use emulator::Emulator;
pub use guid::{Guid, InvalidGuid};
pub use state::WorkLocationType;
