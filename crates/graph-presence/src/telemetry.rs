//! Spans and events of calls, with the feature `tracing`. Without it, the same functions do nothing.

#[cfg(feature = "tracing")]
mod spans;
#[cfg(feature = "tracing")]
pub(crate) use spans::{Call, Server, in_current_span, log_stop, log_wait};

#[cfg(not(feature = "tracing"))]
mod noop;
#[cfg(not(feature = "tracing"))]
pub(crate) use noop::{Call, Server, in_current_span, log_stop, log_wait};
