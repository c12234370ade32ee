//! What is told of calls to those who watch a program: spans and events of the feature `tracing`, or nothing.

#[cfg(feature = "tracing")]
mod spans;
#[cfg(feature = "tracing")]
pub(crate) use spans::{Call, Server, as_here, stops, waits};

#[cfg(not(feature = "tracing"))]
mod silence;
#[cfg(not(feature = "tracing"))]
pub(crate) use silence::{Call, Server, as_here, stops, waits};
