//! The conformance suite: the recorder against damaged pages, and its recordings against everything else.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod call;
mod differences;
mod emulator;
mod facts;
mod guide;
mod locales;
mod openapi;
mod outcome;
mod presences;
mod recorder;
mod recordings;
mod replay;
mod schema;
mod snapshots;
mod spec;
mod wire;
