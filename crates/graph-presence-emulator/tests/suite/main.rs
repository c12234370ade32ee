//! The emulator through its two public faces: the library and HTTP.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod bodies;
mod concurrency;
mod hostile;
mod lifecycle;
mod reading;
mod refusals;
mod sessions;
mod status_message;
mod tenant;
